/** The home page: in three presses a visitor has made two CPUs crash. */

import { describe, expect, test } from 'vitest';
import { violationsOn } from './axe.ts';
import { type OpenPage, withSite } from './site.ts';

const site = withSite();
const told = (page: OpenPage) => page.locator('fault-miniature [data-part=told]');
const press = (page: OpenPage, name: string) => page.getByRole('button', { name, exact: true }).click();

async function crash(page: OpenPage): Promise<void> {
  for (const name of ['A only looks', 'B runs to its end', 'A runs to its end']) await press(page, name);
}

/** The sum of all that has moved by itself. */
const shifts = (page: OpenPage) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        const add = (entry: PerformanceEntry & { value?: number }) => {
          sum += entry.value ?? 0;
        };
        new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({
          type: 'layout-shift',
          buffered: true,
        });
        setTimeout(() => resolve(sum), 200);
      }),
  );

describe('the miniature', () => {
  test('crashes after three presses, shows what Linux would print, and leads to lesson 1', async () => {
    const page = await site().open('/');
    await crash(page);
    expect(await told(page).innerText()).toMatch(/kernel BUG at mm\/memory\.c!.*You made two CPUs crash/s);
    await page.getByRole('link', { name: 'Find out why: lesson 1' }).click();
    await page.waitForURL('**/lessons/one-fault/');
    expect(page.complaints).toEqual([]);
  });

  test('is played by keys alone: the focus goes from choice to choice, and at the end to what has happened', async () => {
    const page = await site().open('/');
    await page.getByRole('button', { name: 'B only looks' }).focus();
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const until = (text: string) =>
      page.waitForFunction((wanted) => document.activeElement?.textContent === wanted, text);
    await until('B runs to its end');
    expect(await page.locator('[data-part=spoken]').innerText()).toBe('CPU B looks: entry 1 is empty.');
    await page.keyboard.press('Shift+Tab');
    await until('A runs to its end');
    await page.keyboard.press('Enter');
    await until('B runs to its end');
    await page.keyboard.press('Enter');
    expect(await focused()).toContain('You made two CPUs crash.');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('lesson 1');
  });

  test('says why there was no crash, and begins anew', async () => {
    const page = await site().open('/');
    await press(page, 'A runs to its end');
    await press(page, 'B runs to its end');
    expect(await told(page).innerText()).toContain('No crash this time. A had filled the entries before B looked.');
    await press(page, 'Start over');
    expect(await page.locator('fault-miniature button[data-extent]').count()).toBe(4);
    expect(await told(page).innerText()).toBe('');
    await crash(page);
    expect(await told(page).innerText()).toContain('You made two CPUs crash');
  });

  test('says so where its script does not come, and plays when it does', async () => {
    const page = await site().open('/');
    await page.route(/fault-miniature/, (route) => route.abort());
    await press(page, 'A only looks');
    await page.getByText('The script for this did not arrive').waitFor();
  });

  test('without scripts is a picture with its text', async () => {
    const page = await site().open('/', { javaScriptEnabled: false });
    expect(await page.locator('fault-miniature').isVisible()).toBe(false);
    expect(await page.locator('.opening .interleaving:visible').innerText()).toContain(
      'fills them too, meets a full one',
    );
  });

  test('brings a small script, and only when it is touched', async () => {
    const page = await site().open('/');
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) sizes.push(response.body().then((body) => body.length));
    });
    await page.reload();
    await page.waitForLoadState('networkidle');
    const before = sizes.length;
    await crash(page);
    const brought = await Promise.all(sizes.slice(before));
    expect(brought.length).toBeGreaterThan(0);
    expect(brought.reduce((sum, size) => sum + size, 0)).toBeLessThan(6000);
  });

  test('is accessible when it has crashed, in both schemes', async () => {
    const page = await site().open('/', { reducedMotion: 'reduce' });
    await crash(page);
    expect(await violationsOn(page, 'fault-miniature')).toEqual([]);
  });

  test.each([
    { width: 320, height: 640 },
    { width: 360, height: 740 },
    { width: 1280, height: 720 },
  ])('moves nothing below it, and fits into $width px', async (viewport) => {
    const page = await site().open('/', { viewport });
    const below = () => page.locator('.aims').evaluate((section) => section.getBoundingClientRect().top + scrollY);
    const before = await below();
    await press(page, 'A only looks');
    expect(await below()).toBe(before);
    await press(page, 'B runs to its end');
    await press(page, 'A runs to its end');
    // On a phone the last row takes one line more.
    expect(Math.abs((await below()) - before)).toBeLessThan(viewport.width < 768 ? 36 : 1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    expect(await shifts(page)).toBeLessThan(0.01);
  });
});
