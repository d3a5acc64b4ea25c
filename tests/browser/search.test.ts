import { expect, test } from 'vitest';
import { exercises, type OpenPage, openTab, withSite } from './site.ts';

const site = withSite();
const results = (page: OpenPage) => page.locator('fault-search li');
const told = (page: OpenPage) => page.locator('fault-search [role=status]');

test('one types at once, and each result is reached by Tab and followed by Enter', async () => {
  const page = await site().open('/');
  await page.locator('header .search-link').press('Enter');
  await page.locator('fault-search input').waitFor();
  await page.keyboard.type('vma_lock');
  await results(page).first().waitFor();
  expect(await told(page).innerText()).toMatch(/^\d+ pages\.$/);
  await page.keyboard.press('Tab');
  const address = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
  expect(address).toContain(`${site().url}/`);
  await page.keyboard.press('Enter');
  await page.waitForURL(address);
  expect(page.complaints).toEqual([]);

  await page.goBack();
  expect(await page.locator('fault-search input').inputValue()).toBe('vma_lock');
  await results(page).first().waitFor();
});

test('a word of the glossary leads to its entry', async () => {
  const page = await site().open('/search/?q=sleep+set+or+preemption');
  await told(page).filter({ hasText: /./ }).waitFor();
  await page.locator('fault-search input').fill('preemption');
  await expect.poll(() => page.locator('fault-search a[href*="/glossary/#"]').count()).toBeGreaterThan(0);
});

test('what is not there is said, and what one typed is text', async () => {
  const page = await site().open('/search/');
  await page.keyboard.type('qqqq<qqqq>');
  await told(page).filter({ hasText: 'Nothing about “qqqq<qqqq>”.' }).waitFor();
  expect(page.complaints).toEqual([]);
  await page.locator('fault-search input').fill('');
  await expect.poll(() => told(page).innerText()).toBe('');
  expect(new URL(page.url()).search).toBe('');
});

test('neither solutions nor the reasons of predictions are found', async () => {
  const page = await site().open('/search/');
  // As text: an import in a function would become the test runner's own.
  const texts = await page.evaluate<string[]>(`import('/pagefind/pagefind.js')
    .then(({ search }) => search(null))
    .then(({ results }) => Promise.all(results.map((each) => each.data())))
    .then((all) => all.map(({ content }) => content))`);
  expect(texts.length).toBeGreaterThan(exercises.length);
  for (const { id } of exercises) {
    const reasons = await reasonsOf(await site().open(`/lessons/${id}/`));
    for (const reason of reasons)
      expect(
        texts.some((text) => text.includes(reason)),
        reason,
      ).toBe(false);
  }
});

/** How each reason begins. */
async function reasonsOf(page: OpenPage): Promise<string[]> {
  const reasons = page.locator('fault-prediction .reason');
  return (await reasons.evaluateAll((all) => all.map((each) => each.textContent ?? ''))).map((text) =>
    squeezed(text).slice(0, 30),
  );
}

const squeezed = (text: string): string => text.replaceAll(/\s+/g, '');

test('where the browser starts no worker, it searches in the page', async () => {
  const context = await site().browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(() => Reflect.deleteProperty(window, 'Worker'));
  const page = await openTab(context, `${site().url}/search/?q=vma_lock`);
  await results(page).first().waitFor();
  expect(page.complaints).toEqual([]);
});

test('an index that cannot be loaded is said to be missing', async () => {
  const page = await site().open('/search/');
  await page.route('**/pagefind/**', (route) => route.abort());
  await page.keyboard.type('lock');
  await told(page).filter({ hasText: 'could not be loaded' }).waitFor();
});
