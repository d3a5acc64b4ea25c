/** A lesson’s slides and notes that keep to the plan of a track: what the notes’ clock counts against, and what comes next. */

import { describe, expect, test } from 'vitest';
import { violationsOn } from './axe.ts';
import { type OpenPage, openTab, withSite } from './site.ts';

const site = withSite();
const part = (page: OpenPage, name: string) => page.locator(`[data-part=${name}]`).first();
const shownPlan = (page: OpenPage) => page.locator('.keeps').filter({ visible: true });
const lines = (page: OpenPage) => shownPlan(page).locator('li').allInnerTexts();

/** What the plan’s own page says of a lesson that starts at that time, row by row. */
async function planned(track: string, start: string, lesson: string) {
  const page = await site().open(`/workshop/${track}/#start=${start}`);
  const talk = page.locator(`.plan tr.talk:has(a[href*="/lessons/${lesson}/"])`);
  const read = (row: typeof talk) =>
    row.evaluate((element) => ({
      at: element.querySelector('th')?.textContent ?? '',
      minutes: Number(element.querySelector('td:last-child')?.textContent),
    }));
  const after = talk.locator('xpath=following-sibling::tr');
  return {
    talk: await read(talk),
    after: [await read(after.nth(0)), await read(after.nth(1)), await read(after.nth(2))],
  };
}

/** Sets the page’s clock to so many minutes after a time of today. */
async function setTime(page: OpenPage, time: string, minutes: number): Promise<void> {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  await page.clock.setFixedTime(new Date(2026, 4, 5, hour, minute + minutes));
}

const says = (page: OpenPage, name: string, text: string | RegExp) =>
  expect.poll(() => part(page, name).innerText(), { timeout: 10_000 }).toMatch(text);

describe('a plan', () => {
  test('goes along from its page to the slides, to the notes, and to the next lesson', async () => {
    const page = await site().open('/workshop/half-day/');
    const slides = page.locator('.plan').getByRole('link', { name: 'Slides of' }).first();
    const search = async () => new URL(page.url()).search;
    expect(await slides.getAttribute('href')).toMatch(/\?track=half-day$/);
    await page.getByLabel('Starts at').fill('09:00');
    await slides.click();
    await page.waitForURL('**/present/one-fault/**');
    expect(await search()).toBe('?track=half-day&start=09:00');
    const [notes] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('n')]);
    await notes.waitForURL('**/present/one-fault/notes/?track=half-day&start=09:00**');
    await page.keyboard.press('End');
    await page.locator('.slide[data-current] .onward a').click();
    await page.waitForURL('**/present/be-the-scheduler/?track=half-day&start=09:00**');
    expect(page.complaints).toEqual([]);
  });

  test('has its start taken off the slides again', async () => {
    const page = await site().open('/workshop/half-day/#start=09:00');
    const slides = page.locator('.plan').getByRole('link', { name: 'Slides of' }).first();
    expect(await slides.getAttribute('href')).toContain('start=09:00');
    await page.getByLabel('Starts at').fill('');
    expect(await slides.getAttribute('href')).toMatch(/\?track=half-day$/);
  });
});

