/** After one visit the course needs no server; and what is kept of it changes only when the reader agrees, as a whole. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cachesOf, comeBack, headingOf, KeptSite, kept, offerOf, titled } from './kept-site.ts';
import { launch } from './launch.ts';
import { Bench, exercises, openTab, pages } from './site.ts';

const [first] = exercises;
const lesson = `/lessons/${first!.id}/`;
let browser: Browser;
let context: BrowserContext;
let site: KeptSite;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  site = await KeptSite.ofDist();
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await site.remove();
});

/** A tab on that page, of a site that is kept. */
async function open(path: string) {
  const page = await openTab(context, site.url + path);
  await kept(page);
  return page;
}

describe('after one visit, with the server killed', () => {
  test('every page opens', async () => {
    const page = await open('/');
    await site.kill();
    for (const path of pages()) {
      await page.goto(site.url + path);
      expect(await page.locator('h1').count(), path).toBe(1);
    }
    expect(page.complaints).toEqual([]);
  });

  test('every exercise is graded', async () => {
    const bench = new Bench(await open('/'));
    await site.kill();
    for (const { id, read } of exercises) {
      await bench.page.goto(`${site.url}/lessons/${id}/`);
      await bench.ready();
      await bench.write(read('solution.ts'));
      expect(await bench.run(), id).toBe('passed');
    }
    expect(bench.page.complaints).toEqual([]);
  });

  test('the search finds, and leads to what it has found', async () => {
    const page = await open('/');
    await site.kill();
    await page.goto(`${site.url}/search/`);
    await page.keyboard.type('mmap_lock');
    await page.locator('fault-search li').first().waitFor();
    const link = page.locator('fault-search .place a').first();
    const address = await link.getAttribute('href');
    await link.click();
    await page.waitForURL((url) => url.href.endsWith(address!));
    expect(page.complaints).toEqual([]);
  });

  test('an address without its slash leads to the page, and one that does not exist says so', async () => {
    const page = await open('/');
    await site.kill();
    await page.goto(site.url + lesson.slice(0, -1));
    expect(new URL(page.url()).pathname).toBe(lesson);
    const response = await page.goto(`${site.url}/nowhere/`);
    expect(response?.status()).toBe(404);
    expect(await headingOf(page)).toBe('This page is not present.');
  });
});

describe('types in the editor', () => {
  const isPressed = (bench: Bench) => bench.part('types').getAttribute('aria-pressed');

  async function pressTypes(bench: Bench): Promise<void> {
    await bench.part('types').click();
    await expect.poll(() => isPressed(bench), { timeout: 60_000 }).toBe('true');
  }

  /** In another lesson, with the server killed. */
  async function elsewhere(bench: Bench): Promise<Bench> {
    await site.kill();
    await bench.page.goto(`${site.url}/lessons/${exercises[1]!.id}/`);
    await bench.ready();
    return bench;
  }

  test('are there without a connection, once they have been asked for: even before the site was kept', async () => {
    const bench = new Bench(await openTab(context, site.url + lesson));
    await bench.ready();
    await pressTypes(bench);
    await kept(bench.page);
    await pressTypes(await elsewhere(bench));
  });

  test('outlive a new version', async () => {
    const bench = new Bench(await open(lesson));
    await bench.ready();
    await pressTypes(bench);
    site.publish('Version two');
    await comeBack(bench.page);
    await offerOf(bench.page).getByRole('button', { name: 'Reload' }).click();
    await bench.page.waitForEvent('load');
    await pressTypes(await elsewhere(bench));
  });

  test('say that they need a connection, where nobody has asked for them before', async () => {
    const bench = await elsewhere(new Bench(await open(lesson)));
    await bench.part('types').click();
    await bench.page.getByText('they need a connection the first time').first().waitFor();
    expect(await isPressed(bench)).toBe('false');
  });
});

