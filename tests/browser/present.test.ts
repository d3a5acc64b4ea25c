/** A lesson as slides: what a room sees, what its instructor sees, and that both stay in step. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { letterKeysKey, progressKey, scheduledKey } from '../../src/site/keys.ts';
import { violationsOn } from './axe.ts';
import { bothOf, projector, same, View } from './present-view.ts';
import { dist, exercises, openTab, withSite } from './site.ts';

const site = withSite();

test.each(exercises)('the search and search engines find the lesson $id, and not its slides too', ({ id }) => {
  for (const path of [`present/${id}`, `present/${id}/notes`]) {
    const html = readFileSync(join(dist, path, 'index.html'), 'utf8');
    expect(html).not.toContain('data-pagefind-body');
    expect(html).toContain('<meta name="robots" content="noindex">');
  }
});

describe.each(exercises)('the slides of $id', ({ id }) => {
  test('need no scrolling at 1280 × 720, before and after a prediction’s answer and within a game', async () => {
    const view = await View.open(site(), `/present/${id}/`);
    const tooLong: string[] = [];
    const look = async (when: string) => {
      const over = await view.slide.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
      if (over > 1) tooLong.push(`slide ${await view.at()}, ${when}: ${over}px`);
    };
    for (let at = 1; at <= (await view.count()); at++) {
      expect(await view.at()).toBe(at);
      await look('as it comes');
      if (await view.slide.locator('fault-prediction').count()) {
        await view.press('PageDown');
        await view.slide.locator('[data-locked]').waitFor();
        await look('answered');
      }
      if (await view.slide.locator('fault-scheduler').count()) {
        await view.press('a');
        await view.slide.locator('output', { hasText: '1 of' }).waitFor();
        await look('at play');
      }
      await view.press('Shift+ArrowRight');
    }
    expect(tooLong).toEqual([]);
    expect(view.page.complaints).toEqual([]);
  });
});

describe('by remote', () => {
  test('an execution goes to its end before the next slide comes, and back to its beginning', async () => {
    const view = await View.open(site(), '/present/be-the-scheduler/');
    const at = await view.find('.experiment');
    await view.ready();
    await view.press('PageDown', 'PageDown', 'PageDown', 'PageDown');
    expect([await view.at(), await view.step()]).toEqual([at, '4 of 4']);
    await view.press('PageDown');
    expect(await view.at()).toBe(at + 1);
    await view.press('PageUp', 'PageUp');
    expect([await view.at(), await view.step()]).toEqual([at, '3 of 4']);
    await view.press('PageUp', 'PageUp', 'PageUp', 'PageUp');
    expect(await view.at()).toBe(at - 1);
  });

  test('keys that a stepper or a slider has for itself do not keep the remote from going on', async () => {
    const view = await View.open(site(), '/present/be-the-scheduler/');
    const at = await view.find('.experiment');
    await view.ready();
    await view.slide.locator('.lanes').focus();
    await view.press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    expect(await view.at()).toBe(at + 1);
    await view.press('ArrowLeft');
    await view.slide.locator('[type=range]').focus();
    await view.press('PageDown');
    expect(await view.at()).toBe(at + 1);
  });

  test('Home and End go to the first and the last slide, and neither end goes further', async () => {
    const view = await View.open(site(), '/present/be-the-scheduler/');
    await view.press('PageUp');
    expect(await view.at()).toBe(1);
    await view.press('End', 'PageDown');
    expect(await view.at()).toBe(await view.count());
    await view.press('Home');
    expect(await view.at()).toBe(1);
  });

  test('the screen goes blank, and comes back without going on', async () => {
    const view = await View.open(site(), '/present/be-the-scheduler/');
    await view.press('.');
    expect(await view.page.locator('.blank').isVisible()).toBe(true);
    await view.press('PageDown');
    expect(await view.page.locator('.blank').isVisible()).toBe(false);
    expect(await view.at()).toBe(1);
  });

  test('Escape leaves for the lesson, but first closes what lies over the slide', async () => {
    const view = await View.open(site(), '/present/be-the-scheduler/');
    await view.press('?');
    await view.page.locator('#keys').waitFor();
    await view.press('Escape');
    await view.page.locator('#keys').waitFor({ state: 'hidden' });
    expect(view.page.url()).toContain('/present/');
    await view.press('Escape');
    await view.page.waitForURL('**/lessons/be-the-scheduler/');
  });

  test('letters can be turned off, and then mean nothing', async () => {
    const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
    await view.press('?');
    await view.page.locator('[data-letters]').uncheck();
    await view.press('Escape', 'b');
    expect(await view.page.locator('body[data-blank]').count()).toBe(0);
    await view.find('fault-scheduler');
    await view.press('a', '1');
    expect(await view.slide.locator('.game').isVisible()).toBe(false);
    expect(await view.page.evaluate((key) => localStorage.getItem(key), letterKeysKey)).toBe('off');
  });
});

