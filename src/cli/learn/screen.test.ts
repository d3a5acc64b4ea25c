import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { graded, noProgress, opened } from '#course/progress';
import { say } from '#grade/texts';
import { bugTrace, check, smallCourse, verdict } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { widthOf } from '../prose.ts';
import { screenLines } from './screen.ts';
import { atRest, type State } from './state.ts';

const catalogue = readCatalogue(smallCourse);
const [exercise] = catalogue.exercises;
if (!exercise) throw new Error('no exercise');

const state: State = {
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
const screen = (change: Partial<State> = {}) => screenLines(plainLook, { ...state, ...change }).join('\n');
const passedProgress = graded(noProgress(), 'one-fault', verdict([check('one', 1)]), new Date(0));

describe('screenLines', () => {
  it('shows where you are, the goal, and the file', () => {
    expect(screen()).toBe(`One fault${' '.repeat(56)}part 1   1 of 3

  * Map one page

Read   m here; or npm start, then http://127.0.0.1:4321/lessons/one-fault/
Edit   my/one-fault.ts  (5 to 10 minutes, estimated)

Save your file, and it is graded.

n next  p back  l list  m lesson  e edit  h hint  s solution  g give up
r reset  ? help  q quit`);
  });

  it('shows the verdict, without its title again', () => {
    const failed = verdict([check('one', 1, { status: 'failed', trace: bugTrace })]);
    const text = screen({ verdict: failed });
    expect(text).toContain('X failed');
    expect(text).toContain('CPU A');
    expect(text.match(/my\/one-fault\.ts/g)).toHaveLength(1);
    expect(text).not.toContain('Save your file');
  });

  it('says what comes after a pass', () => {
    const passed = verdict([check('one', 1)]);
    expect(screen({ verdict: passed })).toContain('Passed: the one check.\n\nn goes on to the next exercise');
    const last = catalogue.exercises.at(-1) ?? exercise;
    expect(screen({ verdict: passed, exercise: last })).toContain('That was the last one.');
  });

  it('shows that a run is under way, and the verdict before', () => {
    const running = { checking: { id: 'one', name: 'Check one' }, states: 12_345 };
    expect(screen({ running })).toContain('\nGrading: Check one, 12,345 states\nn next');
    expect(screen({ running: { states: 812, interleavings: 3052 } })).toContain(
      '\nGrading, at least 3,052 interleavings, 812 states\n',
    );
    expect(screen({ running: { states: 0 }, verdict: verdict([check('one', 1)]) })).toMatch(/Passed[\s\S]*\nGrading\n/);
  });

  it('shows hints one by one', () => {
    expect(screen({ hints: 1, showsHints: true })).toContain('\nHint 1 of 3\n  A nudge.\n\n');
    expect(screen({ hints: 1, showsHints: true })).not.toContain('Hint 2');
    expect(screen({ hints: 3, showsHints: true })).toContain('\nHint 3 of 3\n  Nearly `there`.\n');
  });

  it('puts hints away in a line', () =>
    expect(screen({ hints: 2 })).toMatch(/\nh shows the 2 hints again\.\n\nn next/));

  it('ends on a short screen with the checks, the reason and the outcome', () => {
    const told = check('two', 2, {
      status: 'failed',
      trace: bugTrace,
      message: say('refused', { says: 'v is listed twice.' }),
      misconception: 'm',
      because: `Mistaken belief: B.\n\n${'Long. '.repeat(200)}`,
    });
    const failed = verdict([check('one', 1), told]);
    const seen = (rows: number) =>
      screenLines(plainLook, { ...state, verdict: failed, hints: 3 }, rows).slice(1 - rows);
    expect(seen(24).join('\n')).toMatch(
      /passed {2}stage 1: 1 check\n\nX Check two\n {2}v is listed twice\.\n\nMistaken belief: B\.\n\nNot yet.*t steps through .* 5 steps\.\nh shows the 3 hints again/s,
    );
    const brief = { ...failed, checks: [check('one', 1), { ...told, because: 'Mistaken belief: B.\n\nWhy.' }] };
    const lines = screenLines(plainLook, { ...state, verdict: brief }, 24)
      .slice(-23)
      .join('\n');
    expect(lines).toMatch(/X failed.*v is listed twice\..*Mistaken belief: B\..*Why\..*Not yet/s);
  });

  it('ends a pass on a short screen with the outcome and what is next', () => {
    const found = verdict([check('one', 1, { trace: bugTrace })]);
    const lines = screenLines(plainLook, { ...state, verdict: found }, 24)
      .slice(-23)
      .join('\n');
    expect(lines).toMatch(/stage 1 .*Here it is:\n\nPassed: the one check\.\n.*n goes on/s);
  });

  it('shows the solution', () => {
    expect(screen({ showsSolution: true })).toContain(
      '\nThe solution: exercises/05-one-fault/solution.ts\n\n  // The solution of 05-one-fault.\n',
    );
    expect(screen()).not.toContain('solution.ts');
  });

  it('shows how far the exercise is', () => {
    const halfway = graded(
      noProgress(),
      'one-fault',
      verdict([check('one', 1), check('two', 2, { status: 'failed' })]),
      new Date(0),
    );
    expect(screen({ progress: passedProgress })).toContain('+ passed   part 1   1 of 3');
    expect(screen({ progress: halfway })).toContain('stage 1 passed   part 1   1 of 3');
    const earlier = graded(noProgress(), 'one-fault', verdict([check('one', 1)], { course: '0.0.1' }), new Date(0));
    expect(screen({ progress: earlier })).toContain('passed with an earlier version: grade again');
  });

  it('shows a notice above the keys', () => {
    expect(screen({ notice: 'There are no more hints.' })).toContain('\nThere are no more hints.\nn next');
  });

  it('asks before it gives up or starts over', () => {
    expect(screen({ mode: 'give up?' })).toMatch(/\nGive up on this exercise[^\n]*\n[^\n]*no\.$/);
    expect(screen({ mode: 'reset?' })).toContain('\nStart over from the starter?');
  });

  it('lists all exercises', () => {
    expect(
      screen({ mode: 'list', list: { cursor: 1, search: '' }, progress: opened(passedProgress, 'be-the-scheduler') }),
    ).toBe(`Part 1
   1  One fault                         + passed
>  2  Be the scheduler
   3  Reproduce the bug

1 of 3 passed.

Type to search, up and down to move, Enter to open, Escape to go back.`);
  });

  it('explains the keys', () => {
    expect(screen({ mode: 'help' })).toContain('\n  h      a hint, or');
    expect(screen({ mode: 'help' })).toMatch(/Any key to go back\.$/);
    expect(screen({ mode: 'help' }).split('\n').length).toBeLessThan(24);
  });

  it('keeps a key and its meaning on one line', () => {
    const lines = screenLines({ ...plainLook, width: 40 }, state).slice(-3, -1);
    expect(lines.map((line) => line.trim())).toEqual([
      'n next  p back  l list  m lesson',
      'e edit  h hint  s solution  g give up',
    ]);
  });

  it('does without a lesson', () => expect(screen({ lesson: undefined })).toContain('one-fault'));

  it('is no wider than the terminal', () => {
    const long = verdict([check('one', 1, { name: 'long '.repeat(40), status: 'failed', trace: bugTrace })]);
    for (const width of [60, 80]) {
      const lines = screenLines(
        { ...plainLook, width },
        { ...state, verdict: long, notice: 'word '.repeat(50), hints: 3 },
      );
      const help = screenLines({ ...plainLook, width }, { ...state, mode: 'help' });
      for (const line of [...lines, ...help]) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });
});
