/** A site that is kept in a browser, and that a test may change, move and take away. */

import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Served, serve } from '../../src/cli/serve.ts';
import { writeServiceWorker } from '../../src/site/integrations/offline.ts';
import { dist, root } from './site.ts';

export class KeptSite {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'faultline-site-')));
  #served: Served | undefined;

  /** A copy of the built site. */
  static async ofDist(): Promise<KeptSite> {
    const site = new KeptSite();
    cpSync(dist, site.folder, { recursive: true });
    await site.serve();
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#served?.port}`;
  }

  get port(): number {
    return this.#served?.port ?? 0;
  }

  async serve(): Promise<void> {
    this.#served = await serve(this.folder);
  }

  async kill(): Promise<void> {
    await this.#served?.close();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Nothing of it is left at its address, but a page of another project. */
  replaceByAnother(): void {
    rmSync(this.folder, { recursive: true });
    mkdirSync(this.folder);
    writeFileSync(join(this.folder, 'index.html'), '<!doctype html><title>Another</title><h1>Another project</h1>');
  }

  /** Builds it for a folder below. */
  async build(base: string, ...more: string[]): Promise<void> {
    const args = ['src/cli/build.ts', '--base', base, '--out', join(this.folder, base), ...more];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    const code = await new Promise((done) => child.once('close', done));
    if (code !== 0) throw new Error(`the build for ${base} failed`);
  }

  /** Another version: with this as the heading of the home page, and whatever else is done to its files. */
  publish(heading: string, { base = '/', change = (_folder: string): void => undefined } = {}): void {
    const folder = join(this.folder, base);
    const home = join(folder, 'index.html');
    writeFileSync(home, readFileSync(home, 'utf8').replace(/<h1>.*?<\/h1>/s, `<h1>${heading}</h1>`));
    change(folder);
    writeServiceWorker(folder, base);
  }

  /** The files of a folder whose names fit, as paths. */
  files(folder: string, name: RegExp): string[] {
    return readdirSync(join(this.folder, folder))
      .filter((each) => name.test(each))
      .map((each) => join(this.folder, folder, each));
  }
}

/** Until the page says that the site is kept. */
export const kept = (page: Page): Promise<void> => page.locator('fault-offline[data-state=kept]').waitFor();

export const headingOf = (page: Page): Promise<string> => page.locator('h1').innerText();

/** Until the page has that heading. */
export const titled = (page: Page, heading: string): Promise<void> =>
  page.locator('h1').filter({ hasText: heading }).waitFor();

/** Names of all caches of the origin. */
export const cachesOf = (page: Page): Promise<string[]> => page.evaluate(() => caches.keys());

/** As when the reader comes back to the tab, and the page asks whether there is a new version. */
export const comeBack = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

export const offerOf = (page: Page) => page.getByRole('status').filter({ hasText: 'new version' });
