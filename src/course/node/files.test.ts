import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Exercise, readCatalogue } from '../catalogue.ts';
import { graded, hintSeen, noProgress, opened, type Progress, progressOf } from '../progress.ts';
import { loadCatalogue, readCourseFiles } from './course-files.ts';
import { draftPath, openDraft, resetDraft } from './drafts.ts';
import { readProgress, updateProgress } from './progress-file.ts';

const now = new Date('2021-06-28T12:36:00Z');
let root: string;
let my: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  my = join(root, 'my');
});
afterEach(() => rm(root, { recursive: true }));

describe('readCourseFiles', () => {
  it('reads texts under content/ and exercises/, with / in their names, and nothing of my/', async () => {
    for (const file of [
      'content/lessons/05-a.mdx',
      'exercises/05-a/right/x.ts',
      'my/a.ts',
      'exercises/05-a/.x.ts.swp',
    ]) {
      await mkdir(join(root, file, '..'), { recursive: true });
      await writeFile(join(root, file), file);
    }
    expect(await readCourseFiles(root)).toEqual({
      'content/lessons/05-a.mdx': 'content/lessons/05-a.mdx',
      'exercises/05-a/right/x.ts': 'exercises/05-a/right/x.ts',
    });
  });

  it('finds an empty course in an empty folder', async () => {
    expect(await loadCatalogue(root)).toEqual(readCatalogue({}));
  });
});

