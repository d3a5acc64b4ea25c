/** Type and colour are chosen once, in tokens.css and, for slides, tokens-slides.css: nothing else names a size of letters or a colour. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const site = join(import.meta.dirname, '..');

const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(css|astro)$/.test(path) && !/^styles\/tokens(-slides)?\.css$/.test(path));

/** Declarations of its styles: `font-size: 1rem`. */
function declarationsOf(path: string): string[] {
  const text = readFileSync(join(site, path), 'utf8');
  const styles = path.endsWith('.css')
    ? [text]
    : [...text.matchAll(/<style[^>]*>(.*?)<\/style>/gs)].map(([, css]) => css);
  const plain = styles.join('\n').replaceAll(/\/\*.*?\*\//gs, '');
  return [...plain.matchAll(/(?<=[{;]\s*)[\w-]+:\s[^{};]+(?=[;}])/g)].map(([declaration]) => declaration);
}

const colour =
  /#[\da-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|(?:ok)?(?:lab|lch)|color)\(|:.*\b(?:black|white|gr[ae]y|red|green|blue)\b/i;

/** A size of letters that is a number. The root's, in percent, makes all of them larger or smaller. */
const sizeOf = (declaration: string): string | undefined =>
  /^font-size:\s(?!\d+%$)(.*\d.*)$/.exec(declaration)?.[1] ??
  /^font:\s(?:(?:italic|bold|\d{3})\s)*(.*?)(?:\s?\/|\s[^,\d]*$)/.exec(declaration)?.[1];

const isOfToken = (size: string) => /^(?:inherit|var\(--text-[\w-]+\))$/.test(size);

test.each([
  ['font-size: 0.75rem', '0.75rem'],
  ['font-size: clamp(1rem, 2vw, var(--text-m))', 'clamp(1rem, 2vw, var(--text-m))'],
  ['font: 600 0.8125rem / 1.4 var(--mono)', '0.8125rem'],
  ['font-size: 0.9em', '0.9em'],
])('%s names a size', (declaration, size) => expect(sizeOf(declaration)).toBe(size));

test.each(['color: #000', 'fill: #FFFFFF', 'background: rgb(0 0 0 / 50%)', 'color: white', 'border: 1px solid gray'])(
  '%s names a colour',
  (declaration) => expect(declaration).toMatch(colour),
);

test.each(files)('%s names no colour, and no size of letters', (path) => {
  const declarations = declarationsOf(path);
  const sizes = declarations.filter((declaration) => !isOfToken(sizeOf(declaration) ?? 'inherit'));
  expect({
    colours: declarations.filter((declaration) => colour.test(declaration)),
    sizes,
  }).toEqual({ colours: [], sizes: [] });
});

test('some of them have styles', () => {
  expect(files.flatMap(declarationsOf).length).toBeGreaterThan(1000);
});