describe('a new version', () => {
  test('waits, is offered, and comes when the reader agrees, with the draft', async () => {
    const bench = new Bench(await open(lesson));
    await bench.ready();
    site.publish('Version two');
    await comeBack(bench.page);
    await offerOf(bench.page).waitFor();

    const home = await openTab(context, `${site.url}/`);
    expect(await headingOf(home)).not.toBe('Version two');
    await home.close();

    await bench.write('// not yet stored');
    await offerOf(bench.page).getByRole('button', { name: 'Reload' }).click();
    await bench.page.waitForEvent('load');
    await bench.ready();
    expect(await bench.page.locator('.cm-content').innerText()).toContain('// not yet stored');
    await bench.page.goto(`${site.url}/`);
    expect(await headingOf(bench.page)).toBe('Version two');
    expect(await cachesOf(bench.page)).toHaveLength(1);
  });

  test('is offered again by the next page, if it was put off', async () => {
    const page = await open(lesson);
    site.publish('Version two');
    await comeBack(page);
    await offerOf(page).getByRole('button', { name: 'Later' }).click();
    expect(await offerOf(page).count()).toBe(0);
    await page.goto(`${site.url}/`);
    await offerOf(page).waitFor();
    expect(await headingOf(page)).not.toBe('Version two');
  });

  test('reloads no other tab, and leaves it what it may still load', async () => {
    const [page, other] = [await open('/'), new Bench(await open(lesson))];
    await other.ready();
    site.publish('Version two', {
      change: () => {
        for (const part of site.files('_astro', /^hints\./)) rmSync(part);
      },
    });
    await comeBack(page);
    await offerOf(page).getByRole('button', { name: 'Reload' }).click();
    await titled(page, 'Version two');

    await offerOf(other.page).waitFor();
    await other.part('hint').click();
    await other.page.locator('.hint').waitFor();
    expect(other.page.complaints).toEqual([]);
  });

  test.each([
    ['lacks a file', (folder: string) => rmSync(join(folder, 'lessons', first!.id, 'index.html'))],
    ['has a file of another version', (folder: string) => writeFileSync(join(folder, 'favicon.svg'), '<svg/>')],
  ])('that %s is not taken: the one before stays, as a whole', async (_, spoil) => {
    const page = await open('/');
    const before = { heading: await headingOf(page), caches: await cachesOf(page) };
    site.publish('Version two');
    spoil(site.folder);
    const failed = page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const found = new Promise<ServiceWorker>((done) =>
        registration.addEventListener('updatefound', () => done(registration.installing!), { once: true }),
      );
      registration.update().catch(() => undefined);
      const worker = await found;
      return new Promise((done) => worker.addEventListener('statechange', () => done(worker.state)));
    });
    expect(await failed).toBe('redundant');
    expect(await cachesOf(page)).toEqual(before.caches);
    await site.kill();
    for (const path of ['/', lesson]) await page.goto(site.url + path);
    await page.goto(`${site.url}/`);
    expect(await headingOf(page)).toBe(before.heading);
    await kept(page);
  });
});

test('on a first visit, whoever is at work is left in peace', async () => {
  const page = await context.newPage();
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1);
  const isKeeping = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) !== undefined);
  await page.goto(site.url + lesson, { waitUntil: 'load' });
  for (let times = 0; times < 5; times++) {
    await page.clock.runFor(2_900);
    await page.keyboard.press('Tab');
  }
  expect(await isKeeping()).toBe(false);
  await page.clock.runFor(3_000);
  await kept(page);
  expect(await isKeeping()).toBe(true);
});

test('where another project is served at the address, the copy leaves; what the learner wrote stays', async () => {
  const page = await open('/');
  await page.evaluate(() => localStorage.setItem('mine', 'kept'));
  site.replaceByAnother();
  await page.goto(`${site.url}/`);
  await titled(page, 'Another project');
  await page.reload();
  expect(await headingOf(page)).toBe('Another project');
  expect(await cachesOf(page)).toEqual([]);
  expect(await page.evaluate(() => localStorage.getItem('mine'))).toBe('kept');
});

test('a copy that could not be loaded is said to be missing, and the page works', async () => {
  rmSync(join(site.folder, 'favicon.svg'));
  const bench = new Bench(await openTab(context, site.url + lesson));
  await bench.page.locator('fault-offline[data-state=failed]').waitFor();
  expect(await bench.page.locator('fault-offline').innerText()).toContain('could not be kept');
  expect(await cachesOf(bench.page)).toEqual([]);
  await bench.ready();
});
