import { expect, it } from 'vitest';
import type { Gauged } from './gauged.ts';
import { toldBy, whyNot } from './words.ts';

const exercise: Gauged = {
  id: 'one',
  title: 'One',
  checks: [
    { id: 'alone', name: 'Alone', stage: 1 },
    { id: 'together', name: 'Together', stage: 2 },
  ],
  misconceptions: [{ id: 'no-recheck', belief: 'A lock removes the race.' }],
};
const told = (...checks: Parameters<typeof toldBy>[0]['checks']) =>
  toldBy({ exercise: 'one', who: 1, checks }, exercise);

it('tells a report in a sentence', () => {
  expect(told('passed', 'passed')).toBe('2 of 2 checks pass.');
  expect(told('passed', 'hung')).toBe('1 of 2 checks pass.');
  expect(told('not run', 'not run')).toBe('The answer does not compile.');
  const named = { exercise: 'one', who: 1, checks: ['failed', 'not run'], misconception: 'no-recheck' } as const;
  expect(toldBy(named, exercise)).toBe('0 of 2 checks pass; named is “A lock removes the race”.');
});

it.each([
  [{ is: 'no code', strange: 'U ?' }, /^No code has U \? in it/],
  [{ is: 'no code', strange: '' }, /nothing to read/],
  [{ is: 'of another length', length: 10, expected: 11 }, /^It has 10 characters, and codes of this exercise have 11/],
  [{ is: 'of another course' }, /another course/],
  [{ is: 'of another version', exercise }, /another version of “One”/],
  [{ is: 'slip', meant: [] }, /^It is no code, or more than one/],
  [{ is: 'slip', meant: ['7K3M'] }, /^One character is wrong, or two have changed places/],
] as const)('says why %o is no report', (reading, words) => {
  expect(whyNot(reading)).toMatch(words);
});
