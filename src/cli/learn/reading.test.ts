import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { patchOf, stepsUnder } from '#course/experiments/patches';
import { shownOf } from '#course/experiments/shown';
import { noProgress, predicted } from '#course/progress';
import { smallCourse, testDesk, verdict } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { narration } from './narrate.ts';
import { askedIn, openReading, playerIn, type Reading, reopened, withQuestion } from './reading.ts';
import { pieceTexts, readingAt, turned } from './reading-screen.ts';
import { screenLines } from './screen.ts';
import { atRest, type State } from './state.ts';

const body = `First words.

## Predict

<Prediction
  id="one-fault/nopage"
  question="What does it see?"
  options={[
    { key: 'a', text: 'A value', reason: 'No.' },
    { key: 'b', text: 'Nothing', reason: 'Yes.' },
  ]}
/>

## Watch

Look. <Source>a mail</Source>

<Experiment id="one-fault/nopage" />

## The rule

${'Word.\n\n'.repeat(30)}

<Scheduler id="x" goal="Reach it." />

<Patch name="refuseEarly" />

<Steps under="refuseEarly" />
`;
const catalogue = readCatalogue(smallCourse);
const [exercise] = catalogue.exercises;
const [first] = catalogue.lessons;
if (!exercise || !first) throw new Error('no lesson');
const lesson = { ...first, body };
const desk = {
  ...testDesk('', () => verdict([])),
  experiments: async () => ({
    shownOf,
    numberOf: () => undefined,
    deedsOf: () => ({ caption: '', deeds: [] }),
    patchOf,
    stepsUnder,
  }),
};
const opened = await openReading(desk, lesson, { isWhole: true });
const rows = 24;
const none = noProgress();
const go = (reading: Reading, ...keys: string[]) =>
  keys.reduce<Reading>((at, key) => turned(plainLook, at, key, { rows, progress: none }) ?? at, reading);
const start = go(opened, '');
const stateAt = (reading: Reading, more: Partial<State> = {}): State => ({
  ...atRest,
  catalogue,
  exercise,
  lesson,
  path: '/house/my/one-fault.ts',
  progress: none,
  prediction: undefined,
  variant: 'usual',
  told: 0,
  mode: 'read',
  reading,
  ...more,
});
const screen = (reading: Reading, more: Partial<State> = {}) =>
  screenLines(plainLook, stateAt(reading, more), rows).join('\n');

