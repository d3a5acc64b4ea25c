import { describe, expect, test } from 'vitest';
import { answerTo } from './answer-to.ts';

const known = { coin: () => 'heads' };

describe('answerTo', () => {
  test('runs the answer', () => expect(answerTo('coin', ['heads', 'tails'], known)).toBe('heads'));
  test('refuses an id that nobody answers', () =>
    expect(() => answerTo('dice', ['one'], known)).toThrow('prediction "dice" has no answer'));
  test('refuses an answer that is not offered', () =>
    expect(() => answerTo('coin', ['edge', 'tails'], known)).toThrow(
      '"heads", which is none of its options (edge, tails)',
    ));
  test('refuses two options of one key', () =>
    expect(() => answerTo('coin', ['heads', 'heads'], known)).toThrow('two options with the key "heads"'));
});
