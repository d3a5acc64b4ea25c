/** One exercise, open in two tabs: the idle one follows, and where both write, both texts are there afterwards. */

import type { BrowserContext } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { draftKey } from '../../src/site/keys.ts';
import { Bench, exercises, openTab, withSite } from './site.ts';

const site = withSite();
const [first] = exercises;
let context: BrowserContext;
let one: Bench;
let two: Bench;

beforeEach(async () => {
  context = await site().browser.newContext({ serviceWorkers: 'block' });
  [one, two] = [await openBench(), await openBench()];
});

async function openBench(): Promise<Bench> {
  const bench = new Bench(await openTab(context, `${site().url}/lessons/${first!.id}/`));
  await bench.ready();
  return bench;
}

const textOf = (bench: Bench): Promise<string> => bench.page.locator('.cm-content').innerText();

/** All texts that are stored of the exercise: the draft, and copies of it. */
const stored = (bench: Bench): Promise<string[]> =>
  bench.page.evaluate(
    (key) => Object.entries(localStorage).flatMap(([name, text]) => (name.startsWith(key) ? [String(text)] : [])),
    draftKey(first!.id),
  );

test('the idle one follows without a run of its own, and closing it changes nothing', async () => {
  await two.page.clock.install();
  await one.page.bringToFront();
  await one.write('// written in one\n');
  await expect.poll(() => textOf(two), { timeout: 10_000 }).toContain('// written in one');
  expect(await two.part('state').innerText()).toBe('Taken over from another tab.');
  await one.outcome();
  await two.page.clock.runFor('01:00');
  expect(await two.page.locator('fault-workbench[data-running], .verdict .outcome').count()).toBe(0);
  await two.page.close({ runBeforeUnload: true });
  await expect.poll(() => stored(one)).toEqual(['// written in one\n']);
});

test('where both have written, one text is the draft and the other a dated copy', async () => {
  await two.write('// written in two\n');
  await one.write('// written in one\n');
  await expect
    .poll(async () => (await stored(one)).sort(), { timeout: 10_000 })
    .toEqual(['// written in one\n', '// written in two\n']);
  const drafted = await one.page.evaluate((key) => localStorage.getItem(key), draftKey(first!.id));
  await expect.poll(() => textOf(one)).toContain(drafted!.trim());
  await expect.poll(() => textOf(two)).toContain(drafted!.trim());
});
