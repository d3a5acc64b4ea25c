/** What codes say, and what is said of a text that is none, in English. */

import type { Reading, Report } from './code.ts';
import type { Gauged } from './gauged.ts';

export type NoReport = Exclude<Reading, { is: 'report' }>;

export function whyNot(reading: NoReport): string {
  switch (reading.is) {
    case 'no code':
      return reading.strange === ''
        ? 'There is nothing to read.'
        : `No code has ${reading.strange} in it: it is made of digits, and of letters without I, L, O and U.`;
    case 'of another length':
      return `It has ${reading.length} characters, and codes of this exercise have ${reading.expected}: ask for it again.`;
    case 'of another course':
      return 'It is of an exercise that this course does not have: its sender has another course, or another version of this one.';
    case 'of another version':
      return `It is of another version of “${reading.exercise.title}”: sender and gauge need the same version of the course.`;
    case 'slip':
      return reading.meant.length === 0
        ? 'It is no code, or more than one of its characters is wrong: ask for it again.'
        : 'One character is wrong, or two have changed places.';
  }
}

/** What a report tells, in a sentence. */
export function toldBy({ checks, misconception }: Report, gauged: Gauged): string {
  if (checks.every((state) => state === 'not run')) return 'The answer does not compile.';
  const passed = checks.filter((state) => state === 'passed').length;
  const belief = gauged.misconceptions.find(({ id }) => id === misconception)?.belief;
  const named = belief === undefined ? '' : `; named is “${belief.replace(/\.$/, '')}”`;
  return `${passed} of ${checks.length} checks pass${named}.`;
}
