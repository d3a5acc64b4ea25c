/**
 * A handler that takes memory without bound. V8 ends the process that runs out: where a browser gives the sandboxed frame a process
 * of its own, the page outlives it; where it does not, as on a phone, the page dies, and comes back with all that was written.
 * V8 is given little here, so that nothing else on the machine is short of memory meanwhile.
 */

import type { Browser, CDPSession } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { launch } from './launch.ts';
import { Bench, exercises, openTab, withSite } from './site.ts';

const site = withSite();
const exercise = exercises[0]!;
const little = '--js-flags=--max-old-space-size=300';
/** Ten megabytes or so, again and again, in a global. */
const hog = exercise
  .read('solution.ts')
  .replace(
    /(vfio_pci_mmap_fault\(.*\n)/,
    '$1  const kept: any = globalThis;\n  kept.all = [];\n  for (;;) kept.all.push(new Array(3_000_000).fill(0.5));\n',
  );

let browser: Browser | undefined;
afterEach(() => browser?.close());

async function openBench(...flags: string[]): Promise<Bench> {
  browser = await launch([little, ...flags]);
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const bench = new Bench(await openTab(context, `${site().url}/lessons/${exercise.id}/`));
  await bench.ready();
  return bench;
}

/** Asks the page itself. Playwright gives up a page as soon as one process of it has died. */
async function ask<T>(session: CDPSession, question: () => T): Promise<T> {
  const { result } = await session.send('Runtime.evaluate', {
    expression: `(${question})()`,
    awaitPromise: true,
    returnByValue: true,
  });
  return result.value as T;
}

/** Resolves to what the panel says, once it says how a run has ended. */
const nextVerdict = () =>
  new Promise<string>((resolve) => {
    const panel = document.querySelector<HTMLElement>('[data-part=verdict]');
    const look = () => (panel?.querySelector('.outcome') ? resolve(panel.innerText) : setTimeout(look, 50));
    look();
  });

/** The editor is in a shadow root. */
const written = () =>
  [...document.querySelectorAll('#workbench *')]
    .map(({ shadowRoot }) => shadowRoot?.querySelector('.cm-content')?.textContent ?? '')
    .join('');

const runAgain = () => {
  document.querySelector('[data-part=verdict]')?.replaceChildren();
  document.querySelector<HTMLElement>('[data-part=run]')?.click();
};

test('a frame that dies of it is told of and replaced, and the page and its text stay', async () => {
  const bench = await openBench('--site-per-process');
  const session = await bench.page.context().newCDPSession(bench.page);
  await bench.write(hog);
  const died = bench.page.waitForEvent('crash');
  await ask(session, runAgain);
  await died;

  expect(await ask(session, nextVerdict)).toContain('The browser has ended the process in which this check ran.');
  expect(await ask(session, written)).toContain('kept.all');

  // The starter is wrong, and is judged.
  await ask(session, () => {
    document.querySelector<HTMLElement>('[data-part=reset]')?.click();
  });
  await ask(session, runAgain);
  expect(await ask(session, nextVerdict)).toContain('0 of 2 checks passed');
});

test('a page that dies of it comes back with its text, runs nothing by itself, and judges the next one', async () => {
  const bench = await openBench();
  const { page } = bench;
  await bench.write(hog);
  const died = page.waitForEvent('crash');
  await bench.part('run').click();
  await died;

  const again = new Bench(await openTab(page.context(), page.url()));
  await again.ready();
  expect(await again.page.locator('.cm-content').innerText()).toContain('kept.all');
  expect(await again.part('state').innerText()).toContain('The last run did not end.');
  await again.write(exercise.read('solution.ts'));
  expect(await again.run()).toBe('passed');
});
