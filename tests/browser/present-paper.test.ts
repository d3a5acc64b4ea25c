/** Slides and notes on paper: each slide on one sheet, or whole on a part of one. */

import { describe, expect, test } from 'vitest';
import { projector, View } from './present-view.ts';
import { exercises, withSite } from './site.ts';

const site = withSite();

const sheetsIn = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length;

/** What is printed of the notes' A4 sheet, without its margins of 14 mm, in CSS pixels. */
const notesSheet = { width: 688, height: 1017 };

describe.each(exercises)('on paper, $id', ({ id }) => {
  test('has a sheet for each slide', async () => {
    const view = await View.open(site(), `/present/${id}/`);
    expect(sheetsIn(await view.page.pdf({ preferCSSPageSize: true }))).toBe(await view.count());
  });

  test('has no slide that is higher than a sheet of the notes', async () => {
    const view = await View.open(site(), `/present/${id}/notes/`, { ...projector, viewport: notesSheet });
    await view.page.emulateMedia({ media: 'print' });
    const heights = await view.page
      .locator('.slide')
      .evaluateAll((slides) => slides.map((slide) => slide.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(10);
    expect(Math.min(...heights)).toBeGreaterThan(0);
    expect(heights.filter((height) => height > notesSheet.height)).toEqual([]);
  });
});

test('slides come with nothing of the screen’s', async () => {
  const view = await View.open(site(), '/present/be-the-scheduler/#step-5');
  await view.page.emulateMedia({ media: 'print' });
  expect(await view.page.locator('body > .bar, #keys, .blank').filter({ visible: true }).count()).toBe(0);
});

test('notes come with all slides, and the answers', async () => {
  const view = await View.open(site(), '/present/be-the-scheduler/notes/');
  await view.page.emulateMedia({ media: 'print' });
  expect(await view.page.locator('.slide').filter({ visible: true }).count()).toBe(await view.count());
  expect(
    await view.page.locator('.lesson-notes, .plan, .slide .reason').filter({ visible: true }).count(),
  ).toBeGreaterThan(5);
  expect(await view.page.locator('body > .bar, .time, .next').filter({ visible: true }).count()).toBe(0);
});
