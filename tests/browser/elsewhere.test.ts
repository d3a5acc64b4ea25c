/** Where not all can be had: an address without a secure context, a file instead of a server. And a build for the world. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headingOf, KeptSite } from './kept-site.ts';
import { launch } from './launch.ts';
import { Bench, dist, exercises, openTab, pages, withSite } from './site.ts';

const site = withSite();
const [first] = exercises;

test('without a secure context offline is not offered, the page says so, and all else works', async () => {
  const browser = await launch(['--host-resolver-rules=MAP classroom.test 127.0.0.1']);
  const address = site().url.replace('127.0.0.1', 'classroom.test');
  const bench = new Bench(await openTab(await browser.newContext(), `${address}/lessons/${first!.id}/`));
  expect(await bench.page.evaluate(() => isSecureContext)).toBe(false);
  expect(await bench.page.locator('fault-offline').innerText()).toContain('works only while its server is reached');
  await bench.ready();
  await bench.write(first!.read('solution.ts'));
  expect(await bench.run()).toBe('passed');
  await bench.page.goto(`${address}/search/?q=mmap_lock`);
  await bench.page.locator('fault-search li').first().waitFor();
  expect(bench.page.complaints).toEqual([]);
  await browser.close();
});

describe('a page', () => {
  test('opened as a file says how to start a server', async () => {
    const context = await site().browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(dist, 'index.html')).href);
    const told = page.locator('#from-file');
    expect(await told.isVisible()).toBe(true);
    expect(await told.innerText()).toContain('python3 -m http.server');
    expect(await headingOf(page)).toContain('Two CPUs');
  });

  test('from a server does not', async () => {
    const page = await site().open('/');
    expect(await page.locator('#from-file').isVisible()).toBe(false);
  });
});

/** Of a PNG file: its width and height. */
function sizeOfPng(path: string): [number, number] {
  const file = readFileSync(path);
  expect(file.toString('latin1', 1, 4)).toBe('PNG');
  return [file.readUInt32BE(16), file.readUInt32BE(20)];
}

test('social image and icons are there, as large as is said', async () => {
  const page = await site().open('/');
  const addresses = await page
    .locator('meta[property="og:image"], link[rel*=icon]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('content') ?? each.getAttribute('href') ?? ''));
  expect(addresses).toEqual(['/social.png', '/favicon.png', '/favicon.svg', '/apple-touch-icon.png']);
  for (const address of addresses) expect((await fetch(site().url + address)).status, address).toBe(200);
  expect(sizeOfPng(join(dist, 'social.png'))).toEqual([1200, 630]);
  expect(sizeOfPng(join(dist, 'favicon.png'))).toEqual([48, 48]);
});

describe('a build for https://example.org/course/', () => {
  const built = new KeptSite();
  const at = (path: string) => readFileSync(join(built.folder, 'course', path), 'utf8');
  beforeAll(() => built.build('/course/', '--site', 'https://example.org'));
  afterAll(() => built.remove());

  test('has a sitemap of all pages that one looks for', () => {
    const listed = [...at('sitemap.xml').matchAll(/<loc>(.*?)<\/loc>/g)].map(([, address]) => address);
    const wanted = pages().filter((path) => !/^\/(?:404\.html|search\/|present\/)/.test(path));
    expect(listed.sort()).toEqual(wanted.map((path) => `https://example.org/course${path}`).sort());
  });

  test('has no robots.txt, which counts at the top of an origin alone', () => {
    expect(existsSync(join(built.folder, 'course/robots.txt'))).toBe(false);
  });

  test('names its social image and its own address as a whole', () => {
    const lesson = at(`lessons/${first!.id}/index.html`);
    expect(lesson).toContain('property="og:image" content="https://example.org/course/social.png"');
    expect(lesson).toContain(`rel="canonical" href="https://example.org/course/lessons/${first!.id}/"`);
  });

  // The tests' own environment says that this is development, at another folder.
  test('is for the public, whatever the environment says', () =>
    expect(at('index.html')).toContain('content-security-policy'));

  test('opened as a file names its folder', () => expect(at('index.html')).toContain('http://127.0.0.1:8000/course/'));

  test('points at nothing above its folder', () => {
    for (const path of pages()) {
      const html = at(path.replace(/^\//, '').replace(/(^|\/)$/, '$1index.html'));
      const addresses = [...html.matchAll(/\s(?:href|src)="(\/[^"]*)"/g)].map(([, address]) => address);
      expect(
        addresses.filter((address) => !address?.startsWith('/course/')),
        path,
      ).toEqual([]);
    }
  });
});