describe('a game on a slide', () => {
  test('begins with a CPU’s letter or number; an arrow lets that CPU go on, and takes back', async () => {
    const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
    const at = await view.find('fault-scheduler');
    await view.press('b');
    await same(view.step, '1 of 1');
    await view.press('1');
    await same(view.step, '2 of 2');
    await view.press('ArrowRight');
    await same(view.step, '3 of 3');
    const lanes = await view.slide
      .locator('[data-part=stepper] tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.querySelector('.runs')?.className.match(/cpu-\d/)?.[0]));
    expect(lanes).toEqual(['cpu-1', 'cpu-0', 'cpu-0']);
    await view.press('ArrowLeft');
    await same(view.step, '2 of 3');
    await view.press('u');
    await same(view.step, '1 of 3');
    expect(await view.at()).toBe(at);
  });

  test('takes the letters of its own CPUs; another one is a key of the slides again', async () => {
    const view = await View.open(site(), '/present/what-was-merged/');
    await view.find('fault-scheduler[data-goal=deadlock]');
    await view.press('z');
    await same(view.step, '1 of 1');
    await view.press('2');
    await same(view.step, '2 of 2');
    expect(await view.slide.locator('[data-part=stepper] tbody .runs.cpu-1').count()).toBe(2);
    await view.press('b');
    expect(await view.page.locator('.blank').isVisible()).toBe(true);
  });

  test('that nobody has begun is passed by with arrows, and one that is over goes on to the next slide', async () => {
    const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
    const at = await view.find('fault-scheduler');
    await view.press('ArrowRight', 'ArrowLeft', 'a');
    await same(view.step, '1 of 1');
    for (let steps = 2; (await view.slide.locator('[data-move]').count()) > 0; steps++) {
      await view.press('ArrowRight');
      await same(async () => (await view.step()).startsWith(`${steps} of`) || steps, true);
    }
    expect(await view.at()).toBe(at);
    await view.press('ArrowRight');
    expect(await view.at()).toBe(at + 1);
  });
});

describe('two windows', () => {
  test('show the same slide, the same step and the same prediction, whichever is driven', async () => {
    const { room, notes } = await bothOf(site(), 'be-the-scheduler');
    await room.press('PageDown', 'PageDown');
    await same(notes.at, 3);
    expect(await notes.page.locator('[data-part=next]').innerText()).toMatch(/\w+ · \w+/);
    const asked = await notes.find('fault-prediction');
    await same(room.at, asked);
    await notes.press('2', 'PageDown');
    await room.slide.locator('[data-locked] .option:nth-of-type(2) input:checked').waitFor();
    await room.find('.experiment');
    await room.ready();
    await room.press('PageDown', 'PageDown');
    await same(notes.step, '2 of 4');
    await notes.press('ArrowLeft');
    await same(room.step, '1 of 4');
  });

  test('show the same game', async () => {
    const { room, notes } = await bothOf(site(), 'can-the-lock-enclose-it');
    await notes.find('fault-scheduler');
    await same(() => room.slide.locator('fault-scheduler').count(), 1);
    await notes.press('a');
    await same(room.step, '1 of 1');
    await room.press('b');
    await same(notes.step, '2 of 2');
    await room.press('ArrowLeft');
    await same(notes.step, '1 of 2');
  });

  test('keep place and clock when either is loaded again', async () => {
    const { room, notes } = await bothOf(site(), 'be-the-scheduler');
    await notes.page.clock.install();
    await notes.page.locator('[data-part=toggle]').click();
    await notes.page.clock.runFor('02:05');
    await same(() => notes.page.locator('[data-part=time]').innerText(), '2:05');
    await notes.page.locator('[data-part=toggle]').click();
    await notes.press('PageDown', 'PageDown');
    await notes.page.reload();
    await same(notes.at, 3);
    await same(() => notes.page.locator('[data-part=time]').innerText(), '2:05');
    await room.page.reload();
    await same(room.at, 3);
    await notes.page.locator('[data-part=reset]').click();
    await same(() => notes.page.locator('[data-part=time]').innerText(), '0:00');
  });

  test('of different lessons leave each other alone', async () => {
    const { room, context } = await bothOf(site(), 'be-the-scheduler');
    const other = new View(await openTab(context, `${site().url}/present/insert-pfn/`));
    await room.press('PageDown', 'PageDown');
    await other.press('PageDown');
    expect([await room.at(), await other.at()]).toEqual([3, 2]);
  });

  test('open from the slides with a key', async () => {
    const room = await View.open(site(), '/present/be-the-scheduler/#step-4');
    const [popup] = await Promise.all([room.page.waitForEvent('popup'), room.press('n')]);
    await popup.waitForURL('**/present/be-the-scheduler/notes/**');
    await popup.locator('#step-4[data-current]').waitFor();
  });
});

test('whoever presents begins unanswered, and nothing becomes their own progress', async () => {
  const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
  const { page } = view;
  const progress = {
    schema: 'faultline/progress/1',
    exercises: {
      'can-the-lock-enclose-it': {
        status: 'started',
        stage: 0,
        attempts: 0,
        hintsSeen: 0,
        predictions: { 'can-the-lock-enclose-it/outcome': 'holds' },
      },
    },
  };
  const kept = JSON.stringify(progress);
  await page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [progressKey, kept]);
  await page.reload();
  await view.find('fault-prediction');
  expect(await view.slide.locator('input:checked, [data-locked]').count()).toBe(0);
  await view.press('2', 'PageDown');
  await view.slide.locator('[data-locked]').waitFor();
  await view.find('fault-scheduler');
  for (const step of [1, 2, 3]) {
    await view.press('a');
    await same(view.step, `${step} of ${step}`);
  }
  await view.press('Shift+B', 'Shift+A');
  await same(() => view.slide.locator('[data-part=end]').getAttribute('data-state'), 'reached');
  const stored = await page.evaluate(
    ([one, two]) => [localStorage.getItem(one!), localStorage.getItem(two!)],
    [progressKey, scheduledKey],
  );
  expect(stored).toEqual([kept, null]);
});

