import { describe, expect, it, test } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { smallCourse } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { clipboardSequence, thisHost } from './appeal.ts';
import { solutionLines } from './difference.ts';

const [exercise] = readCatalogue(smallCourse).exercises;
if (!exercise) throw new Error('no exercise');

test('thisHost names Node and the system', () => expect(thisHost()).toMatch(/^Node v\d+\.\S+, \w+ /));

describe('clipboardSequence', () => {
  it('holds the text, unless that is too long', () => {
    expect(clipboardSequence('é')).toBe('\u001b]52;c;w6k=\u0007');
    expect(clipboardSequence('x'.repeat(80_000))).toBe('');
  });
});

describe('solutionLines', () => {
  it('marks what only one of the two has', () => {
    const lines = solutionLines(plainLook, exercise, '// Mine.\n');
    expect(lines.slice(-2)).toEqual(['- // Mine.', '+ // The solution of 05-one-fault.']);
  });
  it('says that they are the same', () =>
    expect(solutionLines(plainLook, exercise, exercise.solution.text).at(-1)).toContain('the same'));
  it('is the solution alone beside nothing, or beside what has nothing in common with it', () => {
    const alone = ['The solution: exercises/05-one-fault/solution.ts', '', '  // The solution of 05-one-fault.'];
    expect(solutionLines(plainLook, exercise, undefined)).toEqual(alone);
    expect(solutionLines(plainLook, exercise, 'x\n'.repeat(20_000))).toEqual(alone);
  });
});
