/**
 * What axe finds fault with. It runs in the page itself: Playwright's builder, which asks every frame and opens a page to sum up, takes four
 * times as long, and the one frame that there is, the sandbox, shows nothing.
 */

import axe from 'axe-core';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** In both schemes, of which the light one stays: the rule, and where it is broken. Of a part of the page, if a selector is given. */
export async function violationsOn(page: Page, within?: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' });
  // From one scheme to the other only colours differ.
  const dark = await violationsOf(page, { type: 'rule', values: ['color-contrast'] }, within);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...dark, ...(await violationsOf(page, { type: 'tag', values: tags }, within))];
}

async function violationsOf(page: Page, runOnly: axe.RunOnly, within = 'html'): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(
    async ([where, only]) => {
      const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
      const { violations } = await run(where, { runOnly: only, resultTypes: ['violations'], iframes: false });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
    },
    [within, runOnly] as const,
  );
}
