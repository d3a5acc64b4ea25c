/**
 * From Ctrl-Enter to the verdict, in the built page: of every exercise's solution, the first run after the page has loaded (at once, and of
 * somebody who has been in the editor for some seconds), and runs after that, while a worker stands by. Milliseconds, as JSON.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { serve } from '../../src/cli/serve.ts';
import { launch } from './launch.ts';

const root = resolve(import.meta.dirname, '../..');
const RUNS = 8;
/** Milliseconds: who edits is at least the page's own pause (600) and a few keys away from the next run, and a worker rehearses meanwhile. */
const PAUSE = 1_000;
/** Milliseconds: nobody writes an answer in less. */
const WRITING = 4_000;

/** What this script has to say. */
interface Latency {
  /** Of each exercise, in its page: the first run. */
  readonly first: readonly number[];
  /** The same, of somebody who has been writing. */
  readonly written: readonly number[];
  /** All that came after, of all exercises. */
  readonly warm: readonly number[];
}

const folders = readdirSync(join(root, 'exercises')).filter((folder) => /^\d+-/.test(folder));

async function opened(address: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.locator('#workbench').scrollIntoViewIfNeeded();
  await page.locator('[data-part=run]:not([aria-disabled])').waitFor();
  return page;
}

/** Puts the text into the editor, as by pasting. */
async function write(page: Page, text: string): Promise<void> {
  const editor = page.locator('.cm-content');
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** In the page: from the click on Run to the verdict's heading. */
function timeOfRun(): Promise<number> {
  const part = (name: string) => document.querySelector<HTMLElement>(`[data-part=${name}]`) as HTMLElement;
  part('verdict').replaceChildren();
  return new Promise((resolve) => {
    const before = performance.now();
    const observer = new MutationObserver(() => {
      if (!document.querySelector('.verdict .outcome')) return;
      observer.disconnect();
      resolve(performance.now() - before);
    });
    observer.observe(part('verdict'), { childList: true, subtree: true });
    part('run').click();
  });
}

const served = await serve(join(root, 'dist'), { port: 0, host: '127.0.0.1' });
const browser = await launch();
const [first, written, warm]: [number[], number[], number[]] = [[], [], []];
for (const folder of folders) {
  const solution = readFileSync(join(root, 'exercises', folder, 'solution.ts'), 'utf8');
  const address = `http://127.0.0.1:${served.port}/lessons/${folder.replace(/^\d+-/, '')}/`;
  let page = await opened(address);
  await write(page, solution);
  first.push(await page.evaluate(timeOfRun));
  for (let run = 0; run < RUNS; run++) {
    await page.waitForTimeout(PAUSE);
    warm.push(await page.evaluate(timeOfRun));
  }
  await page.close();
  page = await opened(address);
  await page.locator('.cm-content').focus();
  await page.waitForTimeout(WRITING);
  await write(page, solution);
  written.push(await page.evaluate(timeOfRun));
  await page.close();
}
await browser.close();
await served.close();
console.log(JSON.stringify({ first, written, warm } satisfies Latency));
