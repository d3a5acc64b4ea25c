import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('editDistance', () => {
  it('counts letters put in, taken out, exchanged and swapped', () => {
    expect(editDistance('', '')).toBe(0);
    expect(editDistance('fault', 'fault')).toBe(0);
    expect(editDistance('fault', '')).toBe(5);
    expect(editDistance('fualt', 'fault')).toBe(1);
    expect(editDistance('falt', 'fault')).toBe(1);
    expect(editDistance('vault', 'fault')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});

describe('nearest', () => {
  const ids = ['one-fault', 'be-the-scheduler', 'reproduce-the-bug', 'insert-pfn'];

  it('finds a word with a slip', () => expect(nearest('one-fualt', ids)).toEqual(['one-fault']));
  it('finds an abbreviation', () => expect(nearest('repro', ids)).toEqual(['reproduce-the-bug']));
  it('finds a word inside', () => expect(nearest('scheduler', ids)).toEqual(['be-the-scheduler']));
  it('does not mind capitals', () => expect(nearest('Insert-PFN', ids)).toEqual(['insert-pfn']));
  it('offers nothing for another word altogether', () => expect(nearest('quicksort', ids)).toEqual([]));
  it('offers three at most', () => expect(nearest('aa', ['aa1', 'aa2', 'aa3', 'aa4'])).toEqual(['aa1', 'aa2', 'aa3']));
});
