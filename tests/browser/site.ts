/** The built site, served to a browser; and what a learner does in it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { serve } from '../../src/cli/serve.ts';
import { launch } from './launch.ts';

export const root = resolve(import.meta.dirname, '../..');
export const dist = join(root, 'dist');

export interface Site {
  readonly browser: Browser;
  readonly url: string;
  /** A page of its own context, on that path. What it complains about in the console is in `complaints`. */
  open(path: string, options?: BrowserContextOptions): Promise<OpenPage>;
}

export type OpenPage = Page & { readonly complaints: string[] };

/** The site for the tests of a file. A page that is to outlive a test is opened before all of them. */
export function withSite(): () => Site {
  let site: Site | undefined;
  let close: (() => Promise<void>) | undefined;
  /** Those that the test has opened: once it is over, their workers need not go on. */
  let pages: OpenPage[] = [];
  beforeAll(async () => {
    const served = await serve(dist, { port: 0, host: '127.0.0.1' });
    const browser = await launch();
    const url = `http://127.0.0.1:${served.port}`;
    const open = async (path: string, options?: BrowserContextOptions) => {
      const page = await openPage(browser, url + path, options);
      pages.push(page);
      return page;
    };
    site = { browser, url, open };
    close = async () => {
      await browser.close();
      await served.close();
    };
  });
  beforeEach(() => {
    pages = [];
  });
  afterEach(() => Promise.all(pages.map((page) => page.context().close())));
  afterAll(() => close?.());
  return () => {
    if (!site) throw new Error('the site is not served yet: ask for it inside of a test');
    return site;
  };
}

async function openPage(browser: Browser, url: string, options?: BrowserContextOptions): Promise<OpenPage> {
  // Each context would load the whole site to keep it: that is for the tests of just that.
  return openTab(await browser.newContext({ serviceWorkers: 'block', ...options }), url);
}

/** One more page of a context. */
export async function openTab(context: BrowserContext, url: string): Promise<OpenPage> {
  const page = Object.assign(await context.newPage(), { complaints: [] as string[] });
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  await page.goto(url);
  return page;
}

/** Paths of all pages. */
export const pages = (): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .map((file) => `/${file.replaceAll('\\', '/').replace(/index\.html$/, '')}`)
    .sort();

export interface Exercise {
  readonly id: string;
  read(file: string): string;
  /** Its wrong answers, with the misconception that each names in its first line. */
  wrong(): { name: string; text: string; misconception: string }[];
}

/** The exercises that there are. */
export const exercises: readonly Exercise[] = readdirSync(join(root, 'exercises'))
  .filter((folder) => /^\d+-/.test(folder))
  .map((folder) => {
    const read = (file: string) => readFileSync(join(root, 'exercises', folder, file), 'utf8');
    const names = () => readdirSync(join(root, 'exercises', folder, 'wrong'));
    const wrong = () =>
      names().map((name) => {
        const text = read(`wrong/${name}`);
        return { name, text, misconception: /^\/\/ misconception: (\S+)/.exec(text)?.[1] ?? '' };
      });
    return { id: folder.replace(/^\d+-/, ''), read, wrong };
  });

/** What a learner does at a workbench. */
export class Bench {
  readonly page: OpenPage;

  constructor(page: OpenPage) {
    this.page = page;
  }

  static async open(site: Site, exercise: string, options?: BrowserContextOptions): Promise<Bench> {
    const bench = new Bench(await site.open(`/lessons/${exercise}/`, options));
    await bench.ready();
    return bench;
  }

  /** Until it takes text and can run it. */
  async ready(): Promise<void> {
    await this.page.locator('#workbench').scrollIntoViewIfNeeded();
    await this.page.locator('[data-part=run]:not([aria-disabled])').waitFor();
  }

  part(name: string) {
    return this.page.locator(`[data-part=${name}]`);
  }

  /** Replaces all text, as by pasting. */
  async write(text: string): Promise<void> {
    const editor = this.page.locator('.cm-content');
    await editor.focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await editor.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Runs what is written, and waits for the verdict on it. */
  async run(): Promise<string> {
    await this.part('verdict').evaluate((verdict) => verdict.replaceChildren());
    await this.part('run').click();
    return this.outcome();
  }

  /** The class that says how it ended. */
  async outcome(): Promise<string> {
    const outcome = this.page.locator('.verdict .outcome');
    await outcome.waitFor({ timeout: 120_000 });
    return (await outcome.getAttribute('class'))?.replace('outcome ', '') ?? '';
  }
}