describe('progress in my/progress.json', () => {
  it('is none at first', async () => expect(await readProgress(my)).toEqual({ progress: noProgress() }));

  it('is written whole, readable, with nothing left beside it', async () => {
    await updateProgress(my, (progress) => opened(progress, 'a'));
    await updateProgress(my, (progress) => hintSeen(progress, 'b', 1));
    expect(Object.keys((await readProgress(my)).progress.exercises)).toEqual(['a', 'b']);
    expect(await readdir(my)).toEqual(['progress.json']);
    expect(await readFile(join(my, 'progress.json'), 'utf8')).toMatch(/^\{\n {2}"schema": "faultline\/progress\/1",\n/);
  });

  it('keeps a file that cannot be read, and says so', async () => {
    await mkdir(my);
    await writeFile(join(my, 'progress.json'), '{"schema": "faultline/pro');
    const { progress, warning } = await readProgress(my, now);
    expect(progress).toEqual(noProgress());
    expect(warning).toContain('my/progress.2021-06-28T12-36-00.unreadable.json');
    expect(await readdir(my)).toEqual(['progress.2021-06-28T12-36-00.unreadable.json']);
    expect(await readProgress(my)).toEqual({ progress: noProgress() });
  });

  it('passes on the warning of an update, and starts afresh', async () => {
    await mkdir(my);
    await writeFile(join(my, 'progress.json'), '');
    const { progress, warning } = await updateProgress(my, (before) => opened(before, 'a'));
    expect(warning).toContain('could not be read');
    expect((await readProgress(my)).progress).toEqual(progress);
    expect(progressOf(progress, 'a').attempts).toBe(0);
  });

  it('leaves the old file, and no half of a new one, when a change throws', async () => {
    await updateProgress(my, (progress) => opened(progress, 'a'));
    await expect(
      updateProgress(my, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(Object.keys((await readProgress(my)).progress.exercises)).toEqual(['a']);
  });
});

describe('progress that a newer version has written', () => {
  const newer = '{"schema": "faultline/progress/2", "exercises": {"a": {"status": "mastered"}}}';
  beforeEach(async () => {
    await mkdir(my);
    await writeFile(join(my, 'progress.json'), newer);
  });

  it('is left as it is, by reading and by an update, and both say so', async () => {
    const read = await readProgress(my);
    const updated = await updateProgress(my, (progress) => opened(progress, 'b'));
    for (const { warning } of [read, updated]) expect(warning).toMatch(/left as it is.*progress\/2.*newer version/s);
    expect(Object.keys(updated.progress.exercises)).toEqual(['b']);
    expect(await readdir(my)).toEqual(['progress.json']);
    expect(await readFile(join(my, 'progress.json'), 'utf8')).toBe(newer);
  });
});

describe('two terminals at once', () => {
  const attempts = (progress: Progress) =>
    graded(progress, 'a', { course: '1', submission: '', outcome: 'failed', checks: [] }, now);

  it('lose nothing of each other', async () => {
    await Promise.all(Array.from({ length: 40 }, () => updateProgress(my, attempts)));
    expect(progressOf((await readProgress(my)).progress, 'a').attempts).toBe(40);
    expect(await readdir(my)).toEqual(['progress.json']);
  });

  it('do not wait for one that died with the file locked', async () => {
    await mkdir(my);
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(join(my, '.progress.lock'), `${pid} ${hostname()}\n`);
    const asked = vi.spyOn(process, 'kill');
    await Promise.all(Array.from({ length: 10 }, () => updateProgress(my, attempts)));
    expect(asked).toHaveBeenCalledWith(pid, 0);
    asked.mockRestore();
    expect(progressOf((await readProgress(my)).progress, 'a').attempts).toBe(10);
    expect(await readdir(my)).toEqual(['progress.json']);
  });

  it('do not wait for a machine that has gone, either', async () => {
    await mkdir(my);
    await writeFile(join(my, '.progress.lock'), '1 another-machine\n');
    await utimes(join(my, '.progress.lock'), new Date(0), new Date(0));
    await updateProgress(my, attempts);
    expect(await readdir(my)).toEqual(['progress.json']);
  });

  it('set a broken file aside once', async () => {
    await mkdir(my);
    await writeFile(join(my, 'progress.json'), '{');
    await Promise.all([readProgress(my, now), readProgress(my, now), updateProgress(my, attempts)]);
    const files = await readdir(my);
    expect(files.filter((name) => name.includes('unreadable'))).toHaveLength(1);
    expect(progressOf((await readProgress(my)).progress, 'a').attempts).toBe(1);
  });
});

describe('progress in a folder that cannot be written', () => {
  it('is said to be lost, and is no crash', async () => {
    await writeFile(my, 'a file, where the folder should be');
    const { progress, warning } = await updateProgress(my, (before) => opened(before, 'a'));
    expect(Object.keys(progress.exercises)).toEqual(['a']);
    expect(warning).toMatch(/could not be written to my\/progress.json \(E[A-Z]+\)/);
  });
});

describe('drafts', () => {
  const exercise = readCatalogue({ 'exercises/05-a/exercise.ts': 'the starter' }).exercises[0] as Exercise;
  const draft = () => readFile(draftPath(my, 'a'), 'utf8');

  it('is made from the starter, with settings for the editor', async () => {
    expect(await openDraft(my, exercise)).toBe(true);
    expect(await draft()).toBe('the starter');
    expect(JSON.parse(await readFile(join(my, 'tsconfig.json'), 'utf8')).extends).toBe('../exercises/tsconfig.json');
  });

  it('is never overwritten', async () => {
    await openDraft(my, exercise);
    await writeFile(draftPath(my, 'a'), 'my work');
    expect(await openDraft(my, exercise)).toBe(false);
    expect(await draft()).toBe('my work');
  });

  it('is kept as a dated copy by a reset, however often', async () => {
    await openDraft(my, exercise);
    await writeFile(draftPath(my, 'a'), 'first');
    expect(await resetDraft(my, exercise, now)).toBe('a.2021-06-28T12-36-00.ts');
    expect(await draft()).toBe('the starter');
    await writeFile(draftPath(my, 'a'), 'second');
    expect(await resetDraft(my, exercise, now)).toBe('a.2021-06-28T12-36-00-2.ts');
    expect(await readFile(join(my, 'a.2021-06-28T12-36-00.ts'), 'utf8')).toBe('first');
    expect(await readFile(join(my, 'a.2021-06-28T12-36-00-2.ts'), 'utf8')).toBe('second');
  });

  it('is made by a reset where there was none', async () => {
    expect(await resetDraft(my, exercise, now)).toBeUndefined();
    expect(await draft()).toBe('the starter');
    expect((await readdir(my)).sort()).toEqual(['a.ts', 'tsconfig.json']);
  });
});
