/** The page on which a browser tests itself: what it says where all is there, and where something is refused. */

import { expect, test } from 'vitest';
import { prefix } from '../../src/site/keys.ts';
import { violationsOn } from './axe.ts';
import { type OpenPage, openTab, withSite } from './site.ts';

const site = withSite();

/**
 * The page, when it is done, in a browser to which that was done before. Its clock goes on by so many milliseconds whenever it is
 * read, so that how quick this machine is plays no part.
 */
async function tested({ spoil = () => {}, tick = 0 }: { spoil?: () => void; tick?: number } = {}): Promise<OpenPage> {
  const page = await site().open('/progress/', { colorScheme: 'light', reducedMotion: 'reduce' });
  await page.addInitScript((step) => {
    let now = 0;
    performance.now = () => {
      now += step;
      return now;
    };
  }, tick);
  await page.addInitScript(spoil);
  await page.goto(`${site().url}/ready/`);
  await done(page);
  return page;
}

const done = (page: OpenPage): Promise<void> => page.locator('fault-ready[data-done]').waitFor();
const headline = (page: OpenPage): Promise<string> => page.locator('[data-part=headline]').innerText();
const row = (page: OpenPage, name: string) =>
  page.locator('.rows li').filter({ has: page.getByRole('heading', { name }) });

/** How it comes out, row by row. */
const states = async (page: OpenPage): Promise<Record<string, string>> =>
  Object.fromEntries(
    await page
      .locator('.rows li')
      .evaluateAll((all) => all.map((each) => [each.querySelector('h2')?.firstChild?.textContent, each.className])),
  );

const allGood = {
  'Scripts and styles': 'good',
  Workers: 'good',
  Sandbox: 'good',
  Grading: 'good',
  Storage: 'good',
  Links: 'good',
  'This address': 'good',
};

test('where all is there it says so, leaves nothing behind, and can be done again', async () => {
  const page = await tested();
  expect(await states(page)).toEqual(allGood);
  expect(await headline(page)).toBe('This browser is ready.');
  const kept = await page.evaluate(() => Object.keys(localStorage));
  expect(kept.filter((key) => key.startsWith(`${prefix}ready`))).toEqual([]);
  await page.getByRole('button', { name: 'Test again' }).press('Enter');
  expect(await headline(page)).toBe('Testing this browser …');
  await done(page);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Test again');
  expect(await states(page)).toEqual(allGood);
  expect(page.complaints).toEqual([]);
});

test('a slow machine is told', async () => {
  const page = await tested({ tick: 3000 });
  expect(await headline(page)).toBe('This browser will do, but look at grading.');
  expect(await row(page, 'Grading').innerText()).toContain('in 3.0 seconds');
});

test('what is missing without harm is told, with what to do about it', async () => {
  const spoil = () => {
    if (top !== self) return;
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    Reflect.deleteProperty(window, 'Worker');
    Reflect.deleteProperty(window, 'CompressionStream');
  };
  const page = await tested({ spoil });
  expect(await states(page)).toEqual({ ...allGood, Workers: 'fair', Storage: 'fair', Links: 'fair' });
  expect(await headline(page)).toBe('This browser will do, but look at workers, storage, links.');
  expect(await row(page, 'Storage').locator('.todo').innerText()).toContain('copy what you write');
  expect(await row(page, 'Workers').innerText()).toContain('They do not start here');
  expect(await row(page, 'Links').innerText()).toContain('An answer cannot be sent as a link (');
});

test('without its sandbox a browser will not do', async () => {
  const spoil = () => void Object.defineProperty(HTMLIFrameElement.prototype, 'srcdoc', { set: () => undefined });
  const page = await tested({ spoil });
  expect(await headline(page)).toBe('This browser will not do: sandbox, grading.');
  expect(await row(page, 'Sandbox').locator('.todo').innerText()).toContain('another browser');
});

test('the list can be copied for whoever leads the room', async () => {
  const page = await tested();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the list' }).click();
  await page.getByText('Copied.').waitFor();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  expect(lines[0]).toBe(await headline(page));
  expect(lines).toContain('Links (works): An answer can be sent as a link, and read again.');
  expect(lines.slice(-2)).toEqual([page.url(), await page.evaluate(() => navigator.userAgent)]);
});

test('is accessible in both schemes with all of it in sight, and fits into its window', async () => {
  const page = await tested({ spoil: () => void Reflect.deleteProperty(window, 'CompressionStream') });
  expect(await violationsOn(page)).toEqual([]);
  for (const width of [1440, 360, 320]) {
    await page.setViewportSize({ width, height: 720 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
});

test('says what it may be when its scripts do not run, and when they are off', async () => {
  const context = await site().browser.newContext({ serviceWorkers: 'block' });
  await context.route('**/*.js', (route) => route.fulfill({ contentType: 'text/plain', body: '' }));
  const stuck = await openTab(context, `${site().url}/ready/`);
  expect(await stuck.locator('[data-part=stuck]').innerText()).toContain('the page’s scripts do not run');
  await context.close();
  const off = await site().open('/ready/', { javaScriptEnabled: false });
  expect(await off.locator('main').innerText()).toContain('This browser will not do: JavaScript is off.');
  expect(await off.locator('[data-part=headline]').isVisible()).toBe(false);
});
