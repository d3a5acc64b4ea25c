import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { noProgress } from '#course/progress';
import { bugTrace, check, smallCourse, verdict } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { narration } from './narrate.ts';
import { atRest, type State } from './state.ts';

const catalogue = readCatalogue(smallCourse);
const [exercise, other] = catalogue.exercises;
if (!exercise || !other) throw new Error('no exercise');
const start: State = {
  ...atRest,
  catalogue,
  exercise,
  lesson: catalogue.lessons[0],
  path: '/house/my/one-fault.ts',
  progress: noProgress(),
  prediction: undefined,
  variant: 'usual',
  told: 0,
};
const look = { ...plainLook, spoken: true };
const heard = (change: Partial<State>, before: State = start) =>
  narration(look, before, { ...before, ...change }).filter(Boolean);

describe('narration', () => {
  it('begins with where one is', () => {
    expect(narration(look, undefined, start)[0]).toBe('One fault, part 1, 1 of 3.');
    expect(heard({ exercise: other })).toContain('Press ? to hear the keys.');
  });

  it('tells nothing twice', () => expect(heard({})).toEqual([]));

  it('tells a verdict, and a hint alone', () => {
    const failed = verdict([check('one', 1, { status: 'failed', trace: bugTrace })]);
    expect(heard({ verdict: failed }).at(-1)).toBe('Not yet: 0 of 1 checks passed.');
    expect(heard({ verdict: failed })).toContain('Stage 1, Check one: failed.');
    expect(heard({ hints: 2 }, { ...start, hints: 1 })).toEqual(['Hint 2 of 3', 'More.']);
  });

  it('tells a solution line by line, whose each is', () => {
    const graded = { source: '// Mine.\n', variant: 'usual' } as const;
    const told = heard({ showsSolution: true, graded }, { ...start, graded });
    expect(told).toEqual([
      `The solution: ${exercise.solution.file}`,
      'Only in your file: // Mine.',
      'Only in the solution: // The solution of 05-one-fault.',
    ]);
  });

  it('tells the same notice again', () => {
    expect(heard({ notice: 'No.', told: 2 }, { ...start, notice: 'No.', told: 1 })).toEqual(['No.']);
  });

  it('tells in the list where one is', () => {
    const list: State = { ...start, mode: 'list' };
    expect(heard({ mode: 'list' })[0]).toBe('Part 1');
    expect(heard({ list: { cursor: 1, search: '' } }, list)).toEqual(['2: Be the scheduler.']);
    expect(heard({ mode: 'exercise' }, list)).toEqual(['Back at One fault.']);
  });

  it('tells one step at a time', () => {
    const player = { check: check('one', 1), trace: bugTrace, at: 1, reasons: ['Because.', '', '', '', ''] };
    expect(heard({ mode: 'play', player })).toEqual([
      'Step 1 of 5, CPU A, in handle_pte_fault: pte_none(pte v[0]) gives true.',
      'Because.',
    ]);
  });
});
