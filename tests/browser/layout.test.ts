/** Where the workbench stands, and how wide: beside the lesson with a divider, in it with a tab, and alone for a room. */

import { describe, expect, test } from 'vitest';
import { benchShareKey } from '../../src/site/keys.ts';
import { Bench, exercises, type OpenPage, openTab, withSite } from './site.ts';

const site = withSite();
const lesson = '/lessons/can-the-lock-enclose-it/';
const wrong = exercises.find(({ id }) => id === 'can-the-lock-enclose-it')?.wrong()[0]?.text ?? '';
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

describe('the exercise tab', () => {
  const phone = { width: 360, height: 740 };

  async function openTabbed(viewport = phone) {
    const page = await site().open(lesson, { viewport, reducedMotion: 'reduce' });
    const tab = page.getByRole('button', { name: 'Exercise', exact: true });
    await tab.waitFor();
    return { page, tab, back: page.getByRole('button', { name: 'Back to where you read' }) };
  }

  const topOf = (page: OpenPage, part: string) =>
    page.locator(part).evaluate((element) => element.getBoundingClientRect().top);

  test.each([
    [320, 640],
    [360, 740],
    [768, 1024],
    [1099, 800],
  ])('leads to the workbench and back to where one read: %i × %i', async (width, height) => {
    const { page, tab, back } = await openTabbed({ width, height });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page
      .locator('.prose h2')
      .nth(1)
      .evaluate((heading) => scrollBy(0, heading.getBoundingClientRect().top - 90));
    const before = await page
      .locator('.prose h2')
      .nth(1)
      .evaluate((heading) => heading.getBoundingClientRect().top);
    await tab.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('workbench');
    expect(await topOf(page, '#workbench')).toBeLessThan(60);
    await expect.poll(() => tab.isVisible()).toBe(false);
    // The editor comes meanwhile, and the page may become higher or lower.
    await page.locator('[data-part=run]:not([aria-disabled])').waitFor();
    await back.press('Enter');
    const after = await page
      .locator('.prose h2')
      .nth(1)
      .evaluate((heading) => heading.getBoundingClientRect().top);
    expect(Math.abs(after - before)).toBeLessThan(2);
    expect(await page.evaluate(() => document.activeElement?.closest('.prose') !== null)).toBe(true);
    await expect.poll(() => tab.isVisible()).toBe(true);
    expect(await back.isVisible()).toBe(false);
  });

  test('keeps the place too for those who take the link', async () => {
    const { page, back } = await openTabbed();
    await page.locator('.skip[href="#workbench"]').press('Enter');
    await back.waitFor();
    await back.click();
    expect(await topOf(page, 'h1')).toBeGreaterThan(0);
  });

  test.each([320, 360, 768, 1099])('stands in the margin: %i px', async (width) => {
    const { page, tab } = await openTabbed({ width, height: 700 });
    const box = await tab.boundingBox();
    const right = await page
      .locator('.prose > p')
      .first()
      .evaluate((text) => text.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(box?.x ?? 0);
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
  });

  test('is not there where the workbench stands beside the lesson', async () => {
    const { page } = await openDivider();
    expect(await page.getByRole('button', { name: 'Exercise', exact: true }).count()).toBe(0);
  });
});

describe('full screen', () => {
  const button = (page: OpenPage) => page.getByRole('button', { name: 'Full screen' });
  const isOn = (page: OpenPage) => page.evaluate(() => document.documentElement.hasAttribute('data-projecting'));

  /** A browser that has no full screen, or refuses it, gives the window. */
  async function openBench(viewport = { width: 1280, height: 720 }, fullscreen: 'none' | 'refused' | 'there' = 'none') {
    const page = await site().open('/', { viewport, reducedMotion: 'reduce' });
    if (fullscreen !== 'there') {
      await page.addInitScript((value) => {
        const refuse = value === 'none' ? undefined : () => Promise.reject(new TypeError('refused'));
        Object.defineProperty(Element.prototype, 'requestFullscreen', { value: refuse });
      }, fullscreen);
    }
    await page.goto(site().url + lesson);
    await new Bench(page).ready();
    await page.locator('.bench-divider').waitFor({ state: 'attached' });
    return page;
  }

  test('leaves a screen that comes only after one has left', async () => {
    const page = await openBench(undefined, 'there');
    await page.evaluate(() => {
      const real = Element.prototype.requestFullscreen;
      Element.prototype.requestFullscreen = function (this: Element) {
        return new Promise((resolve, reject) => {
          (window as { comes?: () => void }).comes = () => real.call(this).then(resolve, reject);
        });
      };
    });
    await button(page).press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => isOn(page)).toBe(false);
    await page.evaluate(() => {
      Object.assign(window, { changes: 0 });
      document.addEventListener('fullscreenchange', () => (window as unknown as { changes: number }).changes++);
    });
    await button(page).evaluate((element) => {
      element.addEventListener(
        'click',
        (event) => {
          event.stopImmediatePropagation();
          (window as { comes?: () => void }).comes?.();
        },
        { capture: true, once: true },
      );
    });
    await button(page).click();
    await expect.poll(() => page.evaluate(() => (window as unknown as { changes: number }).changes)).toBe(2);
    expect(await page.evaluate(() => document.fullscreenElement)).toBeNull();
  });

  test.each(['none', 'refused', 'there'] as const)(
    'fills the window, and Escape leaves it: API %s',
    async (fullscreen) => {
      const page = await openBench(undefined, fullscreen);
      await page.evaluate(() => scrollTo(0, 500));
      const before = await page.evaluate(() => scrollY);
      await button(page).press('Enter');
      expect(await button(page).getAttribute('aria-pressed')).toBe('true');
      await expect
        .poll(() =>
          page.evaluate(() => {
            const { left, top, width, height } = document.querySelector('#workbench')!.getBoundingClientRect();
            return left === 0 && top === 0 && width === innerWidth && height === innerHeight;
          }),
        )
        .toBe(true);
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('project');
      if (fullscreen === 'there') {
        await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
        await page.evaluate(() => document.exitFullscreen());
      } else await page.keyboard.press('Escape');
      await expect.poll(() => isOn(page)).toBe(false);
      expect(await page.evaluate(() => scrollY)).toBe(before);
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('project');
      expect(await page.locator('[inert]').count()).toBe(0);
      expect(page.complaints).toEqual([]);
    },
  );

  test('is entered and left with a key, while one writes, and writes nothing', async () => {
    const page = await openBench();
    const text = page.locator('.cm-content');
    await text.focus();
    const before = await text.innerText();
    await page.keyboard.press('Alt+Enter');
    expect(await isOn(page)).toBe(true);
    expect(await text.innerText()).toBe(before);
    await page.keyboard.press('Alt+Enter');
    expect(await isOn(page)).toBe(false);
  });

  test('leaves nothing else within reach of the keyboard', async () => {
    const page = await openBench();
    await button(page).click();
    const reached = new Set<string>();
    for (let press = 0; press < 30; press++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement?.matches('[data-part=editor]')))
        await page.keyboard.press('Shift+Tab');
      reached.add(
        await page.evaluate(() =>
          String(document.activeElement === document.body || !!document.activeElement?.closest('#workbench')),
        ),
      );
    }
    expect([...reached]).toEqual(['true']);
  });

  test.each([
    [1280, 720],
    [1920, 1080],
    [1024, 768],
  ])('shows the answer, its verdict and the trace at once, in larger type: %i × %i', async (width, height) => {
    const page = await openBench({ width, height });
    const bench = new Bench(page);
    await bench.write(wrong);
    await bench.outcome();
    await button(page).click();
    expect(await page.locator('.state').evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize))).toBe(
      17.5,
    );
    await page
      .locator('.verdict fault-stepper')
      .first()
      .evaluate((stepper) => stepper.scrollIntoView());
    const seen = await page.evaluate(() =>
      ['.editor', '.results', '.verdict .controls', '.verdict tr[aria-current] > th, .verdict .lanes'].map((part) => {
        const { left, top, right, bottom } = document.querySelector(part)!.getBoundingClientRect();
        return (
          Math.round(Math.min(right, innerWidth) - left) > 200 && Math.min(bottom, innerHeight) - Math.max(top, 0) > 30
        );
      }),
    );
    expect(seen).toEqual([true, true, true, true]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
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
