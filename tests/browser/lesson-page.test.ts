/** How a lesson's page behaves while one reads it: what moves, what stays, and where the focus goes. */

import { describe, expect, test } from 'vitest';
import { type OpenPage, withSite } from './site.ts';

const site = withSite();
const phone = { width: 360, height: 740 };
const desk = { width: 1440, height: 900 };

const open = (id: string, viewport = desk, more = {}) =>
  site().open(`/lessons/${id}/`, { viewport, reducedMotion: 'reduce', ...more });

describe('a prediction', () => {
  const predictions = ['one-fault', 'skip-the-duplicate'].flatMap((id) =>
    [0, 1].flatMap((nth) => [phone, desk].map((viewport) => ({ id, nth, viewport }))),
  );

  test.each(predictions)(
    '$nth of $id moves a page of $viewport.width px no further than to the reason of the right answer',
    async ({ id, nth, viewport }) => {
      const page = await open(id, viewport);
      const prediction = page.locator('fault-prediction').nth(nth);
      const button = prediction.locator('button');
      await prediction.locator('.option:not([data-right]) input').first().check();
      await button.evaluate((element) => element.scrollIntoView({ block: 'end' }));
      const before = await page.evaluate(() => scrollY);
      await button.click();
      const reason = prediction.locator('[data-right] .reason');
      expect(await reason.evaluate((element) => element === document.activeElement)).toBe(true);
      const moved = (await page.evaluate(() => scrollY)) - before;
      const { top = 0, bottom = 0 } = await reason.evaluate((element) => element.getBoundingClientRect());
      const needed = Math.max(0, bottom + moved - viewport.height);
      expect(Math.abs(moved - needed)).toBeLessThan(2);
      expect(top).toBeGreaterThan(await bottomOfBar(page));
    },
  );

  test.each(['light', 'dark'] as const)(
    'keeps its own radio buttons when it is locked, in the %s scheme',
    async (colorScheme) => {
      const page = await open('one-fault', desk, { colorScheme });
      const prediction = page.locator('fault-prediction').first();
      const looks = () =>
        prediction.locator('input').evaluateAll((inputs) =>
          inputs.map((input) => {
            const { appearance, borderColor, borderWidth, backgroundColor, opacity } = getComputedStyle(input);
            return { appearance, borderColor, borderWidth, backgroundColor, opacity };
          }),
        );
      await prediction.locator('input').last().check();
      const before = await looks();
      await prediction.locator('button').click();
      expect(await looks()).toEqual(before);
      expect(before.map(({ appearance }) => appearance)).not.toContain('auto');
    },
  );

  test('describes no option before it is locked: a hidden description is read aloud', async () => {
    const page = await open('one-fault');
    const prediction = page.locator('fault-prediction').first();
    const described = prediction.locator('input[aria-describedby]');
    expect(await described.count()).toBe(0);
    await prediction.locator('input').first().check();
    await prediction.locator('button').click();
    expect(await described.count()).toBe(await prediction.locator('input').count());
  });
});

const bottomOfBar = (page: OpenPage) =>
  page.locator('header.site').evaluate((bar) => bar.getBoundingClientRect().bottom);
