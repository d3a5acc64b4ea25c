/** What must be in sight, and stay under the pointer, while one steps through a trace. */

import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { Bench, exercises, type OpenPage, withSite } from './site.ts';

const site = withSite();
const lesson = '/lessons/can-the-lock-enclose-it/';
const wrong = exercises.find(({ id }) => id === 'can-the-lock-enclose-it')?.wrong()[0]?.text ?? '';
const windows = [
  [360, 740],
  [768, 1024],
  [1100, 768],
  [1440, 900],
] as const;

/** Clicks Forward, without ever moving the mouse. Says at which steps something was out of sight, or the button out of reach. */
async function clickOn(page: OpenPage, stepper: Locator, clicks: number): Promise<string[]> {
  const button = await stepper.getByRole('button', { name: 'Forward' }).boundingBox();
  if (!button) throw new Error('there is no button');
  await page.mouse.move(button.x + button.width / 2, button.y + button.height / 2);
  const complaints: string[] = [];
  for (let step = 1; step <= clicks; step++) {
    await page.mouse.down();
    await page.mouse.up();
    const shown = await stepper.locator('output').innerText();
    if (!shown.startsWith(`${step} of`)) complaints.push(`after ${step} clicks: ${shown}`);
    for (const part of ['tr[aria-current] > th', '.now .what'])
      if (!(await isInSight(stepper.locator(part)))) complaints.push(`step ${step}: ${part} is out of sight`);
  }
  return complaints;
}

/** Its upper left corner is what one sees there. */
const isInSight = (part: Locator): Promise<boolean> =>
  part.evaluate((element) => {
    const { left, top } = element.getBoundingClientRect();
    const seen = document.elementFromPoint(left + 8, top + 8);
    return element.contains(seen);
  });

describe.each(windows)('at %i × %i', (width, height) => {
  test('a stepper in the prose is walked through with a still mouse', async () => {
    const page = await site().open(lesson, { viewport: { width, height }, reducedMotion: 'reduce' });
    const stepper = page.locator('fault-stepper').first();
    await stepper.scrollIntoViewIfNeeded();
    await page.locator('fault-stepper[data-ready]').first().waitFor();
    // Its head in sight, its lower edge perhaps not.
    await stepper.evaluate((element) => scrollBy(0, element.getBoundingClientRect().top - 0.3 * innerHeight));
    expect(await clickOn(page, stepper, 20)).toEqual([]);
  });

  test('a stepper in a verdict is walked through with a still mouse', async () => {
    const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width, height } });
    await bench.write(wrong);
    await bench.outcome();
    const stepper = bench.page.locator('.verdict fault-stepper').first();
    await stepper.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await bench.page.mouse.wheel(0, -160);
    await bench.page.waitForTimeout(300);
    expect(await clickOn(bench.page, stepper, 20)).toEqual([]);
  });
});

test('the wheel passes a stepper that has come to its end', async () => {
  const page = await site().open(lesson, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const lanes = page.locator('fault-stepper .lanes').first();
  await page.locator('fault-stepper').first().scrollIntoViewIfNeeded();
  await page.locator('fault-stepper[data-ready]').first().waitFor();
  await lanes.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await lanes.hover();
  const before = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
});

test('the workbench stands before what it proves; on a wide screen beside it, wherever one reads', async () => {
  const page = await site().open(lesson, { viewport: { width: 360, height: 740 } });
  const topOf = (part: Locator) => part.evaluate((element) => element.getBoundingClientRect().top);
  const [bench, proved] = [page.locator('#workbench'), page.locator('#what-you-proved')];
  expect(await topOf(bench)).toBeLessThan(await topOf(proved));
  await page.setViewportSize({ width: 1440, height: 900 });
  const top = await topOf(bench);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  expect(await topOf(bench)).toBe(top);
  const [side, text] = [await bench.boundingBox(), await proved.boundingBox()];
  expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual(side?.x ?? 0);
});

test('the editor keeps its height when a verdict comes', async () => {
  const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width: 1440, height: 900 } });
  const height = () => bench.part('editor').evaluate((editor) => editor.getBoundingClientRect().height);
  const before = await height();
  await bench.write(wrong);
  await bench.outcome();
  expect(await height()).toBe(before);
});
