/** What an instructor has of the workshop: the plan by the clock, the sheets, the notes. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dist, exercises, type OpenPage, root, withSite } from './site.ts';

const site = withSite();
const tracks = readdirSync(join(root, 'content/workshop/tracks')).map(
  (file) => `/workshop/${file.replace('.yaml', '')}/`,
);
const track = '/workshop/90-minutes/';

const times = (page: OpenPage) => page.locator('.plan [data-minute]').allInnerTexts();

describe('the times of a plan', () => {
  test('count from its begin, then by the clock, and stay with the address', async () => {
    const page = await site().open(track);
    expect((await times(page)).slice(0, 2)).toEqual(['0:00', '0:05']);
    await page.getByLabel('Starts at').fill('13:58');
    expect((await times(page)).slice(0, 2)).toEqual(['13:58', '14:03']);
    expect(await page.locator('.track li [data-minute]').first().innerText()).toMatch(/^14:/);
    await page.reload();
    expect(await page.getByLabel('Starts at').inputValue()).toBe('13:58');
    expect((await times(page))[0]).toBe('13:58');
    await page.getByLabel('Starts at').fill('');
    expect((await times(page))[0]).toBe('0:00');
    expect(new URL(page.url()).hash).toBe('');
    expect(page.complaints).toEqual([]);
  });

  test('are what they were where the address names no time', async () => {
    const page = await site().open(`${track}#start=25:00`);
    expect((await times(page))[0]).toBe('0:00');
    await page.evaluate(() => {
      location.hash = '#start=08:05';
    });
    await expect.poll(async () => (await times(page))[0]).toBe('8:05');
  });

  test('need no script', async () => {
    const page = await site().open(track, { javaScriptEnabled: false });
    expect((await times(page))[1]).toBe('0:05');
    expect(await page.getByLabel('Starts at').isVisible()).toBe(false);
  });
});

test('a plan leads to the slides of each lesson', async () => {
  const page = await site().open(track);
  const [talks, slides] = [page.locator('.plan .talk'), page.locator('.plan').getByRole('link', { name: 'Slides of' })];
  expect(await slides.count()).toBe(await talks.count());
  await slides.first().click();
  await page.waitForURL('**/present/one-fault/?track=90-minutes');
});

describe('a printed track', () => {
  /** How many sheets it comes to. */
  async function sheets(page: OpenPage, format: string): Promise<number> {
    const pdf = await page.pdf({ format });
    return pdf.toString('latin1').match(/\/Type ?\/Page\b/g)?.length ?? 0;
  }

  test.each(tracks.flatMap((path) => ['A4', 'Letter'].map((format) => ({ path, format }))))(
    '$path has its plan on one sheet of $format, and each lesson’s notes on one',
    async ({ path, format }) => {
      const page = await site().open(path);
      const lessons = await page.locator('details').count();
      expect(lessons).toBeGreaterThan(0);
      const all = await sheets(page, format);
      await page.locator('.all-notes').evaluate((notes) => notes.remove());
      const withoutNotes = await sheets(page, format);
      expect(all - withoutNotes).toBe(lessons);
      expect(withoutNotes).toBeLessThanOrEqual(2);
      await page.locator('section', { has: page.locator('#before') }).evaluate((before) => before.remove());
      expect(await sheets(page, format)).toBe(1);
    },
  );

  test('shows the notes that are folded, and nothing to press', async () => {
    const page = await site().open(track);
    const say = page.getByText('Say:').first();
    expect(await say.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await say.isVisible()).toBe(true);
    expect(await page.getByLabel('Starts at').isVisible()).toBe(false);
    expect(await page.locator('summary').first().isVisible()).toBe(false);
  });
});

test.each(['/workshop/', '/workshop/notes/', ...tracks])('%s asks nobody for npm who has a kit alone', async (path) => {
  const page = await site().open(path);
  const said = await page.locator('main :is(p, li)').evaluateAll((all) => all.map(({ textContent }) => textContent));
  expect(said.length).toBeGreaterThan(3);
  for (const each of said.filter((text) => text.includes('npm '))) expect(each).toContain('repository');
});

test.each(exercises)('the foot of the lesson $id leads to its notes', async ({ id }) => {
  const page = await site().open(`/lessons/${id}/`);
  await page.getByRole('contentinfo').getByRole('link', { name: 'For instructors' }).click();
  await page.waitForURL(`**/workshop/notes/#${id}`);
  expect(await page.locator(`[id="${id}"]`).getByText('Say:').count()).toBe(3);
});

test('notes and plans are not found by the search, for they tell what is to be predicted', () => {
  const hidden = [...tracks, '/workshop/notes/'].filter((path) =>
    readFileSync(join(dist, path, 'index.html'), 'utf8').includes('data-pagefind-body'),
  );
  expect(hidden).toEqual([]);
});
