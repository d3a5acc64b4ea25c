/** The questions for a review: each with an experiment behind it, and on paper two sheets. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dist, withSite } from './site.ts';

const site = withSite();
const path = '/checklist/';

test('each question leads to what shows the failure that it prevents', async () => {
  const page = await site().open(path);
  const questions = await page.locator('.checklist > .prose > ol > li').count();
  const addresses = await page
    .locator('.checklist > .prose > ol > li em + a')
    .evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''));
  expect(questions).toBe(13);
  expect(addresses).toHaveLength(questions);
  for (const address of addresses) {
    const [to, id] = address.split('#');
    const html = readFileSync(join(dist, to || path, 'index.html'), 'utf8');
    // From there on, up to the next section, stands an execution or a game.
    const [, section = ''] = html.split(`id="${id}"`);
    const isShown = /<fault-(?:stepper|scheduler)/.test(section.split(/<h[23]\b/)[0] ?? '');
    expect(isShown, address).toBe(true);
  }
});

test('on paper each question has an address to type, which leads where its link leads', async () => {
  const page = await site().open(path);
  const links = page.locator('.checklist > .prose > ol > li em + a');
  const written = page.locator('.checklist > .prose > ol > li em + a + .address');
  expect(await written.first().isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  for (const each of await written.all()) expect(await each.isVisible()).toBe(true);
  const leads = await links.evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href));
  expect((await written.allInnerTexts()).map((each) => site().url + each)).toEqual(leads);
  // A table that is on the sheet needs none.
  expect(await page.getByText('/checklist/#five-ways-to-fill-a-mapping').isVisible()).toBe(false);
});

test.each(['A4', 'Letter'])('the questions are one sheet of %s, the table another, and that is all', async (format) => {
  const page = await site().open(path);
  const sheets = async () => (await page.pdf({ format })).toString('latin1').match(/\/Type ?\/Page\b/g)?.length;
  expect(await sheets()).toBe(2);
  await page.locator('#five-ways-to-fill-a-mapping').evaluate((heading) => {
    while (heading.nextElementSibling) heading.nextElementSibling.remove();
    heading.remove();
  });
  expect(await sheets()).toBe(1);
});

test('its experiments are as wide as those of lessons: a single lane has all but the numbers', async () => {
  const page = await site().open(path, { viewport: { width: 360, height: 640 } });
  const lanes = page.locator('fault-stepper').last().locator('tbody tr:first-child');
  const [number, lane] = await lanes.locator('> *').evaluateAll((all) => all.map(({ clientWidth }) => clientWidth));
  expect(lane ?? 0).toBeGreaterThan(4 * (number ?? 0));
});
