import { expect, test } from 'vitest';
import { violationsOn } from './axe.ts';
import { withSite } from './site.ts';

const site = withSite();

test('what is wrong with a part of a page is found, in either scheme, and of the rest nothing is told', async () => {
  const page = await site().browser.newPage();
  await page.setContent(`<!doctype html><html lang="en"><title>Faults</title><main>
    <style>:root { color-scheme: light dark } .grey { color: #767676; background: light-dark(#fff, #222) }</style>
    <h1>Faults</h1>
    <p id="here"><img src="data:,"><span class="grey">faint in the dark</span></p>
    <p id="there"><img src="data:,"></p></main>`);
  expect(await violationsOn(page, '#here')).toEqual(['color-contrast: span', 'image-alt: #here > img']);
  await page.close();
});
