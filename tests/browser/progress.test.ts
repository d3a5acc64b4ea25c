/** Progress leaves a page as a file, and comes into another page, or into the terminal, and back. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { graded, noProgress } from '../../src/course/progress.ts';
import { draftKey, progressKey } from '../../src/site/keys.ts';
import { buildHouse } from '../house.ts';
import { type OpenPage, withSite } from './site.ts';

const site = withSite();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-'));
});
afterAll(() => rm(folder, { recursive: true }));

const passed = graded(
  noProgress(),
  'one-fault',
  { course: '0.1.0', submission: 'x', outcome: 'passed', checks: [] },
  new Date(0),
);

/** A page in which this has been done. */
async function pageWith(stored: Record<string, string>): Promise<OpenPage> {
  const page = await site().open('/progress/');
  await page.evaluate((all) => {
    for (const [key, text] of Object.entries(all)) localStorage.setItem(key, text);
  }, stored);
  await page.reload();
  return page;
}

async function download(page: OpenPage): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^faultline-progress-\d{4}-\d\d-\d\d\.json$/);
  const path = join(folder, `${Math.random()}.json`);
  await file.saveAs(path);
  return path;
}

async function bring(page: OpenPage, path: string): Promise<string> {
  await page.getByLabel('File').setInputFiles(path);
  const said = page.getByRole('status').filter({ hasText: /\S/ });
  await said.waitFor();
  return said.innerText();
}

test('goes from page to page', async () => {
  const one = await pageWith({ [progressKey]: JSON.stringify(passed), [draftKey('one-fault')]: '// one' });
  const file = await download(one);
  expect(await one.locator('[data-part=said]').innerText()).toMatch(/1 passed of 1 begun, one draft\.$/);
  const other = await pageWith({ [draftKey('one-fault')]: '// other' });
  expect(await other.locator('[data-part=here]').innerText()).toContain('0 passed of 0 begun');
  expect(await bring(other, file)).toMatch(
    /^Imported\. You had 0 passed of 0 begun; you have 1 passed of 1 begun\.\s+New beside your drafts: one-fault\.\d/,
  );
  expect(await other.locator('[data-part=here]').innerText()).toContain('1 passed of 1 begun');
  expect(await other.evaluate((key) => localStorage.getItem(key), draftKey('one-fault'))).toBe('// other');
  expect([...one.complaints, ...other.complaints]).toEqual([]);
});

test('goes into the terminal and back', async () => {
  const { house, run, draft, remove } = buildHouse();
  onTestFinished(remove);
  const page = await pageWith({ [progressKey]: JSON.stringify(passed), [draftKey('one-fault')]: '// from the page\n' });
  expect(run('progress', ['import', await download(page)])).toMatchObject({ status: 0 });
  expect(await readFile(join(house, 'my/one-fault.ts'), 'utf8')).toBe('// from the page\n');
  draft('// from the terminal\n');
  const back = join(folder, 'back.json');
  expect(run('progress', ['export', back])).toMatchObject({ status: 0 });
  expect(await bring(page, back)).toMatch(/New beside your drafts: count-a-fault\.ts\./);
});

test.each([
  ['torn', '{ "schema"', /cannot be imported: it is no file of progress\. What you had is as it was\.$/],
  [
    'of a newer version',
    '{"schema":"faultline/progress/9"}',
    /which a newer version of the course writes.* Reload this page/,
  ],
  [
    'with a draft that leads elsewhere',
    JSON.stringify({ ...noProgress(), drafts: { '../x': '' } }),
    /cannot be the name of a draft/,
  ],
])('refuses a file that is %s, and nothing is lost', async (_, text, says) => {
  const page = await pageWith({ [progressKey]: JSON.stringify(passed) });
  const path = join(folder, 'bad.json');
  await writeFile(path, text);
  expect(await bring(page, path)).toMatch(says);
  expect(await page.evaluate((key) => localStorage.getItem(key), progressKey)).toBe(JSON.stringify(passed));
});
