import { describe, expect, test } from 'vitest';
import { sliceOf } from './slice.ts';

const source = `import { get } from '#linux';

// Not part of it.

/** Doubles. */
export function* double(x) {
  if (x) {
    return x * 2;
  }
}

const limit = 4; // pages

export const world = {
  bars: { bar0: 4 },
};

export function long(
  a: number,
): number {
  return a;
}
`;

describe('sliceOf', () => {
  test('without a name: the whole file', () => expect(sliceOf(source)).toBe(source.trimEnd()));
  test('a function, with its comment', () =>
    expect(sliceOf(source, 'double')).toBe(
      '/** Doubles. */\nexport function* double(x) {\n  if (x) {\n    return x * 2;\n  }\n}',
    ));
  test('a line', () => expect(sliceOf(source, 'limit')).toBe('const limit = 4; // pages'));
  test('an object', () => expect(sliceOf(source, 'world')).toBe('export const world = {\n  bars: { bar0: 4 },\n};'));
  test('a head of several lines', () =>
    expect(sliceOf(source, 'long')).toBe('export function long(\n  a: number,\n): number {\n  return a;\n}'));
  test('refuses an unknown name', () =>
    expect(() => sliceOf(source, 'doub')).toThrow('no top-level declaration of "doub"'));
});
