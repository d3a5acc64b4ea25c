/** list, hint, replay and progress, at a desk of their own. */

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateProgress } from '#course/node/progress-file';
import { givenUp, graded, noProgress, opened } from '#course/progress';
import { check, type TestDesk, testDesk, verdict } from './fixtures.ts';
import { hintCommand } from './hint-command.ts';
import { listCommand } from './list-command.ts';
import { progressCommand } from './progress-command.ts';

const passed = verdict([check('one', 1)]);
const now = new Date('2021-06-28T12:36:00Z');

let root: string;
let desk: TestDesk;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  desk = testDesk(root, () => passed);
});
afterEach(() => rm(root, { recursive: true }));

const my = (name: string) => readFile(join(root, 'my', name), 'utf8');
const exercises = async () => JSON.parse(await my('progress.json')).exercises;

describe('list', () => {
  it('shows every exercise with how far it is', async () => {
    await updateProgress(desk.my, (before) => graded(opened(before, 'be-the-scheduler'), 'one-fault', passed, now));
    expect(await listCommand(desk, [])).toBe(0);
    expect(desk.said.join('\n')).toBe(
      [
        'Part 1',
        '   1  one-fault          + passed',
        '   2  be-the-scheduler   . begun',
        '   3  reproduce-the-bug  . not begun',
        '',
        '1 of 3 passed.',
      ].join('\n'),
    );
  });

  it('tells what was given up, and what another version of the course judged', async () => {
    const earlier = { ...passed, course: '0.0.1' };
    await updateProgress(desk.my, (before) => graded(givenUp(before, 'be-the-scheduler'), 'one-fault', earlier, now));
    await listCommand(desk, []);
    expect(desk.said.join('\n')).toMatch(/one-fault +\? passed with an earlier version: grade again/);
    expect(desk.said.join('\n')).toMatch(/be-the-scheduler +X given up/);
  });

  it('is JSON and nothing else with --json', async () => {
    await updateProgress(desk.my, (before) => graded(before, 'one-fault', passed, now));
    expect(await listCommand(desk, ['--json'])).toBe(0);
    expect(desk.said).toEqual([]);
    const listed = JSON.parse(desk.written.join(''));
    expect(listed.schema).toBe('faultline/list/1');
    expect(listed.exercises).toHaveLength(3);
    expect(listed.exercises[0]).toEqual({
      id: 'one-fault',
      title: 'One fault',
      part: 1,
      minutes: [5, 10],
      file: 'my/one-fault.ts',
      hints: 3,
      status: 'passed',
      stage: 1,
      attempts: 1,
      hintsSeen: 0,
    });
    expect(listed.exercises[1].status).toBe('not begun');
  });

  it('explains itself', async () => {
    expect(await listCommand(desk, ['--what'])).toBe(2);
    expect(desk.complaints.join('\n')).toContain('npm run list');
  });
});

describe('hint', () => {
  it('shows the one that was asked for, and remembers it', async () => {
    expect(await hintCommand(desk, ['one-fault', '3'])).toBe(0);
    expect(desk.said).toEqual(['One fault: hint 3 of 3', '  Nearly `there`.']);
    expect((await exercises())['one-fault'].hintsSeen).toBe(3);
  });

  it.each([
    [['one-fault']],
    [['one-fault', '4']],
    [['one-fault', '0']],
    [['one-fault', 'x']],
    [['one-fault', '1', '2']],
  ])('says which there are for %j', async (args) => {
    expect(await hintCommand(desk, args)).toBe(2);
    expect(desk.complaints.join('\n')).toContain('There are 3');
    await expect(exercises()).rejects.toThrow('ENOENT');
  });

  it('suggests an id', async () => {
    expect(await hintCommand(desk, ['one-fualt', '1'])).toBe(2);
    expect(desk.complaints.join('\n')).toContain('Did you mean:\n  one-fault');
  });
});

