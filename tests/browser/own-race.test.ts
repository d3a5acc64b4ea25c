/** The page for a race of one's own: its workbench, and the links that the terminal writes to it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownRaceLink } from '../../src/cli/share-link.ts';
import { draftKey, progressKey } from '../../src/site/keys.ts';
import { violationsOn } from './axe.ts';
import { Bench, type OpenPage, root, withSite } from './site.ts';

const site = withSite();
const template = readFileSync(join(root, 'src/course/own-race/race.ts'), 'utf8');
const [, line = ''] = /^ \* {3}(page = .*)$/m.exec(template) ?? [];
const mended = template.replace('page = yield* kzalloc(pageKind);', line);
const calm = { colorScheme: 'light', reducedMotion: 'reduce' } as const;

async function open(path = '/your-own-race/'): Promise<Bench> {
  const bench = new Bench(await site().open(path, calm));
  await bench.ready();
  return bench;
}

const heading = (bench: Bench) => bench.page.locator('.verdict .outcome').innerText();
const stored = (page: OpenPage, key: string) => page.evaluate((name) => localStorage.getItem(name), key);

test('a link of the terminal runs only when its reader says so, and shows its interleaving', async () => {
  const exploration = ownRaceLink(site().url, template, '1.holds.1.0~B-A5-B4') ?? '';
  const bench = await open(new URL(exploration).pathname + new URL(exploration).hash);
  await bench.page.locator('.linked').waitFor();
  await bench.page.locator('.cm-content').press('End');
  await bench.page.keyboard.type(' ');
  await bench.page.waitForTimeout(1500);
  expect(await bench.page.locator('.verdict .outcome').count()).toBe(0);
  expect(await bench.run()).toBe('failed');
  expect(await heading(bench)).toContain('It breaks');
  await bench.page.locator('.by-link fault-stepper[data-ready]').waitFor();
  expect(await bench.page.locator('.by-link .schedule').innerText()).toContain('B-A5-B4');
  for (const key of [progressKey, draftKey('your-own-race')]) expect(await stored(bench.page, key)).toBeNull();
  expect(bench.page.complaints).toEqual([]);
});

test('a text of one’s own is kept and judged, and is no answer to anything', async () => {
  const bench = await open();
  await bench.write(mended);
  expect(await bench.run()).toBe('passed');
  expect(await heading(bench)).toMatch(/^It holds\s+in every interleaving$/);
  expect(await bench.page.locator('.onward').count()).toBe(0);
  const buttons = await bench.page.locator('.verdict button, .help button').allInnerTexts();
  expect(buttons.filter((text) => /harder|my answer|Hint|Give up|the room/.test(text))).toEqual([]);
  expect(await stored(bench.page, draftKey('your-own-race'))).toBe(mended);
  expect(await stored(bench.page, progressKey)).toBeNull();
});

test('a file without a program is told what to write', async () => {
  const bench = await open();
  await bench.write('export const size = 3;');
  await bench.run();
  expect(await heading(bench)).toMatch(/^Not yet\s+nothing was explored$/);
  expect(await bench.page.locator('.happened').innerText()).toContain('Write: export const race');
});

test('what breaks is accessible in both schemes, and fits into its window', async () => {
  const bench = await open();
  expect(await bench.run()).toBe('failed');
  await bench.page.locator('.verdict .lanes').focus();
  await bench.page.keyboard.press('End');
  expect(await bench.page.locator('.verdict .now, .verdict .moment').first().innerText()).toContain('page A.1.data');
  expect(await violationsOn(bench.page)).toEqual([]);
  for (const width of [1440, 360, 320]) {
    await bench.page.setViewportSize({ width, height: 740 });
    expect(await bench.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
});

test('a lesson that is given such a link leads to the page', async () => {
  const hash = new URL(ownRaceLink(site().url, template, undefined) ?? '').hash;
  const page = await site().open(`/lessons/one-fault/${hash}`);
  await page.getByRole('link', { name: 'open it there' }).click();
  await page.waitForURL(/\/your-own-race\/#share=/);
});
