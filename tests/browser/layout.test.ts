/** Where the workbench stands, and how wide: beside the lesson with a divider, and below it with a tab. */

import { describe, expect, test } from 'vitest';
import { benchShareKey } from '../../src/site/keys.ts';
import { type OpenPage, openTab, withSite } from './site.ts';

const site = withSite();
const lesson = '/lessons/can-the-lock-enclose-it/';
const desk = { width: 1440, height: 900 };

const widthOf = (page: OpenPage) => page.locator('#workbench').evaluate((bench) => bench.getBoundingClientRect().width);
const shareOf = async (page: OpenPage) => (100 * (await widthOf(page))) / (page.viewportSize()?.width ?? 0);
const kept = (page: OpenPage) => page.evaluate((key) => localStorage.getItem(key), benchShareKey);

async function openDivider(viewport = desk, more = {}) {
  const page = await site().open(lesson, { viewport, reducedMotion: 'reduce', ...more });
  const divider = page.getByRole('separator', { name: 'Width of the workbench' });
  await divider.waitFor();
  return { page, divider };
}

describe('the divider', () => {
  test('is moved by keys, says where it is, and stays within its limits', async () => {
    const { page, divider } = await openDivider();
    await divider.focus();
    const before = await widthOf(page);
    await page.keyboard.press('ArrowLeft');
    expect((await widthOf(page)) - before).toBeCloseTo(0.02 * 1440, 0);
    await page.keyboard.press('ArrowRight');
    expect(await widthOf(page)).toBeCloseTo(before, 0);
    await page.keyboard.press('End');
    expect(await shareOf(page)).toBeCloseTo(75, 1);
    expect(await divider.getAttribute('aria-valuenow')).toBe('75');
    expect(await divider.getAttribute('aria-valuetext')).toBe('75 % of the window');
    await page.keyboard.press('ArrowLeft');
    expect(await shareOf(page)).toBeCloseTo(75, 1);
    await page.keyboard.press('Home');
    expect(await shareOf(page)).toBeCloseTo(100 / 3, 1);
    expect(await kept(page)).toBe('33.3');
  });

  test('is dragged, and what is dropped is remembered; a double click forgets it', async () => {
    const { page, divider } = await openDivider();
    const before = await widthOf(page);
    await drag(page, -200);
    expect(await widthOf(page)).toBeCloseTo(before + 200, 0);
    const { x = 0, width = 0 } = (await divider.boundingBox()) ?? {};
    expect(x + width / 2).toBeCloseTo(1440 - before - 200, -1.5);
    await page.reload();
    expect(await widthOf(page)).toBeCloseTo(before + 200, -0.5);
    await divider.dblclick({ position: { x: 20, y: 60 } });
    expect(await widthOf(page)).toBeCloseTo(before, 0);
    expect(await kept(page)).toBeNull();
  });

  test('goes back where Escape breaks off a drag', async () => {
    const { page } = await openDivider();
    const before = await widthOf(page);
    await drag(page, -200, async () => {
      await page.keyboard.press('Escape');
    });
    expect(await widthOf(page)).toBeCloseTo(before, 0);
    expect(await kept(page)).toBeNull();
  });

  test('has two buttons for those who do not drag', async () => {
    const { page } = await openDivider();
    const before = await shareOf(page);
    await page.getByRole('button', { name: 'Wider workbench' }).click();
    expect(await shareOf(page)).toBeCloseTo(before + 5, 0);
    await page.getByRole('button', { name: 'Narrower workbench' }).click();
    await page.getByRole('button', { name: 'Narrower workbench' }).click();
    expect(await shareOf(page)).toBeCloseTo(before - 5, 0);
    for (const name of ['Wider workbench', 'Narrower workbench']) {
      const { width = 0, height = 0 } = (await page.getByRole('button', { name }).boundingBox()) ?? {};
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    }
  });

  test.each([
    [1100, 768],
    [1280, 720],
    [1920, 1080],
  ])('leaves both sides readable at both its ends: %i × %i', async (width, height) => {
    const { page, divider } = await openDivider({ width, height });
    for (const end of ['Home', 'End']) {
      await divider.press(end);
      const bench = await widthOf(page);
      expect(bench, end).toBeGreaterThanOrEqual(Math.max(480, 0.3 * width) - 1);
      expect(width - bench, end).toBeGreaterThanOrEqual(Math.max(320, 0.25 * width) - 1);
      const [min, now, max] = await Promise.all(
        ['min', 'now', 'max'].map(async (name) => Number(await divider.getAttribute(`aria-value${name}`))),
      );
      expect(now).toBe(end === 'Home' ? Math.max(min!, Math.round((100 * bench) / width)) : max);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });

  test('covers nothing that one reads', async () => {
    const { page } = await openDivider({ width: 1100, height: 768 });
    const [place, prose] = await page.evaluate(() =>
      ['.bench-divider', '.prose > p'].map((part) => document.querySelector(part)?.getBoundingClientRect().toJSON()),
    );
    expect(prose.right).toBeLessThanOrEqual(place.left);
  });

  test('is not there where the workbench follows the prose', async () => {
    const page = await site().open(lesson, { viewport: { width: 1099, height: 900 } });
    await page.locator('[role=separator]').waitFor({ state: 'attached' });
    expect(await page.getByRole('separator', { name: 'Width of the workbench' }).count()).toBe(0);
  });
});

describe('a remembered width', () => {
  async function contextWith(value: string) {
    const context = await site().browser.newContext({ viewport: desk, serviceWorkers: 'block' });
    // Not in the sandbox's frame, which has no storage.
    const remember = ([key, text]: string[]) => top === self && localStorage.setItem(key!, text!);
    await context.addInitScript(remember, [benchShareKey, value]);
    return context;
  }

  test('is there before the first script of the page has come', async () => {
    const context = await contextWith('61.5');
    await context.route(/\.js$/, (route) => route.abort());
    expect(await shareOf(await openTab(context, site().url + lesson))).toBeCloseTo(61.5, 1);
  });

  test.each(['', '0', '29', '99', '-1', 'NaN', '50;color:red', '{}', '1e999'])(
    'that is none is not taken: %j',
    async (value) => {
      const page = await openTab(await contextWith(value), site().url + lesson);
      const usual = await shareOf((await openDivider()).page);
      expect(await shareOf(page)).toBeCloseTo(usual, 1);
      expect(page.complaints).toEqual([]);
    },
  );
});

test('where storage is forbidden, the divider moves all the same', async () => {
  const context = await site().browser.newContext({ viewport: desk, serviceWorkers: 'block' });
  await context.addInitScript(() =>
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    }),
  );
  const page = await openTab(context, site().url + lesson);
  await page.getByRole('separator', { name: 'Width of the workbench' }).press('End');
  expect(await shareOf(page)).toBeCloseTo(75, 1);
});

/** Takes the divider, and moves it by so many pixels. */
async function drag(page: OpenPage, by: number, before = async () => {}): Promise<void> {
  const left = await page.locator('#workbench').evaluate((bench) => bench.getBoundingClientRect().left);
  await page.mouse.move(left - 2, 300);
  await page.mouse.down();
  await page.mouse.move(left - 2 + by / 2, 310);
  await page.mouse.move(left - 2 + by, 320);
  await before();
  await page.mouse.up();
}
