import { expect, test } from 'vitest';
import { sectionOf } from './readme.ts';

const html =
  '<h1>R</h1><h2 id="a">One</h2>\n<p>first</p>\n<h2 id="b">Two (b)</h2><table><tbody></tbody></table><h2>Three</h2>';

test('is what stands below a heading, up to the next', () => {
  expect(sectionOf(html, 'One')).toBe('<p>first</p>');
});

test('lets tables scroll by keyboard', () => {
  expect(sectionOf(html, 'Two (b)')).toMatch(/^<div class="scroll"[^>]* tabindex="0"><table>.*<\/table><\/div>$/);
});

test('refuses a section that is not there', () => {
  expect(() => sectionOf(html, 'Four')).toThrow('no section "Four"');
});
