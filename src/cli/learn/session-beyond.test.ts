/** What a session has beyond saving and moving: questions, counterexamples, other worlds, appeals. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { bugTrace, check, smallCourse, testDesk, verdict } from '../fixtures.ts';
import {
  copied,
  entry,
  failed,
  graded,
  grader,
  host,
  my,
  open,
  passed,
  press,
  root,
  runs,
  session,
  use,
} from './fixtures.ts';
import { askedIn, type Reading } from './reading.ts';
import { Session } from './session.ts';

const traced = verdict([check('one', 1, { status: 'failed', trace: bugTrace })]);

describe('reading the lesson', () => {
  it('goes on from piece to piece, comes back where it was, and ends at the exercise', async () => {
    await press('m');
    expect(session.state).toMatchObject({ mode: 'read', reading: { at: 0 } });
    await press(' ');
    expect(session.state.mode).toBe('exercise');
  });

  it('has its end after a pass', async () => {
    await press('m', 'x');
    expect(session.state.reading?.isWhole).toBe(false);
    await graded('a', passed);
    await press('m');
    expect(session.state).toMatchObject({ mode: 'read', reading: { isWhole: true } });
  });

  it('gives way to a verdict', async () => {
    await press('m');
    await graded('// mine', failed);
    expect(session.state.mode).toBe('exercise');
  });
});

describe('stepping through', () => {
  it('needs an interleaving, and a walk the third hint', async () => {
    await press('t');
    expect(session.state.notice).toContain('no verdict yet');
    await graded('none', failed);
    await press('t');
    expect(session.state.notice).toContain('no interleaving');
    await graded('a', traced);
    await press('w');
    expect(session.state).toMatchObject({ mode: 'exercise', notice: expect.stringContaining('third hint') });
    await press('h', 'h', 'h', 'w');
    expect(session.state).toMatchObject({ mode: 'play', player: { at: 1 } });
    expect(session.state.player?.reasons).toHaveLength(5);
  });

  it('goes both ways, and back to the exercise with a save or another key', async () => {
    await graded('a', traced);
    await press('t', 'right', 'right', 'left');
    expect(session.state.player).toMatchObject({ at: 2, reasons: undefined });
    await press('escape');
    expect(session.state).toMatchObject({ mode: 'exercise', player: undefined });
    await press('t', '?');
    expect(session.state.mode).toBe('names');
    await press('x');
    expect(session.state).toMatchObject({ mode: 'play', player: { at: 1 } });
    await graded('b', failed);
    expect(session.state.mode).toBe('exercise');
  });
});

describe('other worlds', () => {
  it('is a fresh one after giving up, where passing counts', async () => {
    await press('g', 'y');
    await graded('a', passed);
    expect(runs.at(-1)?.request.variant).toBe('fresh');
    expect((await entry()).status).toBe('passed');
    expect((await open()).state.variant).toBe('usual');
  });

  it('is a harder one after a pass, which changes no progress', async () => {
    await press('v');
    expect(session.state.notice).toContain('have passed');
    await graded('a', passed);
    const before = await entry();
    await press('v');
    expect(runs.at(-1)?.request.variant).toBe('harder');
    runs.at(-1)?.end(failed);
    await expect.poll(() => session.state.verdict).toBe(failed);
    expect(await entry()).toEqual(before);
    await press('v');
    expect(runs.at(-1)?.request.variant).toBe('usual');
  });
});

describe('an appeal', () => {
  it('needs a verdict, and is written and copied', async () => {
    await press('a');
    expect(session.state.notice).toContain('no verdict yet');
    await graded('my answer', traced);
    await press('a');
    const text = await readFile(my('one-fault.report.2021-06-28T12-36-00.md'), 'utf8');
    expect(text).toContain('my answer');
    expect(copied.at(-1)).toBe(text);
  });
});

describe('searching', () => {
  it('finds while one types, opens what is found, and takes letters back', async () => {
    await press('l', 'b', 'u', 'g', 'x', 'backspace');
    expect(session.state.list).toEqual({ cursor: 0, search: 'bug' });
    await press('return');
    expect(session.state.exercise.id).toBe('reproduce-the-bug');
  });
});

describe('a prediction', () => {
  const question =
    '<Prediction\n  id="one-fault/x"\n  question="What?"\n  options={[\n' +
    "    { key: 'a', text: 'A', reason: 'No.' },\n    { key: 'b', text: 'B', reason: 'Yes.' },\n  ]}\n/>\n";
  const page = 'content/lessons/05-one-fault.mdx';
  const asking = () => {
    const catalogue = readCatalogue({ ...smallCourse, [page]: smallCourse[page] + question });
    const desk = { ...testDesk(root, () => passed), catalogue: async () => catalogue };
    return Session.open(desk, grader, host, 'one-fault');
  };
  beforeEach(async () => {
    await rm(join(root, 'my'), { recursive: true });
    await use(asking());
    await mkdir(join(root, 'my'), { recursive: true });
  });

  it('is asked in the lesson, which comes before the exercise, and the first answer stays', async () => {
    expect(session.state.mode).toBe('predict');
    await expect(readFile(my('one-fault.ts'), 'utf8')).rejects.toThrow('ENOENT');
    await press('1', 'h');
    expect(session.state.notice).toContain('Enter goes there');
    expect(session.state).toMatchObject({ mode: 'predict', progress: { exercises: {} } });
    await press(' ', ' ', '1');
    expect(session.state).toMatchObject({ mode: 'read', reading: { answers: { 'one-fault/x': 'b' } } });
    await press('x');
    expect(session.state.mode).toBe('exercise');
    expect(await readFile(my('one-fault.ts'), 'utf8')).toContain('starter');
    expect((await entry()).predictions).toEqual({ 'one-fault/x': 'a' });
    expect((await asking()).state.mode).toBe('exercise');
  });

  it('is recalled after a pass, and not beside what failed', async () => {
    await press(' ', ' ', '1');
    await graded('a', failed);
    expect(session.state.recalls).toBe(false);
    await graded('b', passed);
    await expect.poll(() => session.state).toMatchObject({ recalls: true, answer: 'b' });
  });

  it('is asked before the exercise opens, and may be left out', async () => {
    await press('?', 'x');
    expect(session.state.mode).toBe('predict');
    await press('return');
    expect(session.state.mode).toBe('read');
    expect(askedIn(session.state.reading as Reading)?.id).toBe('one-fault/x');
    await press('q');
    expect(session.state.mode).toBe('predict');
    await press('return');
    expect(session.state).toMatchObject({ mode: 'exercise', recalls: false });
    expect((await entry()).predictions).toEqual({});
  });

  it('stands in the way of no save', async () => {
    await graded('a', failed);
    expect(session.state).toMatchObject({ mode: 'exercise', verdict: failed });
  });
});

describe('progress that cannot be written', () => {
  it('holds until the session ends', async () => {
    await writeFile(my('progress.json'), '{"schema": "faultline/progress/2", "exercises": {}}');
    await press('g', 'y');
    expect(session.state.notice).toContain('left as it is');
    await press('h', 's');
    expect(session.state).toMatchObject({ hints: 1, showsSolution: true });
  });
});
