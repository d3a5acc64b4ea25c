/** How a lesson's page behaves while one reads it: what moves, what stays, and where the focus goes. */

import { describe, expect, test } from 'vitest';
import { Bench, exercises, type OpenPage, withSite } from './site.ts';

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

describe('the workbench', () => {
  test.each([
    { viewport: phone, javaScriptEnabled: true },
    { viewport: phone, javaScriptEnabled: false },
    { viewport: { width: 1099, height: 900 }, javaScriptEnabled: true },
  ])(
    'stands where the exercise is due: $viewport.width px, scripts: $javaScriptEnabled',
    async ({ viewport, javaScriptEnabled }) => {
      const page = await open('one-fault', viewport, { javaScriptEnabled });
      const [before, bench, after] = await boxesOf(page, ['.to-bench', '#workbench', '#what-you-proved']);
      expect(bench.top).toBeGreaterThanOrEqual(before.bottom);
      expect(after.top).toBeGreaterThanOrEqual(bench.bottom);
      expect(await page.locator('#workbench .editor').innerText()).toContain('PAGE_SHIFT');
    },
  );

  test.each([
    { width: 1100, javaScriptEnabled: true },
    { width: 1440, javaScriptEnabled: true },
    { width: 1440, javaScriptEnabled: false },
  ])(
    'stands beside the lesson, whatever is read: $width px, scripts: $javaScriptEnabled',
    async ({ width, javaScriptEnabled }) => {
      const page = await open('one-fault', { width, height: 900 }, { javaScriptEnabled });
      for (const place of ['h1', '#what-you-proved', 'footer']) {
        await page.locator(place).scrollIntoViewIfNeeded();
        const [bench, bar, ...rest] = await boxesOf(page, [
          '#workbench',
          'header.site',
          '.prose',
          '.neighbours',
          'footer',
        ]);
        expect(bench).toMatchObject({ top: bar.bottom, right: width, bottom: 900 });
        expect(bench.width / width).toBeGreaterThan(0.455);
        for (const box of rest) expect(box.right).toBeLessThanOrEqual(bench.left);
      }
    },
  );

  test('gets the cursor, and a wide page stays where it is', async () => {
    const page = await open('one-fault');
    await page.locator('[data-part=run]:not([aria-disabled])').waitFor();
    const link = page.getByRole('link', { name: 'Go to the workbench' });
    await link.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => scrollY);
    await link.click();
    await page.keyboard.type('// here');
    expect(await page.locator('.cm-content').innerText()).toContain('// here');
    expect(await page.evaluate(() => scrollY)).toBe(before);
  });

  test('comes into sight on a narrow screen, and with it the focus', async () => {
    const page = await open('one-fault', phone);
    await page.locator('.skip[href="#workbench"]').press('Enter');
    const [bench, bar] = await boxesOf(page, ['#workbench', 'header.site']);
    // A page scrolls by whole pixels; what stands above may end at a part of one.
    expect(Math.abs(bench.top - bar.bottom)).toBeLessThan(1);
    expect(await page.evaluate(() => document.activeElement?.closest('#workbench') !== null)).toBe(true);
  });
});