describe('the notes of a lesson in a track', () => {
  test('count against its minutes in that track, and say what comes next there', async () => {
    const { talk } = await planned('90-minutes', '09:00', 'one-fault');
    const page = await site().open('/present/one-fault/notes/?track=90-minutes');
    expect(await lines(page)).toEqual([
      `Talk ${talk.minutes} min, until ${talk.minutes}`,
      expect.stringMatching(/^Then “Be the scheduler”$/),
    ]);
    expect(await part(page, 'total').innerText()).toBe(String(talk.minutes));
    await says(page, 'standing', `${talk.minutes} min left for the talk`);
    expect(await part(page, 'day').isVisible()).toBe(false);
    expect(await part(page, 'complaint').isVisible()).toBe(false);
  });

  test('say with a start when each is by the clock, and what comes then', async () => {
    const { talk, after } = await planned('half-day', '09:00', 'be-the-scheduler');
    const page = await site().open('/present/be-the-scheduler/notes/?track=half-day&start=09:00');
    const [exercise, debrief, pause] = after;
    expect(await lines(page)).toEqual([
      `Talk ${talk.minutes} min, ${talk.at} to ${exercise?.at}`,
      `Exercise ${exercise?.minutes} min, ${exercise?.at} to ${debrief?.at}`,
      `Debrief ${debrief?.minutes} min, ${debrief?.at} to ${pause?.at}`,
      `Then break ${pause?.minutes} min at ${pause?.at}`,
      expect.stringMatching(/^Then “Reproduce the bug” at \d+:\d\d$/),
    ]);
  });

  test('say how far behind or ahead of the plan the day is, and do not read it out', async () => {
    const { talk } = await planned('half-day', '09:00', 'one-fault');
    const page = await site().open('/present/one-fault/notes/?track=half-day&start=09:00');
    await setTime(page, talk.at, 6);
    await says(page, 'day', '6 min behind plan, if the talk begins now');
    await part(page, 'toggle').click();
    await setTime(page, talk.at, 9);
    await says(page, 'time', '3:00');
    await says(page, 'day', /^6 min behind plan$/);
    await setTime(page, talk.at, 6 + talk.minutes + 2);
    await says(page, 'day', /^8 min behind plan$/);
    const toExercise = page.locator('.slide[data-phase=exercise]').first();
    await page.evaluate((hash) => location.assign(hash), `#${await toExercise.getAttribute('id')}`);
    await says(page, 'day', /^6 min behind plan$/);
    await setTime(page, talk.at, -2);
    await part(page, 'reset').click();
    await page.keyboard.press('Home');
    await says(page, 'day', /^2 min ahead of plan/);
    expect(await part(page, 'day').evaluate((day) => day.closest('[aria-live], [role=status], output'))).toBeNull();
    expect(page.complaints).toEqual([]);
  });

  test('are on paper with the plan that they keep to', async () => {
    const page = await site().open('/present/one-fault/notes/?track=90-minutes&start=09:00');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.keeps .label').filter({ visible: true }).allTextContents()).toEqual(['Ninety minutes']);
    expect(await page.locator('[data-part=day]').isVisible()).toBe(false);
  });

  test('are accessible in both schemes, with a plan that they are behind', async () => {
    const page = await site().open('/present/be-the-scheduler/notes/?track=90-minutes&start=09:00');
    await setTime(page, '9:00', 60);
    await says(page, 'day', /behind/);
    expect(await violationsOn(page, '.aside')).toEqual([]);
  });
});

describe('the notes are the lesson’s own', () => {
  test.each<[string, RegExp | undefined]>([
    ['', undefined],
    ['?track=nine-days&start=09:00', /no track with this lesson/],
    ['?track=%3Cb%3E', /no track with this lesson/],
    ['?start=09:00', /needs a track/],
  ])('with the address “%s”, and say what of it is ignored', async (search, complaint) => {
    const page = await site().open(`/present/one-fault/notes/${search}`);
    expect(await shownPlan(page).getAttribute('data-track')).toBe('');
    expect(await part(page, 'day').isVisible()).toBe(false);
    if (complaint) expect(await part(page, 'complaint').innerText()).toMatch(complaint);
    else expect(await part(page, 'complaint').isVisible()).toBe(false);
    expect(page.complaints).toEqual([]);
  });

  test('only in their times, where the start is none', async () => {
    const page = await site().open('/present/one-fault/notes/?track=90-minutes&start=25:00');
    expect(await shownPlan(page).getAttribute('data-track')).toBe('90-minutes');
    expect(await part(page, 'day').isVisible()).toBe(false);
    expect(await part(page, 'complaint').innerText()).toMatch(/no time of day/);
  });
});

test('the slides say nothing of a plan to the room, right or wrong, and both windows stay in step', async () => {
  const room = await site().open('/present/one-fault/?track=nine-days&start=25:00');
  expect(await room.locator('[data-part=complaint]').count()).toBe(0);
  const notes = await openTab(room.context(), `${site().url}/present/one-fault/notes/?track=half-day`);
  await room.keyboard.press('PageDown');
  await notes.locator('#step-2[data-current]').waitFor();
  expect(new URL(room.url()).search).toBe('?track=nine-days&start=25:00');
});
