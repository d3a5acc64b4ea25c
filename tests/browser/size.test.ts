/** What a learner's browser has to fetch, compressed, in bytes. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { dist, exercises, root } from './site.ts';

const most = { shell: 25_000, stepper: 12_000 };

const read = (path: string) => readFileSync(join(dist, path), 'utf8');
const weigh = (text: string) => gzipSync(text).length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** The scripts that a script imports, with those that these import; not what it fetches when it is needed. */
function withImports(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const imports = [...read(path).matchAll(/(?:from|^import|;import)\s*["'](\.[^"']+)["']/g)];
  return [path, ...imports.flatMap(([, to = '']) => withImports(posix.join(posix.dirname(path), to), seen))];
}

/** All that a page names in its text, and what that imports. */
function partsOf(html: string): string[] {
  const named = [...html.matchAll(/<(?:link|script)[^>]* (?:href|src)="(\/[^"]+\.(?:css|js))"/g)].map(
    ([, path = '']) => path,
  );
  const seen = new Set<string>();
  return named.flatMap((path) => (path.endsWith('.js') ? withImports(path, seen) : [path]));
}

const isOfStepper = (path: string) => /\/stepper\.[^/]*\.js$/.test(path);
const stepperScript = () => `/_astro/${readdirSync(join(dist, '_astro')).find((file) => isOfStepper(`/${file}`))}`;

/** Without comments, and roughly as dense as the build makes it. The build puts it into one file with the rest. */
const stepperStyles = ['stepper', 'stepper-now', 'stepper-media']
  .map((name) => readFileSync(join(root, `src/site/styles/${name}.css`), 'utf8'))
  .join('')
  .replaceAll(/\/\*.*?\*\//gs, '')
  .replaceAll(/\s+/g, ' ');

test('the stepper weighs no more than 12 kB, with its styles and all that it imports', () => {
  const scripts = withImports(stepperScript()).map(read).join('');
  expect(weigh(scripts) + weigh(stepperStyles)).toBeLessThanOrEqual(most.stepper);
});

const pages = ['your-own-race', ...exercises.map(({ id }) => `lessons/${id}`)];

test.each(pages)('the page of %s weighs no more than 25 kB without stepper, until its workbench is used', (page) => {
  const html = read(`/${page}/index.html`);
  const parts = partsOf(html);
  expect(parts.length).toBeGreaterThan(5);
  const others = parts.filter((path) => !isOfStepper(path)).map((path) => weigh(read(path)));
  expect(weigh(html) + sum(others) - weigh(stepperStyles)).toBeLessThanOrEqual(most.shell);
});