describe('below the bar', () => {
  test.each([
    ['/lessons/what-was-merged/', 'h2[id], fault-prediction'],
    ['/glossary/', 'section[id]'],
    ['/misconceptions/', 'section[id]'],
  ])('stands what a link on %s leads to, and nothing of what comes before', async (path, targets) => {
    const page = await site().open(path, { viewport: phone, reducedMotion: 'reduce' });
    const bar = await bottomOfBar(page);
    const ids = await page.locator(targets).evaluateAll((all) => all.map(({ id }) => id));
    // The last ones stand too near to the page's end.
    for (const id of ids.slice(0, -2)) {
      await page.evaluate((to) => {
        location.hash = to;
      }, id);
      const { before, top } = await page.locator(`[id="${id}"]`).evaluate((target) => ({
        top: target.getBoundingClientRect().top,
        before: target.previousElementSibling?.getBoundingClientRect().bottom ?? 0,
      }));
      expect(top, id).toBeGreaterThan(bar - 1);
      expect(top, id).toBeLessThan(bar + 17);
      expect(before, id).toBeLessThan(bar + 1);
    }
  });

  test.each([
    ['a phone', phone],
    ['a desk', desk],
  ])('is the focus, wherever the page stood, on %s', async (_, viewport) => {
    const exercise = exercises.find(({ id }) => id === 'can-the-lock-enclose-it')!;
    const bench = await Bench.open(site(), exercise.id, { viewport, reducedMotion: 'reduce' });
    await bench.write(exercise.wrong()[0]!.text);
    expect(await bench.run()).toBe('failed');
    const { tried, covered } = await bench.page.evaluate(focusAll);
    expect(tried).toBeGreaterThan(20);
    expect(covered).toEqual([]);
  });
});

/** Puts each place that takes the focus under the bar at the window's top, then the focus there: what does a bar cover then? */
function focusAll() {
  const all = document.querySelectorAll<HTMLElement>('main :is(a[href], button, input, summary, [tabindex="0"])');
  const shown = [...all].filter(
    (each) => each.checkVisibility() && each.getBoundingClientRect().height < innerHeight / 2,
  );
  const covered = shown.filter((each) => {
    scrollBy(0, each.getBoundingClientRect().top - 10);
    each.focus({ focusVisible: true } as FocusOptions);
    const { top, left, width } = each.getBoundingClientRect();
    const bar = document.elementFromPoint(left + width / 2, top + 1)?.closest('header.site, .toolbar');
    return bar && !bar.contains(each);
  });
  return { tried: shown.length, covered: covered.map((each) => each.outerHTML.slice(0, 80)) };
}

test('the four ways out of lesson 5 fit on a phone', async () => {
  const page = await open('skip-the-duplicate', phone);
  const rest = await page.locator('.scroll').evaluate((region) => region.scrollWidth - region.clientWidth);
  expect(rest).toBe(0);
});

test('on paper an ending is unfolded and said once, and there is nothing to press', async () => {
  const page = await open('can-the-lock-enclose-it');
  await page.emulateMedia({ media: 'print' });
  const figure = page.locator('fault-stepper').first();
  const told = figure.locator('.ending');
  expect(await told.locator('p').isVisible()).toBe(true);
  expect(await told.locator('summary').isVisible()).toBe(false);
  // A footer would stand on each page that the table takes.
  expect(await figure.locator('tfoot').evaluate((foot) => getComputedStyle(foot).display)).toBe('table-row-group');
  expect(
    await figure
      .locator('.rail')
      .first()
      .evaluate((rail) => getComputedStyle(rail).printColorAdjust),
  ).toBe('exact');
  expect(await page.locator(':is(nav, button, #workbench, footer.site, .search-link):visible').count()).toBe(0);
});

test('on paper steps have the name of their task', async () => {
  const page = await open('review-a-patch');
  await page.emulateMedia({ media: 'print' });
  const named = page.locator('details:has(> ol) > summary');
  expect(await named.count()).toBeGreaterThan(0);
  for (const name of await named.all()) expect(await name.isVisible()).toBe(true);
  expect(await named.first().innerText()).toMatch(/^Steps of [A-Z]$/);
});

const boxesOf = <const Selectors extends readonly string[]>(page: OpenPage, selectors: Selectors) =>
  page.evaluate(
    (all) => all.map((each) => document.querySelector(each)?.getBoundingClientRect().toJSON()),
    selectors,
  ) as Promise<{ [At in keyof Selectors]: DOMRect }>;

const bottomOfBar = (page: OpenPage) =>
  page.locator('header.site').evaluate((bar) => bar.getBoundingClientRect().bottom);