describe('progress', () => {
  const other = () => join(root, 'export.json');
  const write = (text: string) => writeFile(other(), text);
  const importing = () => progressCommand(desk, ['import', 'export.json']);

  beforeEach(async () => {
    await updateProgress(desk.my, (before) => opened(before, 'one-fault'));
    await writeFile(join(desk.my, 'one-fault.ts'), 'mine');
  });

  it('comes back as it went', async () => {
    await updateProgress(desk.my, (before) => graded(before, 'one-fault', passed, now));
    await writeFile(join(desk.my, 'one-fault.2021-06-28T12-00-00.ts'), 'a copy');
    await writeFile(join(desk.my, 'notes.ts'), 'of no exercise');
    const before = await exercises();
    expect(await progressCommand(desk, ['export', 'export.json'])).toBe(0);
    expect(JSON.parse(await readFile(other(), 'utf8'))).toEqual({
      schema: 'faultline/progress/1',
      exercises: before,
      drafts: { 'one-fault': 'mine', 'one-fault.2021-06-28T12-00-00': 'a copy' },
    });
    await rm(desk.my, { recursive: true });
    expect(await importing()).toBe(0);
    expect(await exercises()).toEqual(before);
    expect((await readdir(desk.my)).sort()).toEqual([
      'one-fault.2021-06-28T12-00-00.ts',
      'one-fault.ts',
      'progress.json',
    ]);
    expect(desk.said.at(0)).toContain('1 passed of 1 begun, 2 files');
  });

  it('keeps my file and theirs, with the best status, however often it is imported', async () => {
    const theirs = graded(noProgress(), 'one-fault', passed, now);
    await write(JSON.stringify({ ...theirs, drafts: { 'one-fault': 'theirs' } }));
    expect(await importing()).toBe(0);
    desk = { ...desk, now: () => new Date('2022-01-01T00:00:00Z') };
    expect(await importing()).toBe(0);
    expect((await exercises())['one-fault']).toMatchObject({ status: 'passed', firstPassedAt: now.toISOString() });
    expect(await my('one-fault.ts')).toBe('mine');
    const copies = (await readdir(desk.my)).filter((name) => name.startsWith('one-fault.2'));
    expect(await Promise.all(copies.map(my))).toContain('theirs');
    expect(desk.said.join('\n')).toContain('my/one-fault.2021-06-28T12-36-00.ts');
  });

  it.each([
    ['is no JSON', '{', /cannot be imported/],
    ['is no progress', '{"schema": "faultline/verdict/1"}', /its schema is/],
    ['is of a newer version', '{"schema": "faultline/progress/2"}', /newer version.*git pull/s],
    [
      'would write elsewhere',
      `{"schema": "faultline/progress/1", "exercises": {}, "drafts": {"../x": ""}}`,
      /"\.\.\/x"/,
    ],
  ])('refuses a file that %s, and changes nothing', async (_, text, why) => {
    await write(text);
    const before = await my('progress.json');
    expect(await importing()).toBe(2);
    expect(desk.complaints.join('\n')).toMatch(why);
    expect(desk.complaints.join('\n')).toContain('Nothing was changed.');
    expect(await my('progress.json')).toBe(before);
    expect((await readdir(desk.my)).sort()).toEqual(['one-fault.ts', 'progress.json']);
  });

  it('imports nothing into what a newer version has written, and exports nothing that cannot be read', async () => {
    await writeFile(join(desk.my, 'progress.json'), '{"schema": "faultline/progress/2"}');
    await write(JSON.stringify({ ...noProgress(), drafts: { 'be-the-scheduler': 'theirs' } }));
    expect(await importing()).toBe(2);
    expect(desk.complaints.join('\n')).toContain('Nothing was imported.');
    expect((await readdir(desk.my)).sort()).toEqual(['one-fault.ts', 'progress.json']);
    const there = await readFile(other(), 'utf8');
    expect(await progressCommand(desk, ['export', 'export.json'])).toBe(2);
    expect(await readFile(other(), 'utf8')).toBe(there);
  });

  it.each([[[]], [['export']], [['send', 'x']], [['import', 'a', 'b']]])('explains itself for %j', async (args) => {
    expect(await progressCommand(desk, args)).toBe(2);
    expect(desk.complaints.join('\n')).toContain('npm run progress -- export FILE');
  });

  it('says that a file is not there, or cannot be written', async () => {
    expect(await importing()).toBe(2);
    expect(desk.complaints.join('\n')).toContain(`There is no file ${other()}.`);
    await mkdir(other());
    expect(await progressCommand(desk, ['export', 'export.json'])).toBe(2);
    expect(desk.complaints.join('\n')).toContain('cannot be written (EISDIR)');
    expect((await readdir(root)).sort()).toEqual(['export.json', 'my']);
  });
});
