/** The kit in a room: unzipped, served over plain http on a port of its own, with three learners and their instructor. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentsOf } from '../../src/cli/kit/contents.ts';
import { zipped } from '../../src/cli/kit/zip.ts';
import { loadCatalogue } from '../../src/course/node/course-files.ts';
import { launch } from './launch.ts';
import { Bench, dist, exercises, type OpenPage, openTab, root } from './site.ts';

const exercise = exercises.find(({ id }) => id === 'can-the-lock-enclose-it') ?? exercises[0]!;
const folder = mkdtempSync(join(tmpdir(), 'faultline-kit-'));
const kit = join(folder, 'faultline-kit');
let server: ChildProcess;
let browser: Browser;
/** As another machine sees it: no secure context. */
let url: string;

/** Until the server has printed where it is. */
function portOf(started: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = '';
    started.stdout?.on('data', (text) => {
      said += text;
      const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (port) done(port);
    });
    started.once('exit', () => failed(new Error(`the kit’s server ended: ${said}`)));
  });
}

beforeAll(async () => {
  const { tracks } = await loadCatalogue();
  for (const [path, content] of Object.entries(unzipSync(zipped(await contentsOf(dist, tracks))))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  server = spawn(process.execPath, ['serve.mjs', '0'], { cwd: kit, stdio: ['ignore', 'pipe', 'inherit'] });
  url = `http://classroom.test:${await portOf(server)}`;
  browser = await launch(['--host-resolver-rules=MAP classroom.test 127.0.0.1']);
});
afterAll(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true });
});

/** A page of a profile of its own. */
const open = async (path: string): Promise<OpenPage> => openTab(await browser.newContext(), url + path);

/** A learner comes, writes, runs, and asks for the code. */
async function codeOf(text: string): Promise<string> {
  const bench = new Bench(await open(`/lessons/${exercise.id}/`));
  await bench.ready();
  await bench.write(text);
  await bench.run();
  await bench.page.getByRole('button', { name: 'Code for the room' }).click();
  const code = await bench.page.locator('.room-code .code').innerText();
  await bench.page.getByRole('button', { name: 'Copy it' }).click();
  await bench.page.getByText('Copied.').waitFor();
  expect(bench.page.complaints).toEqual([]);
  await bench.page.context().close();
  return code;
}

test('three learners’ codes are read in the room', async () => {
  const wrong = exercise.wrong()[0]!.text;
  const codes = [await codeOf(wrong), await codeOf(wrong), await codeOf(exercise.read('solution.ts'))];
  const room = await open('/workshop/room/');
  expect(await room.evaluate(() => isSecureContext)).toBe(false);
  await room.locator('fault-room[data-ready]').waitFor();
  await room.getByRole('button', { name: 'Scan with the camera' }).click();
  await room.getByText('Here, type the codes.').waitFor();
  await room.getByLabel('Codes').fill(codes.join(' '));
  await room.getByRole('button', { name: 'Take' }).click();
  expect(await room.locator('.picture .sum').innerText()).toBe('1 of 3 done');
  expect(await room.locator('.beliefs li').allInnerTexts()).toEqual([expect.stringMatching(/^2 ×/)]);
  expect(room.complaints).toEqual([]);
});

test('a browser tests itself there, and says what it lacks without https', async () => {
  const page = await open('/ready/');
  await page.locator('fault-ready[data-done]').waitFor();
  const states = await page.locator('.rows li').evaluateAll((all) => all.map((each) => each.className));
  // How quick the grading is, is the machine’s affair.
  expect(states.toSpliced(3, 1)).toEqual(['good', 'good', 'good', 'good', 'good', 'told']);
  expect(await page.locator('.rows li').last().innerText()).toContain('type the room’s codes');
  expect(page.complaints).toEqual([]);
});

describe('a sheet', () => {
  const tracks = readdirSync(join(root, 'content/workshop/tracks')).map((file) => file.replace('.yaml', ''));
  const workshop = [...tracks, 'notes'];
  const names = [...workshop, 'checklist'].sort();

  test.each(names)('%s is opened without a server, and prints what the page prints', async (name) => {
    const context = await browser.newContext();
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    const file = pathToFileURL(join(kit, `sheets/${name}.html`)).href;
    const sheet = await openTab(context, file);
    const page = await openTab(context, `${url}/${workshop.includes(name) ? `workshop/${name}` : name}/`);
    expect(asked.filter((each) => each.startsWith('file:'))).toEqual([file]);
    const sheetsOf = async (of: OpenPage) =>
      (await of.pdf({ format: 'A4' })).toString('latin1').match(/\/Type ?\/Page\b/g)?.length;
    const printed = await sheetsOf(sheet);
    expect(printed).toBeGreaterThan(1);
    expect(printed).toBe(await sheetsOf(page));
    // What a page folds.
    if (workshop.includes(name)) expect(await sheet.getByText('Say:').first().isVisible()).toBe(true);
    expect(sheet.complaints).toEqual([]);
    await context.close();
  });

  test('with the questions says of each where it is shown, to be typed behind the kit’s address', async () => {
    const context = await browser.newContext();
    const sheet = await openTab(context, pathToFileURL(join(kit, 'sheets/checklist.html')).href);
    const addresses = await sheet.locator('.prose > ol > li em + a + .address').all();
    expect(addresses).toHaveLength(await sheet.locator('.prose > ol > li').count());
    const page = await openTab(context, `${url}/checklist/`);
    for (const each of addresses) {
      expect(await each.isVisible()).toBe(true);
      await page.goto(url + (await each.innerText()));
      expect(await page.locator(':target').count()).toBe(1);
    }
    await context.close();
  });

  test('is told in what to read first', () => {
    const told = readFileSync(join(kit, 'READ-ME-FIRST.txt'), 'utf8');
    expect([...told.matchAll(/sheets\/(\S+)\.html/g)].map(([, name]) => name).sort()).toEqual(names);
  });
});
