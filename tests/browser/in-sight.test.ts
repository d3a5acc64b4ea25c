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
  [1280, 720],
  [1440, 900],
] as const;
/** Of a moment's place; less says little of the machine. Whoever makes the workbench narrow has less, but not nothing. */
const goodPart = 170;
const fairPart = 130;

/** Clicks Forward, without ever moving the mouse. Says at which steps something was out of sight, or the button out of reach. */
async function clickOn(page: OpenPage, stepper: Locator, clicks: number, part = goodPart): Promise<string[]> {
  const button = await stepper.getByRole('button', { name: 'Forward' }).boundingBox();
  if (!button) throw new Error('there is no button');
  await page.mouse.move(button.x + button.width / 2, button.y + button.height / 2);
  const complaints: string[] = [];
  for (let step = 1; step <= clicks; step++) {
    await page.mouse.down();
    await page.mouse.up();
    const shown = await stepper.locator('output').innerText();
    if (!shown.startsWith(`${step} of`)) complaints.push(`after ${step} clicks: ${shown}`);
    for (const whole of ['tr[aria-current] > th', '.now .what', '.controls']) {
      const box = stepper.locator(whole);
      if ((await heightInSight(box)) < (await heightOf(box)) - 2) complaints.push(`step ${step}: not all of ${whole}`);
    }
    const seen = await heightInSight(stepper.locator('.now'));
    if (seen < part) complaints.push(`step ${step}: ${seen} pixels of the moment`);
  }
  return complaints;
}

const heightOf = (part: Locator) => part.evaluate((element) => element.getBoundingClientRect().height);

/** In pixels, along its left edge. */
const heightInSight = (part: Locator): Promise<number> =>
  part.evaluate((element) => {
    const { left, top, height } = element.getBoundingClientRect();
    const lines = Array.from({ length: Math.floor(height) }, (_, line) => top + line + 0.5);
    return lines.filter((y) => element.contains(document.elementFromPoint(left + 6, y))).length;
  });

describe.each(windows)('at %i × %i', (width, height) => {
  test('a run that was asked for shows what went wrong, however much went well before it', async () => {
    const { wrong: answers } = exercises.find(({ id }) => id === 'insert-pfn')!;
    const bench = await Bench.open(site(), 'insert-pfn', { viewport: { width, height }, reducedMotion: 'reduce' });
    await bench.write(answers().find(({ name }) => name.includes('entry-left-behind'))!.text);
    expect(await bench.run()).toBe('failed');
    expect(await bench.page.locator('.verdict .outcome').innerText()).toContain('5 of 7 checks passed');
    const happened = bench.page.locator('.verdict details[open] .happened');
    expect(await heightInSight(happened)).toBeGreaterThanOrEqual((await heightOf(happened)) - 2);
  });

  test('a stepper in the prose is walked through with a still mouse', async () => {
    const page = await site().open(lesson, { viewport: { width, height }, reducedMotion: 'reduce' });
    const stepper = page.locator('fault-stepper').first();
    await stepper.scrollIntoViewIfNeeded();
    await page.locator('fault-stepper[data-ready]').first().waitFor();
    // Its head in sight, its lower edge perhaps not.
    await stepper.evaluate((element) => scrollBy(0, element.getBoundingClientRect().top - 0.3 * innerHeight));
    expect(await clickOn(page, stepper, 25)).toEqual([]);
  });

  test('a stepper in a verdict is walked through with a still mouse', async () => {
    const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width, height } });
    await bench.write(wrong);
    await bench.outcome();
    const stepper = bench.page.locator('.verdict fault-stepper').first();
    // Only its head and its controls in sight.
    await stepper.evaluate(putLow);
    expect(await clickOn(bench.page, stepper, 25)).toEqual([]);
  });
});

describe.each([
  [1280, 720],
  [1440, 900],
])('at %i × %i', (width, height) => {
  test.each(['Home', 'End'])('a stepper in a verdict can be walked through with the divider at its %s', async (end) => {
    const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width, height } });
    await bench.page.getByRole('separator', { name: 'Width of the workbench' }).press(end);
    await bench.write(wrong);
    await bench.outcome();
    const stepper = bench.page.locator('.verdict fault-stepper').first();
    await stepper.evaluate(putLow);
    expect(await clickOn(bench.page, stepper, 25, end === 'Home' ? fairPart : goodPart)).toEqual([]);
  });
});

