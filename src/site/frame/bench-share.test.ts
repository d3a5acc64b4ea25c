import { expect, test } from 'vitest';
import { afterKey, limitsIn, within } from './bench-share.ts';

test('the workbench has from 30 to 75 percent of a wide window', () => {
  expect(limitsIn(1920, 16)).toEqual({ least: 30, most: 75 });
});

test('in a narrow window, and where letters are large, both sides stay readable', () => {
  expect(limitsIn(1100, 16)).toEqual({ least: 43.6, most: 70.9 });
  expect(limitsIn(1920, 24)).toEqual({ least: 37.5, most: 75 });
  expect(limitsIn(1440, 24)).toEqual({ least: 50, most: 66.7 });
});

const limits = { least: 30, most: 75 };

test.each([
  ['ArrowLeft', 52],
  ['ArrowRight', 48],
  ['Home', 30],
  ['End', 75],
  ['a', undefined],
])('%s leads from 50 to %s', (key, to) => {
  expect(afterKey(key, 50, limits)).toBe(to);
});

test('no key leads beyond the limits', () => {
  expect(afterKey('ArrowLeft', 74.5, limits)).toBe(75);
  expect(afterKey('ArrowRight', 31, limits)).toBe(30);
});

test('a share has one decimal', () => {
  expect(within(46.0416, limits)).toBe(46);
  expect(within(99, limits)).toBe(75);
});
