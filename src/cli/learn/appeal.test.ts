import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { bugTrace, check, smallCourse, verdict } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { appealText, clipboardSequence } from './appeal.ts';
import { solutionLines } from './difference.ts';

const [exercise] = readCatalogue(smallCourse).exercises;
if (!exercise) throw new Error('no exercise');

describe('appealText', () => {
  const schedule = '1.one.1.abc~A2-B';
  const failed = verdict([check('one', 1, { status: 'failed', trace: bugTrace, schedule })]);
  const text = appealText({ exercise, source: 'a\r\n````\n', variant: 'fresh', verdict: failed });

  it('has id, worlds, schedule, code and verdict, and no trace', () => {
    expect(text).toMatch(/one-fault\n[\s\S]*the fresh worlds[\s\S]*npm run replay -- one-fault '1\.one\.1\.abc~A2-B'/);
    expect(text).toContain('"schema": "faultline/verdict/1"');
    expect(text).not.toContain('"steps"');
  });
  it('cannot be broken out of by what is in the code', () => expect(text).toContain('`````ts\na\n````\n`````\n'));
});

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
