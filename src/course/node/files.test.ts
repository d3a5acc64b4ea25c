import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Exercise, readCatalogue } from '../catalogue.ts';
import { hintSeen, noProgress, opened, progressOf } from '../progress.ts';
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
