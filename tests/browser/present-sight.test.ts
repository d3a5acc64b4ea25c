/** What a room must see of a slide without anybody scrolling: nobody can, with a remote. */

import { describe, expect, test } from 'vitest';
import { projector, View } from './present-view.ts';
import { exercises, withSite } from './site.ts';

const site = withSite();

/** At each step of the execution on a slide: what it has changed, but is not in sight. */
function changedOutOfSight(stepper: Element): string[] {
  const [slider, now] = [stepper.querySelector<HTMLInputElement>('[type=range]'), stepper.querySelector('.now')];
  if (!slider || !now) return ['there is no machine'];
  const seen = now.getBoundingClientRect();
  return Array.from({ length: Number(slider.max) + 1 }).flatMap((_, at) => {
    slider.value = String(at);
    slider.dispatchEvent(new Event('input'));
    const changed = [...now.querySelectorAll('.changed')].map((each) => each.getBoundingClientRect());
    return changed.some(({ top, bottom }) => top < seen.top - 1 || bottom > seen.bottom + 1) ? [`step ${at}`] : [];
  });
}

describe.each([
  [1280, 720],
  [1024, 768],
])('at %i × %i', (width, height) => {
  test.each(exercises)('what a step of $id changes fits beside the lanes', async ({ id }) => {
    const view = await View.open(site(), `/present/${id}/`, { ...projector, viewport: { width, height } });
    for await (const slide of view.each('.experiment')) {
      await view.ready();
      expect(await view.slide.locator('fault-stepper').evaluate(changedOutOfSight), slide).toEqual([]);
    }
    // A lock's bars stand in one line with what is said of them.
    expect(
      await view.page
        .locator('.picture .bar')
        .evaluateAll((bars) =>
          bars.map((bar) => getComputedStyle(bar).display).filter((display) => display !== 'inline'),
        ),
    ).toEqual([]);
  });
});

test('in a low window, what a step has changed comes into sight by itself', async () => {
  const low = { ...projector, viewport: { width: 1280, height: 500 } };
  const view = await View.open(site(), '/present/what-was-merged/', low);
  await view.press('+', '+', '+', '+', '+');
  await view.find('.experiment');
  await view.ready();
  const { isLonger, hidden } = await view.slide.locator('fault-stepper').evaluate(firstChangedOutOfSight);
  expect({ isLonger, hidden }).toEqual({ isLonger: true, hidden: [] });
});

/** The same of the first thing that a step has changed, once the step is over; and whether there is more than has room. */
async function firstChangedOutOfSight(stepper: Element): Promise<{ isLonger: boolean; hidden: number[] }> {
  const [slider, now] = [stepper.querySelector<HTMLInputElement>('[type=range]'), stepper.querySelector('.now')];
  if (!slider || !now) throw new Error('there is no machine');
  const hidden: number[] = [];
  for (let at = 1; at <= Number(slider.max); at++) {
    slider.value = String(at);
    slider.dispatchEvent(new Event('input'));
    await Promise.resolve();
    const [seen, first] = [now, now.querySelector('.changed')].map((each) => each?.getBoundingClientRect());
    if (seen && first && (first.top < seen.top - 1 || first.bottom > seen.bottom + 1)) hidden.push(at);
  }
  return { isLonger: now.scrollHeight > now.clientHeight, hidden };
}

test('what is unfolded within a game comes into sight, and lies over nothing', async () => {
  const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
  await view.find('fault-scheduler');
  await view.press('a');
  await view.slide.locator('output', { hasText: '1 of' }).waitFor();
  await view.slide.locator('.explored summary').click();
  const last = view.slide.locator('.explored tbody tr').last();
  const places = () =>
    last.evaluate((row) => {
      const [slide, game] = [row.closest('.slide'), document.querySelector('.slide[data-current] .game')];
      const bottomOf = (element: Element | null) => element?.getBoundingClientRect().bottom ?? 0;
      const topOfFold = row.closest('details')?.getBoundingClientRect().top ?? 0;
      return { inSight: bottomOf(row) <= bottomOf(slide), below: topOfFold >= bottomOf(game) - 1 };
    });
  await expect.poll(places).toEqual({ inSight: true, below: true });
});

test('a long listing is shown as a whole at 1280 × 720', async () => {
  const cut: string[] = [];
  for (const { id } of exercises) {
    const view = await View.open(site(), `/present/${id}/`);
    for await (const slide of view.each('pre')) {
      const over = await view.slide
        .locator('pre')
        .first()
        .evaluate((pre) => Math.max(pre.scrollHeight - pre.clientHeight, pre.scrollWidth - pre.clientWidth));
      if (over > 1) cut.push(`${id} ${slide}: ${over}px`);
    }
  }
  expect(cut).toEqual([]);
});
