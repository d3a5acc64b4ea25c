/** The page about the model: found from everywhere, and with what the course's own files say. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dist, pages, root, withSite } from './site.ts';

const site = withSite();
const path = '/about-the-model/';

// A slide has a bar of its own at its foot.
test.each(pages().filter((page) => !page.startsWith('/present/')))('%s leads to it from its foot', (page) => {
  const html = readFileSync(join(dist, page.endsWith('/') ? `${page}index.html` : page), 'utf8');
  expect(html.slice(html.indexOf('<footer class="site"'))).toContain(`<a href="${path}">About the model</a>`);
});

test('the README leads to it', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('(content/pages/about-the-model.mdx)');
});

test('says what is modelled and what is left out in the words of the kernel’s README', async () => {
  const page = await site().open(path);
  const readme = readFileSync(join(root, 'src/linux/README.md'), 'utf8');
  const rows = /## What is modelled\n([\s\S]*?)\n## /.exec(readme)?.[1]?.match(/^\| `.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(0);
  expect(await page.locator('main table', { hasText: 'where' }).locator('tbody tr').count()).toBe(rows.length);
  const leftOut = /## What is left out, on purpose\n([\s\S]*?)\n## /.exec(readme)?.[1]?.match(/^- \*\*[^*]+/gm) ?? [];
  const told = await page.locator('main').innerText();
  // Rendered, apostrophes are typographic ones.
  for (const item of leftOut)
    expect(told).toContain(item.replace('- **', '').replaceAll(/\s+/g, ' ').replaceAll("'", '’'));
});

test('says plainly what has been compared with a running Linux, and what has not', async () => {
  const page = await site().open(path);
  const rows = await page.locator('main table', { hasText: 'Recording' }).locator('tbody tr').allInnerTexts();
  expect(rows).toHaveLength(readdirSync(join(root, 'src/fidelity/recordings')).length);
  for (const row of rows) expect(row).toMatch(/\d+\s+\S.*\s+\d+$/);
  await page.locator('main').getByRole('link', { name: 'what that leaves open' }).click();
  await page.waitForURL(/#what-nobody-has-checked$/);
  expect(await page.locator('#what-nobody-has-checked').isVisible()).toBe(true);
});

test('holds numbers, each of them counted', async () => {
  const page = await site().open(path);
  const section = await page.locator('main .prose').innerText();
  for (const counted of [
    /\d+ numbers of executions/,
    /\d+ random programs/,
    /\d+ faults were planted/,
    /their \d+ rows/,
  ])
    expect(section).toMatch(counted);
});