test('the type grows and shrinks, for this browser, also from the notes', async () => {
  const { room, notes } = await bothOf(site(), 'be-the-scheduler');
  const size = () => room.page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const before = await size();
  await room.press('+', '+');
  expect(await size()).toBeCloseTo(before * 1.21, 1);
  await room.page.reload();
  expect(await size()).toBeCloseTo(before * 1.21, 1);
  await notes.press('-');
  await same(async () => (await size()) < before * 1.15, true);
});

test('where a slide is too long for a window, the remote scrolls it first', async () => {
  const view = await View.open(site(), '/present/insert-pfn/', {
    ...projector,
    viewport: { width: 1280, height: 300 },
  });
  await view.press('+', '+', '+', '+', '+');
  const at = await view.find('ul, ol');
  await view.press('PageDown');
  expect(await view.at()).toBe(at);
  expect(await view.slide.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
});

test.each(['', 'notes/'])('without scripts nothing is there that needs one: /%s', async (view) => {
  const page = await site().open(`/present/one-fault/${view}`, { javaScriptEnabled: false });
  expect(await page.locator('.needs-script').filter({ visible: true }).count()).toBe(0);
});

describe('is accessible', () => {
  test.each(['', 'notes/'])('on what goes on within a slide, and with the keys open: /%s', async (view) => {
    const shown = await View.open(site(), `/present/can-the-lock-enclose-it/${view}`);
    const found: string[] = [];
    await shown.find('fault-prediction');
    found.push(...(await violationsOn(shown.page)));
    await shown.press('1', 'PageDown');
    found.push(...(await violationsOn(shown.page)));
    await shown.find('.experiment');
    await shown.ready();
    await shown.press('PageDown', 'PageDown');
    found.push(...(await violationsOn(shown.page)));
    await shown.find('fault-scheduler');
    await shown.press('a');
    await same(shown.step, '1 of 1');
    found.push(...(await violationsOn(shown.page)));
    await shown.find('.desk');
    found.push(...(await violationsOn(shown.page)));
    await shown.press('?');
    found.push(...(await violationsOn(shown.page)));
    expect(found).toEqual([]);
  });
});
