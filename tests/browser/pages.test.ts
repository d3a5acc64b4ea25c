import { expect, test } from 'vitest';
import { benchShareKey, progressKey } from '../../src/site/keys.ts';
import { violationsOn } from './axe.ts';
import { Bench, exercises, type OpenPage, pages, withSite } from './site.ts';

const site = withSite();

/** Whether nothing sticks out sideways, on a phone and on a wide screen. */
async function fits(page: OpenPage): Promise<void> {
  for (const width of [1440, 360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
}

test.each(pages())('%s is accessible in both schemes, fits into its window, and complains of nothing', async (path) => {
  const page = await site().open(path, { colorScheme: 'light', reducedMotion: 'reduce' });
  expect(await violationsOn(page)).toEqual([]);
  await fits(page);
  expect(page.complaints).toEqual([]);
});

test('what the search has found is accessible in both schemes, and fits into its window', async () => {
  const page = await site().open('/search/?q=vma_lock', { colorScheme: 'light', reducedMotion: 'reduce' });
  await page.locator('fault-search li').first().waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await fits(page);
});

test('a verdict with its trace is accessible in both schemes, and fits into its window', async () => {
  const exercise = exercises.find(({ id }) => id === 'can-the-lock-enclose-it') ?? exercises[0]!;
  const bench = await Bench.open(site(), exercise.id, { colorScheme: 'light', reducedMotion: 'reduce' });
  await bench.write(exercise.wrong()[0]!.text);
  expect(await bench.run()).toBe('failed');
  await bench.page.locator('.verdict .lanes').focus();
  await bench.page.keyboard.press('End');
  await bench.part('hint').click();
  await bench.page.locator('.hint').waitFor();
  expect(await violationsOn(bench.page)).toEqual([]);
  await fits(bench.page);
});

/** How far things jump on a lesson's page until its workbench is ready. `share`: the width that a reader gave the workbench. */
async function shiftOf(id: string, share?: string): Promise<number> {
  const context = await site().browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const remember = ([key, value]: string[]) => top === self && localStorage.setItem(key!, value!);
  if (share) await page.addInitScript(remember, [benchShareKey, share]);
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(`${site().url}/lessons/${id}/`);
  await page.locator('[data-part=run]:not([aria-disabled])').waitFor();
  await page.waitForTimeout(300);
  const sum = () => (window as unknown as { shifts: number[] }).shifts.reduce((total, value) => total + value, 0);
  return page.evaluate(sum);
}

test.each(exercises)('nothing jumps while the workbench of $id loads', async ({ id }) => {
  expect(await shiftOf(id)).toBeLessThan(0.01);
});

test.each(['30', '62.5', '75'])('nothing jumps where a reader has given the workbench %s percent', async (share) => {
  expect(await shiftOf('can-the-lock-enclose-it', share)).toBeLessThan(0.01);
});

test('predictions are recalled beside the result, those that stand above it', async () => {
  const page = await site().open('/lessons/one-fault/');
  const recall = page.locator('fault-recall');
  expect(await recall.isVisible()).toBe(false);
  for (const [at, chosen] of ['sigbus', '2'].entries()) {
    const prediction = page.locator('fault-prediction').nth(at);
    await prediction.locator(`input[value="${chosen}"]`).check();
    await prediction.locator('button').click();
  }
  const [missed, hit] = await recall.locator('li').allInnerTexts();
  expect(missed).toContain('You predicted: A SIGBUS. The engine shows: Nothing, ever');
  expect(hit).toContain('You predicted: Twice. So it is.');
  await page.reload();
  expect(await recall.locator('li').count()).toBe(2);
});

const ids = exercises.map(({ id }) => id);

/** The home page of one who has passed some lessons, and begun others. */
async function homeOf(passed: string[], started: string[], width = 1440): Promise<OpenPage> {
  const page = await site().open('/', { viewport: { width, height: 900 } });
  const entry = { stage: 0, attempts: 0, hintsSeen: 0, predictions: {} };
  const entries = (all: string[], status: string) => Object.fromEntries(all.map((id) => [id, { ...entry, status }]));
  const progress = {
    schema: 'faultline/progress/1',
    exercises: { ...entries(passed, 'passed'), ...entries(started, 'started') },
  };
  await page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [progressKey, JSON.stringify(progress)]);
  await page.reload();
  return page;
}

test('the home page goes on with the furthest lesson that is not finished', async () => {
  const page = await homeOf([], ids.slice(1, 3));
  expect(await page.locator('#start').innerText()).toBe('Go on with lesson 3');
  expect(await page.locator('#start').getAttribute('href')).toContain(`/lessons/${ids[2]}/`);
});

test.each([360, 800, 1440])(
  'the miniature of the home page stays where it is when scripts come: %i px',
  async (width) => {
    const without = await site().open('/', { viewport: { width, height: 900 } });
    await without.route('**/*.js', (route) => route.abort());
    await without.reload();
    const box = (page: OpenPage) => page.locator('fault-miniature').boundingBox();
    // The next one has a long title.
    expect(await box(await homeOf(ids.slice(0, 5), [], width))).toEqual(await box(without));
  },
);
