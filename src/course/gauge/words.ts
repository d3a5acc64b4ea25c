/** What is said of a text that is no code, in one sentence or two. */

import type { Reading } from './code.ts';

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
        ? 'More than one character is wrong: ask for it again.'
        : 'One character is wrong, or two have changed places.';
  }
}
