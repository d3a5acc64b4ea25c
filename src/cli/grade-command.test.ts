import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExercise } from '#course/catalogue';
import { openDraft } from '#course/node/drafts';
import { say } from '#grade/texts';
import type { Verdict } from '#grade/verdict';
import { check, type TestDesk, testDesk, verdict } from './fixtures.ts';
import { gradeCommand } from './grade-command.ts';

const passed = verdict([check('one', 1)]);
const failed = verdict([check('one', 1), check('two', 2, { status: 'failed' })]);
const broken = verdict([], {
  outcome: 'broken',
  errors: [{ line: 3, column: 7, message: say('syntax', { says: 'Unexpected token' }) }],
});

let root: string;
let answer: Verdict;
let desk: TestDesk;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  answer = passed;
  desk = testDesk(root, () => answer);
});
afterEach(() => rm(root, { recursive: true }));

const grade = (...args: string[]) => gradeCommand(desk, args);
const progress = async () => JSON.parse(await readFile(join(root, 'my/progress.json'), 'utf8')).exercises;

async function openedDraft(): Promise<void> {
  const exercise = findExercise(await desk.catalogue(), 'one-fault');
  if (exercise) await openDraft(desk.my, exercise);
}

describe("grading the learner's own file", () => {
  beforeEach(openedDraft);

  it('passes with 0, and remembers it', async () => {
    expect(await grade('one-fault')).toBe(0);
    expect(desk.graded).toEqual([{ exercise: 'one-fault', source: '// The starter of 05-one-fault.\n' }]);
    expect(desk.said[0]).toBe('One fault  my/one-fault.ts');
    expect((await progress())['one-fault']).toMatchObject({ status: 'passed', attempts: 1, stage: 1 });
  });

  it('fails with 1, and remembers the stage', async () => {
    answer = failed;
    expect(await grade('one-fault')).toBe(1);
    expect((await progress())['one-fault']).toMatchObject({ status: 'started', attempts: 1, stage: 1 });
  });

  it('takes a run that was stopped for a failure', async () => {
    answer = { ...failed, outcome: 'stopped' };
    expect(await grade('one-fault')).toBe(1);
  });

  it('names line and column of what does not compile, with 2, and counts no attempt', async () => {
    answer = broken;
    expect(await grade('one-fault')).toBe(2);
    expect(desk.said.join('\n')).toContain('my/one-fault.ts:3:7\n  Unexpected token');
    await expect(progress()).rejects.toThrow('ENOENT');
  });

  it('prints nothing but JSON with --json, and remembers all the same', async () => {
    expect(await grade('one-fault', '--json')).toBe(0);
    expect(desk.said).toEqual([]);
    expect(JSON.parse(desk.written.join(''))).toEqual(passed);
    expect((await progress())['one-fault'].status).toBe('passed');
  });

  it('says that progress could not be read', async () => {
    await writeFile(join(root, 'my/progress.json'), '{');
    expect(await grade('one-fault')).toBe(0);
    expect(desk.complaints.join('\n')).toContain('could not be read');
  });
});

describe('grading another file', () => {
  it('reads it from where the person stands, and writes no progress', async () => {
    await writeFile(join(root, 'mine.ts'), 'code');
    expect(await grade('one-fault', '--submission', 'mine.ts')).toBe(0);
    expect(desk.graded[0]?.source).toBe('code');
    await expect(progress()).rejects.toThrow('ENOENT');
  });

  it('says that it is not there, or cannot be read', async () => {
    expect(await grade('one-fault', '--submission', 'none.ts')).toBe(2);
    expect(desk.complaints.join('\n')).toContain(`There is no file ${join(root, 'none.ts')}.`);
    expect(await grade('one-fault', '--submission', '.')).toBe(2);
    expect(desk.complaints.join('\n')).toContain('EISDIR');
  });

  it('keeps its full name where it lies elsewhere', async () => {
    await writeFile(join(root, 'mine.ts'), 'code');
    desk = { ...desk, root: join(root, 'deeper') };
    await grade('one-fault', '--submission', 'mine.ts');
    expect(desk.said[0]).toContain(join(root, 'mine.ts'));
  });
});

describe('wrong use', () => {
  it('suggests the nearest ids', async () => {
    expect(await grade('one-fualt')).toBe(2);
    expect(desk.complaints.join('\n')).toBe('There is no exercise "one-fualt". Did you mean:\n  one-fault');
    expect(desk.graded).toEqual([]);
  });

  it('lists all where nothing is near', async () => {
    expect(await grade('quicksort')).toBe(2);
    expect(desk.complaints.join('\n')).toContain('There are:\n  one-fault\n  be-the-scheduler\n  reproduce-the-bug');
  });

  it('says what to do about a file that was never made', async () => {
    expect(await grade('one-fault')).toBe(2);
    expect(desk.complaints.join('\n')).toMatch(/no my\/one-fault\.ts yet[\s\S]*npm run learn -- one-fault/);
  });

  it.each([[[]], [['--what']], [['one-fault', '--all']], [['--report', 'xml']], [['one-fault', '--submission']]])(
    'explains itself for %j',
    async (args) => {
      expect(await gradeCommand(desk, args)).toBe(2);
      expect(desk.complaints.join('\n')).toContain('npm run grade -- <id>');
    },
  );

  it('helps who asks', async () => {
    expect(await grade('--help')).toBe(0);
    expect(desk.said[0]).toContain('npm run grade');
  });

  it('answers in JSON where JSON is asked for', async () => {
    expect(await grade('one-fualt', '--json')).toBe(2);
    expect(desk.complaints).toEqual([]);
    const { outcome, exercise, errors } = JSON.parse(desk.written.join(''));
    expect({ outcome, exercise }).toEqual({ outcome: 'broken', exercise: 'one-fualt' });
    expect(errors[0].message.text).toContain('Did you mean');
  });
});

describe('a grader that fails itself', () => {
  it('is told from a submission that fails', async () => {
    await openedDraft();
    desk = testDesk(root, () => Promise.reject(new Error('no such bundle')));
    expect(await grade('one-fault')).toBe(2);
    expect(desk.complaints.join('\n')).toMatch(/itself failed, not your file[\s\S]*no such bundle/);
  });
});
