import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Checked, countChecked } from './checked.ts';

const root = resolve(import.meta.dirname, '../..');
const patterns = ['src/{explore,linux}/**/*.ts', 'content/**/*.{md,mdx}', 'exercises/**/*.{ts,md}'];
const texts = Object.fromEntries(
  globSync(patterns, { cwd: root }).map((file) => [file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')]),
);
const without = (pattern: RegExp) => Object.fromEntries(Object.entries(texts).filter(([path]) => !pattern.test(path)));

test('counts what is there', () => {
  const test = (path: string) => texts[path] ?? '';
  // By another way each: names of folders, lists in the tests, what the facts have.
  expect(countChecked('exercises', texts)).toBe(globSync('exercises/*/exercise.ts', { cwd: root }).length);
  expect(countChecked('wrong', texts)).toBe(globSync('exercises/*/wrong/*.ts', { cwd: root }).length);
  expect(countChecked('right', texts)).toBe(
    globSync(['exercises/*/right/*.ts', 'exercises/*/solution.ts'], { cwd: root }).length,
  );
  expect(countChecked('planted', texts)).toBe(test('src/explore/mutants.test.ts').split('caughtBy: [').length - 1);
  expect(countChecked('bugs', texts)).toBe(25);
  expect(countChecked('comparisons', texts)).toBe(3 * countChecked('variants', texts));
});

test('counts rows as the list of rows has them', () => {
  const [, list = ''] = /const tables[^{]*= \{([\s\S]*?)\n\};/.exec(texts['src/linux/rows.test.ts'] ?? '') ?? [];
  const rows = list
    .replace(/'\d\.\d':/g, '')
    .replace(/\/\/.*/g, '')
    .match(/'[^']+'/g);
  expect(countChecked('rows', texts)).toBe(rows?.length);
});

test.each([
  ['references', /counts\.test/],
  ['planted', /mutants\.test/],
  ['random', /oracle\.test/],
  ['rows', /rows\.test/],
  ['variants', /section8\.ts/],
] as [Checked, RegExp][])('%s: refuses to count where nothing is', (what, file) => {
  expect(() => countChecked(what, without(file))).toThrow(`counts "${what}", and finds none`);
});

test('bugs: refuses a list with a gap', () => {
  const gap = { 'src/linux/a.test.ts': "test('B1: one')\ntest('B3: three')" };
  expect(() => countChecked('bugs', gap)).toThrow('names B2');
});