/** Its upper edge to the middle of what scrolls it. */
function putLow(stepper: Element): void {
  const results = stepper.closest('.results');
  const scroller = results && getComputedStyle(results).overflowY === 'auto' ? results : document.documentElement;
  const { top, height } =
    scroller === results ? results.getBoundingClientRect() : { top: 0, height: document.documentElement.clientHeight };
  scroller.scrollTop += stepper.getBoundingClientRect().top - top - height / 2;
}

test('the wheel passes a stepper that has come to its end', async () => {
  const page = await site().open(lesson, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const lanes = page.locator('fault-stepper .lanes').first();
  await page.locator('fault-stepper').first().scrollIntoViewIfNeeded();
  await page.locator('fault-stepper[data-ready]').first().waitFor();
  await lanes.hover();
  await toItsEnd(page, lanes);
  const before = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
});

test('the wheel passes a verdict that has come to its end', async () => {
  const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width: 1440, height: 900 } });
  await bench.write(wrong);
  await bench.outcome();
  const results = bench.page.locator('.results');
  await results.hover({ position: { x: 4, y: 100 } });
  await toItsEnd(bench.page, results);
  const before = await bench.page.evaluate(() => scrollY);
  await bench.page.mouse.wheel(0, 300);
  await expect.poll(() => bench.page.evaluate(() => scrollY)).toBeGreaterThan(before);
});

/** By the wheel: a scroll from a script may leave a part of a pixel, which the next turn of the wheel would take. */
async function toItsEnd(page: OpenPage, region: Locator): Promise<void> {
  const isAtEnd = () =>
    region.evaluate((it) => it.scrollTop > 0 && it.scrollTop + it.clientHeight > it.scrollHeight - 2);
  await page.mouse.wheel(0, 5000);
  await expect.poll(isAtEnd).toBe(true);
  // It has come to rest.
  await page.waitForTimeout(300);
}

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

describe.each([
  [360, 740],
  [1100, 768],
  [1440, 900],
])('the workbench at %i × %i', (width, height) => {
  test('has its text where the starter stood before the editor came', async () => {
    const page = await site().open('/', { viewport: { width, height }, reducedMotion: 'reduce' });
    let letCome = () => {};
    const mayCome = new Promise<void>((resolve) => {
      letCome = resolve;
    });
    await page.route(/\/workbench\.[^/]*\.js/, async (route) => {
      await mayCome;
      await route.continue();
    });
    await page.goto(site().url + lesson);
    await page.locator('#workbench').scrollIntoViewIfNeeded();
    const before = await page.evaluate(wordsInEditor);
    letCome();
    await page.locator('.cm-content').waitFor();
    const words = Object.entries(await page.evaluate(wordsInEditor));
    expect(words.length).toBeGreaterThan(40);
    const moved = words.filter(([word, { left, top }]) => {
      const [dx, dy] = [left - (before[word]?.left ?? Infinity), top - (before[word]?.top ?? Infinity)];
      return Math.hypot(dx, dy) >= 0.5;
    });
    expect(moved).toEqual([]);
  });

  test('leaves what stands above a verdict where it is when one comes', async () => {
    const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width, height } });
    await bench.write(wrong);
    const places = () =>
      bench.page.locator(':is(.toolbar, .editor, .state, .verdict)').evaluateAll((parts) =>
        parts.map((part) => {
          const { left, top, width, height } = part.getBoundingClientRect();
          return { part: part.className, left, top, width, height: part.matches('.verdict') ? undefined : height };
        }),
      );
    const before = await places();
    await bench.outcome();
    expect(await places()).toEqual(before);
  });
});

/** Where the first of each word stands in the editor's place, whether the editor or the starter is there. */
function wordsInEditor(): Record<string, { left: number; top: number }> {
  const host = document.querySelector('.editor');
  const text = host?.shadowRoot?.querySelector('.cm-content') ?? host?.querySelector('pre code');
  if (!text) throw new Error('there is no text');
  const places: Record<string, { left: number; top: number }> = {};
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\w+/g)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + 1);
      const { left, top, height } = range.getBoundingClientRect();
      places[word] ??= { left, top: top + height / 2 };
    }
  }
  return places;
}