describe('a lesson in the terminal', () => {
  it('stops at a question, and tells what happens once it is answered', () => {
    expect(screen(start)).toMatch(/First words\..*Predict.*What does it see\?.*1 {2}A value.*Press its number/s);
    expect(screen(start)).not.toContain('Watch');
    expect(askedIn(start)?.id).toBe('one-fault/nopage');
    const progress = predicted(none, 'one-fault', 'one-fault/nopage', 'a');
    const answered = { ...start, answers: { 'one-fault/nopage': 'b' } };
    expect(screen(answered, { progress })).toMatch(/You said: A value\. No\..*What happens: Nothing\. Yes\./s);
  });

  it('keeps the question on a screen that its answer makes too small', () => {
    const short = (reading: Reading) => ({ ...reading, end: reading.at + 1 });
    expect(askedIn(withQuestion(start, short))?.id).toBe('one-fault/nopage');
  });

  it('stops at an experiment, and steps through it', () => {
    const watch = go(start, ' ');
    expect(screen(watch)).toMatch(/Look\. \(source: a mail\).*A touches page 1\. Press t\./s);
    expect(playerIn(watch)).toMatchObject({ at: 1, isOfLesson: true, check: { status: 'passed' } });
    expect(playerIn(start)).toBeUndefined();
  });

  it('goes through the whole of it, there and back, and never past the rows', () => {
    const seen: number[] = [];
    let at = start;
    for (; seen.at(-1) !== opened.pieces.length; at = go(at, ' ')) {
      expect(at.at).toBe(seen.at(-1) ?? 0);
      expect(screen(at).split('\n').length).toBeLessThan(rows);
      seen.push(at.end);
    }
    expect(screen(go(start, 'end'))).toMatch(/100 %/);
    expect(go(start, 'end', 'left', 'home')).toEqual(start);
    expect(go(start, ' ', '7', 'home', 't', ' ').at).toBe(start.end);
  });

  it('has what the page alone can do in words, a patch with its lines numbered, and the steps of each task', () => {
    const whole = pieceTexts(plainLook, stateAt({ ...start, at: 0, end: opened.pieces.length })).join('\n');
    expect(whole).toContain('On the page you are the scheduler here: Reach it.');
    expect(whole).toContain('\n  7 +    if (!READ_ONCE(board->isOn))\n  8 +        return VM_FAULT_SIGBUS;\n');
    expect(whole).toContain('A by itself: 1 `pte_none(v[0])`, 2 `READ_ONCE(isOn)`, 3 `mutex_lock(lock)`');
  });

  it('tells a patch to who listens without its marks', () => {
    const spoken = { ...plainLook, spoken: true };
    const whole = pieceTexts(spoken, stateAt({ ...start, at: 0, end: opened.pieces.length })).join('\n');
    expect(whole).toMatch(/^7\. added: if \(!READ_ONCE\(board->isOn\)\)$/m);
    expect(whole).toMatch(/^10\. mutex_lock\(&board->lock\);$/m);
  });

  it('has the keys of a pager, and is left with q or Escape alone', () => {
    for (const on of ['pagedown', 'j', 'f', 'return', 'down']) expect(go(start, on)).toEqual(go(start, ' '));
    for (const back of ['pageup', 'k', 'b', 'left']) expect(go(start, ' ', ' ', back)).toEqual(go(start, ' '));
    expect(go(start, 'shift-g')).toEqual(go(start, 'end'));
    expect(go(start, ' ', 'g')).toEqual(start);
    for (const out of ['q', 'escape']) expect(turned(plainLook, start, out, { rows, progress: none })).toBeUndefined();
    expect(screen(go(start, 'x'))).toMatch(/Space or Page Down reads on.*Space on/s);
    expect(go(start, 'x', ' ').note).toBeUndefined();
  });

  it('stays at its end, says so, and begins anew when it is opened again', () => {
    const over = go(start, 'end', ' ');
    expect(over.at).toBe(go(start, 'end').at);
    expect(screen(over)).toContain('This is the end of the lesson.');
    expect(reopened(over).at).toBe(0);
    expect(reopened(go(start, ' ')).at).toBe(start.end);
  });

  it('ends where it asks for the exercise, and goes on once that is passed', async () => {
    const told = {
      ...lesson,
      body: `${body}\n## Your turn\n\nWrite.\n\n<Workbench id="x" />\n\n## What you proved\n\nThat.\n`,
    };
    const first = go(await openReading(desk, told, { isWhole: false }), 'end', ' ');
    expect(screen(first)).toMatch(/Write\..*So far the lesson goes/s);
    expect(screen(first)).not.toContain('What you proved\n');
    const whole = go(await openReading(desk, told, { isWhole: true, goesOn: true }), '');
    expect(screen(whole)).toMatch(/What you proved\n\nThat\./);
    expect(go(whole, 'home').at).toBe(0);
  });

  it('is read out a section at a time, and of an answer the answer alone', () => {
    const look = { ...plainLook, spoken: true };
    const spoken = readingAt(look, opened, 0, rows, none);
    expect(pieceTexts(look, stateAt(spoken))).toContain('First words.');
    const first = narration(look, { ...stateAt(spoken), mode: 'exercise' }, stateAt(spoken)).join(' ');
    expect(first).toMatch(/First words.*Space reads on/);
    const state = stateAt(readingAt(look, opened, 1, rows, none));
    const now = { ...state, progress: predicted(none, 'one-fault', 'one-fault/nopage', 'b') };
    const heard = { ...now, reading: state.reading && { ...state.reading, answers: { 'one-fault/nopage': 'b' } } };
    expect(narration(look, state, heard)).toEqual(['As you said: Nothing. Yes.', '']);
  });
});
