import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch } from './launch.ts';

describe('launch', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('draws letters', async () => {
    const page = await browser.newPage();
    await page.setContent(
      '<p style="display: inline-block; font: 20px sans-serif">iiii</p><br><p style="display: inline-block; font: 20px sans-serif">WWWW</p>',
    );
    const [narrow, wide] = await page
      .locator('p')
      .evaluateAll((paragraphs) => paragraphs.map((p) => p.getBoundingClientRect().width));
    // Without a font, every letter is as wide as every other.
    expect(wide).toBeGreaterThan(2 * narrow!);
  });
});