test('the cursor stays in sight when the editor becomes lower', async () => {
  const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width: 1440, height: 900 } });
  const page = bench.page;
  await page.locator('.cm-line').nth(14).click();
  const isInSight = () =>
    page.locator('.cm-activeLine').evaluate((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      const editor = (line.getRootNode() as ShadowRoot).host.getBoundingClientRect();
      return top >= editor.top && bottom <= editor.bottom;
    });
  expect(await isInSight()).toBe(true);
  await page.setViewportSize({ width: 1440, height: 660 });
  await expect.poll(isInSight).toBe(true);
});

test('the editor keeps its height when a verdict comes', async () => {
  const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width: 1440, height: 900 } });
  const height = () => bench.part('editor').evaluate((editor) => editor.getBoundingClientRect().height);
  const before = await height();
  await bench.write(wrong);
  await bench.outcome();
  expect(await height()).toBe(before);
});

test.each([
  ['beside the lesson', 1440, 900],
  ['beside the lesson, low', 1280, 600],
  ['in the lesson', 360, 740],
])('what takes the focus in a verdict is under no bar: %s', async (_, width, height) => {
  const bench = await Bench.open(site(), 'can-the-lock-enclose-it', {
    viewport: { width, height },
    reducedMotion: 'reduce',
  });
  await bench.write(wrong);
  await bench.outcome();
  await bench.part('hint').press('Enter');
  await bench.page.locator('.hint').waitFor();
  const { tried, covered, moved } = await bench.page.evaluate(focusAtLowerEdge);
  expect(tried).toBeGreaterThan(5);
  expect(covered).toEqual([]);
  // Beside the lesson it is the workbench that scrolls.
  if (width >= 1100) expect(moved).toBe(0);
});

/** Puts each place that takes the focus at the lower edge of what scrolls it, then the focus there: what does a bar cover then? */
function focusAtLowerEdge() {
  const results = document.querySelector<HTMLElement>('.results');
  const scrolls = (it: Element | null | undefined) =>
    it && getComputedStyle(it).overflowY === 'auto' && it.scrollHeight > it.clientHeight;
  const bench = results?.closest('.bench');
  const scroller = scrolls(results) ? results : scrolls(bench) ? bench : document.documentElement;
  const all =
    results?.querySelectorAll<HTMLElement>(':is(.verdict, .help) :is(a[href], button, input, summary, [tabindex])') ??
    [];
  const shown = [...all].filter(
    (each) => each.checkVisibility() && each.getBoundingClientRect().height < innerHeight / 3,
  );
  const start = scrollY;
  const covered = shown.filter((each) => {
    scroller?.scrollBy(0, each.getBoundingClientRect().bottom - innerHeight + 6);
    each.focus({ focusVisible: true } as FocusOptions);
    const { left, width, top, bottom } = each.getBoundingClientRect();
    return [top + 2, bottom - 2].some((y) => {
      const bar = document.elementFromPoint(left + width / 2, y)?.closest('.acts, .controls, .toolbar, header.site');
      return !bar?.contains(each) && (bar || y > innerHeight);
    });
  });
  return { tried: shown.length, covered: covered.map((each) => each.outerHTML.slice(0, 80)), moved: scrollY - start };
}

test('in forced colours the place in the trace, what has changed and the line in the editor are marked', async () => {
  const bench = await Bench.open(site(), 'can-the-lock-enclose-it', {
    viewport: { width: 1440, height: 900 },
    forcedColors: 'active',
  });
  await bench.write(wrong);
  await bench.outcome();
  const stepper = bench.page.locator('.verdict fault-stepper').first();
  for (let step = 1; step <= 8; step++) await stepper.getByRole('button', { name: 'Forward' }).press('Enter');
  for (const part of ['tr[aria-current] > th', '.picture .changed', '.cm-pointed']) {
    const marked = bench.page.locator(part).locator('visible=true').last();
    expect(await marked.evaluate((element) => getComputedStyle(element).outlineStyle), part).toBe('solid');
  }
});
