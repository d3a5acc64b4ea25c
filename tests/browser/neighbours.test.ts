/** Two sites of one origin, both this course, built for two folders: neither reads, changes or deletes what is the other's. */

import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cachesOf, comeBack, headingOf, KeptSite, kept, offerOf, titled } from './kept-site.ts';
import { launch } from './launch.ts';
import { Bench, exercises, openTab } from './site.ts';

const [first] = exercises;
const folders = ['/one/', '/two/'];
let browser: Browser;
let site: KeptSite;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
  site = new KeptSite();
  for (const folder of folders) await site.build(folder);
  await site.serve();
  context = await browser.newContext();
});
afterAll(async () => {
  await browser.close();
  await site.remove();
});

async function open(path: string) {
  const page = await openTab(context, site.url + path);
  await kept(page);
  return page;
}

const storedKeys = (bench: Bench): Promise<string[]> => bench.page.evaluate(() => Object.keys(localStorage).sort());

test('each keeps its own text, verdict and theme', async () => {
  const [one, two] = [new Bench(await open(lessonIn('/one/'))), new Bench(await open(lessonIn('/two/')))];
  await one.ready();
  await one.write(`// written in one\n${first!.read('solution.ts')}`);
  expect(await one.run()).toBe('passed');
  await one.page.locator('theme-toggle button').click();

  await two.page.reload();
  await two.ready();
  expect(await two.page.locator('.cm-content').innerText()).not.toContain('// written in one');
  expect(await two.page.locator('html').getAttribute('data-theme')).toBe(null);
  await two.page.goto(`${site.url}/two/`);
  expect(await two.page.locator('[data-status=passed]').count()).toBe(0);
  const keys = await storedKeys(one);
  expect(keys.filter((key) => !folders.some((folder) => key.startsWith(`faultline ${folder} `)))).toEqual([]);
});

test('a new version of one leaves the caches of the other, and of strangers', async () => {
  const [one] = [await open('/one/'), await open('/two/')];
  await one.evaluate(() => caches.open('somebody’s'));
  const before = await cachesOf(one);
  site.publish('Version two', { base: '/one/' });
  await comeBack(one);
  await offerOf(one).getByRole('button', { name: 'Reload' }).click();
  await titled(one, 'Version two');
  const after = await cachesOf(one);
  const others = (names: string[]) => names.filter((name) => !name.startsWith('faultline /one/ ')).sort();
  expect(others(after)).toEqual(others(before));
  expect(others(after)).toContain('somebody’s');
  const two = await open('/two/');
  expect(await headingOf(two)).not.toBe('Version two');
});

test('with the server killed both open, grade and search', async () => {
  for (const folder of folders) await (await open(folder)).close();
  await site.kill();
  for (const folder of folders) {
    const bench = new Bench(await openTab(context, site.url + lessonIn(folder)));
    await bench.ready();
    await bench.write(first!.read('solution.ts'));
    expect(await bench.run(), folder).toBe('passed');
    await bench.page.goto(`${site.url}${folder}search/?q=mmap_lock`);
    const link = bench.page.locator('fault-search h2 a').first();
    expect(await link.getAttribute('href'), folder).toContain(folder);
    await link.click();
    await bench.page.locator('h1').waitFor();
    expect(bench.page.complaints).toEqual([]);
  }
});

test('what an earlier version kept, without a folder in its name, each takes along', async () => {
  await site.serve();
  const newcomer = await browser.newContext({ serviceWorkers: 'block' });
  const earlier = { [`faultline/draft/${first!.id}`]: '// from before', 'faultline/theme': 'dark' };
  await newcomer.addInitScript((texts) => Object.assign(localStorage, texts), earlier);
  for (const folder of folders) {
    const bench = new Bench(await openTab(newcomer, site.url + lessonIn(folder)));
    await bench.ready();
    expect(await bench.page.locator('.cm-content').innerText(), folder).toContain('// from before');
    expect(await bench.page.evaluate(() => ({ ...localStorage }))).toMatchObject(earlier);
  }
});

const lessonIn = (folder: string): string => `${folder}lessons/${first!.id}/`;
