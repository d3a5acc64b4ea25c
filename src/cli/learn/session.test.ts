import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { updateProgress } from '#course/node/progress-file';
import { graded as progressAfter, progressOf } from '#course/progress';
import { verdict } from '../fixtures.ts';
import { entry, failed, graded, my, open, passed, press, root, runs, save, session, use } from './fixtures.ts';

describe('opening', () => {
  it('begins behind what was passed last', async () => {
    await updateProgress(join(root, 'my'), (before) => progressAfter(before, 'be-the-scheduler', passed, new Date(0)));
    expect((await open()).state.exercise.id).toBe('reproduce-the-bug');
    await updateProgress(join(root, 'my'), (before) => progressAfter(before, 'reproduce-the-bug', passed, new Date(0)));
    expect((await open()).state.exercise.id).toBe('one-fault');
  });

  it('begins with the first exercise, and makes its file', async () => {
    expect(session.state).toMatchObject({
      exercise: { id: 'one-fault' },
      lesson: { title: 'One fault' },
      mode: 'exercise',
    });
    expect(await readFile(my('one-fault.ts'), 'utf8')).toBe('// The starter of 05-one-fault.\n');
    expect(session.state.notice).toContain('my/one-fault.ts is new');
    expect(runs).toEqual([]);
  });

  it('goes on where the learner was', async () => {
    await graded('a', passed);
    expect((await open()).state.exercise.id).toBe('be-the-scheduler');
  });

  it('comes back to the last that was begun, also if it was given up', async () => {
    await press('n', 'g', 'y');
    expect((await open()).state.exercise.id).toBe('be-the-scheduler');
    await press('n');
    expect((await open()).state.exercise.id).toBe('reproduce-the-bug');
  });

  it('opens the one that is asked for', async () => {
    expect((await open('reproduce-the-bug')).state.exercise.id).toBe('reproduce-the-bug');
  });

  it('grades what was done before, without counting it as an attempt', async () => {
    await save('half done');
    await use(open());
    expect(runs.map(({ request }) => request.source)).toEqual(['half done']);
    runs[0]?.end(failed);
    await expect.poll(() => session.state.verdict).toBe(failed);
    expect((await entry()).attempts).toBe(0);
  });

  it('says that progress could not be read', async () => {
    await writeFile(my('progress.json'), '{');
    expect((await open()).state.notice).toContain('could not be read');
  });
});

describe('saving', () => {
  it('grades, shows and remembers', async () => {
    await graded('a', failed);
    expect(session.state).toMatchObject({ verdict: failed, running: undefined });
    await graded('b', passed);
    expect(session.state.verdict).toBe(passed);
    expect(await entry()).toMatchObject({ status: 'passed', attempts: 2 });
    expect(progressOf(session.state.progress, 'one-fault').status).toBe('passed');
  });

  it('grades nothing when nothing is new', async () => {
    await session.look();
    await graded('a', failed);
    await session.look();
    await session.look();
    expect(runs).toHaveLength(1);
  });

  it('waits for a file that is gone for a moment', async () => {
    await rm(my('one-fault.ts'));
    await session.look();
    expect(runs).toEqual([]);
    await graded('a', passed);
    expect(session.state.verdict).toBe(passed);
  });

  it('loses no save that comes during a run', async () => {
    await save('first');
    const first = session.look();
    await expect.poll(() => runs.length).toBe(1);
    await save('second');
    const second = session.look();
    await expect.poll(() => runs.length).toBe(2);
    expect(runs[0]?.options.signal?.aborted).toBe(true);
    runs[1]?.end(failed);
    await second;
    runs[0]?.end(passed);
    await first;
    expect(session.state.verdict).toBe(failed);
    expect(await entry()).toMatchObject({ status: 'started', attempts: 1 });
  });

  it('shows how far a run is', async () => {
    await save('a');
    const looking = session.look();
    await expect.poll(() => runs.length).toBe(1);
    expect(session.state.running).toEqual({ states: 0 });
    runs[0]?.options.onProgress?.({ checking: { id: 'one', name: 'One' }, states: 7 });
    expect(session.state.running).toMatchObject({ states: 7 });
    runs[0]?.end(failed);
    await looking;
    runs[0]?.options.onProgress?.({ states: 9 });
  });

  it('leaves no notice behind that was about the time before it', async () => {
    await save('a');
    const looking = session.look();
    await expect.poll(() => runs.length).toBe(1);
    await press('t');
    expect(session.state.notice).toContain('no verdict yet');
    runs[0]?.end(failed);
    await looking;
    expect(session.state.notice).toBeUndefined();
  });

  it('counts no attempt where the file does not compile', async () => {
    await graded('a', verdict([], { outcome: 'broken' }));
    expect((await entry()).attempts).toBe(0);
  });

  it('says that the grader failed', async () => {
    await save('breaks the grader');
    await session.look();
    expect(session.state).toMatchObject({ running: undefined, notice: 'The grader failed: no worker' });
  });

  it('grades the same again on Enter', async () => {
    await graded('a', failed);
    await press('return');
    expect(runs).toHaveLength(2);
    runs[1]?.end(failed);
    await expect.poll(async () => (await entry()).attempts).toBe(2);
  });

  it('makes a file that was deleted anew on Enter', async () => {
    await rm(my('one-fault.ts'));
    await press('return');
    expect(await readFile(my('one-fault.ts'), 'utf8')).toContain('starter');
  });
});

describe('moving', () => {
  it('goes to the next and the previous exercise, and no further', async () => {
    await press('n');
    expect(session.state.exercise.id).toBe('be-the-scheduler');
    await press('n', 'n');
    expect(session.state).toMatchObject({
      exercise: { id: 'reproduce-the-bug' },
      notice: 'This is the last exercise.',
    });
    await press('p', 'p', 'p');
    expect(session.state).toMatchObject({ exercise: { id: 'one-fault' }, notice: 'This is the first exercise.' });
  });

  it('leaves verdict, hints and solution behind, and ends the run', async () => {
    await graded('a', passed);
    await press('h', 's', 'n');
    expect(session.state).toMatchObject({ verdict: undefined, hints: 0, showsSolution: false });
    await save('b', 'be-the-scheduler');
    void session.look();
    await expect.poll(() => runs.length).toBe(2);
    await press('n');
    expect(runs[1]?.options.signal?.aborted).toBe(true);
    expect(session.state.running).toBeUndefined();
  });

  it('moves in the list, and opens from it', async () => {
    await press('l', 'down', 'down', 'down', 'up');
    expect(session.state).toMatchObject({ mode: 'list', list: { cursor: 1 } });
    await press('return');
    expect(session.state).toMatchObject({ mode: 'exercise', exercise: { id: 'be-the-scheduler' } });
    await press('l', 'escape');
    expect(session.state).toMatchObject({ mode: 'exercise', exercise: { id: 'be-the-scheduler' } });
  });
});

describe('hints', () => {
  it('are there after a pass too', async () => {
    await graded('a', passed);
    await press('h');
    expect(session.state).toMatchObject({ verdict: passed, hints: 1 });
  });

  it('are put away by a verdict, and come back before another is opened', async () => {
    await press('h', 'h');
    await graded('a', failed);
    expect(session.state).toMatchObject({ hints: 2, showsHints: false });
    await press('h');
    expect(session.state).toMatchObject({ hints: 2, showsHints: true });
    await press('h');
    expect(session.state).toMatchObject({ hints: 3, showsHints: true });
  });

  it('come one by one, and are remembered', async () => {
    await press('h', 'h');
    expect(session.state.hints).toBe(2);
    expect((await entry()).hintsSeen).toBe(2);
    await press('h', 'h');
    expect(session.state).toMatchObject({ hints: 3, notice: 'There are no more hints.' });
  });
});

describe('the solution', () => {
  it('is not shown before its time', async () => {
    await press('s');
    expect(session.state).toMatchObject({ showsSolution: false });
    expect(session.state.notice).toContain('press g');
  });

  it('is shown after passing', async () => {
    await graded('a', passed);
    await press('s');
    expect(session.state.showsSolution).toBe(true);
  });

  it('is shown after giving up, which is asked for first', async () => {
    await press('g');
    expect(session.state.mode).toBe('give up?');
    await press('n');
    expect(session.state).toMatchObject({ mode: 'exercise', showsSolution: false, notice: 'Nothing was changed.' });
    await press('g', 'y');
    expect(session.state.showsSolution).toBe(true);
    expect((await entry()).status).toBe('given-up');
  });

  it('needs no giving up once it may be shown', async () => {
    await graded('a', passed);
    await press('g');
    expect(session.state).toMatchObject({ mode: 'exercise', showsSolution: true });
    expect((await entry()).status).toBe('passed');
  });
});

describe('starting over', () => {
  it('is asked for, and keeps a dated copy', async () => {
    await graded('my work', failed);
    await press('r', 'y');
    expect(await readFile(my('one-fault.ts'), 'utf8')).toContain('starter');
    expect(await readFile(my('one-fault.2021-06-28T12-36-00.ts'), 'utf8')).toBe('my work');
    expect(session.state.notice).toContain('my/one-fault.2021-06-28T12-36-00.ts');
    expect(session.state.verdict).toBeUndefined();
  });

  it('does nothing without a yes', async () => {
    await save('my work');
    await press('r', 'x');
    expect(await readFile(my('one-fault.ts'), 'utf8')).toBe('my work');
    expect((await readdir(join(root, 'my'))).some((name) => name.includes('2021'))).toBe(false);
  });
});

describe('other keys', () => {
  it('shows help until any key', async () => {
    await press('?');
    expect(session.state.mode).toBe('help');
    await press('n');
    expect(session.state).toMatchObject({ mode: 'exercise', exercise: { id: 'one-fault' } });
  });

  it('quits on q and on ctrl-c, but not in a question', async () => {
    expect(await session.press('q')).toBe(false);
    expect(await session.press('r')).toBe(true);
    expect(await session.press('q')).toBe(true);
    await press('x', 'shift-g');
    expect(session.state.mode).toBe('give up?');
    await press('n', 'l');
    expect(await session.press('ctrl-c')).toBe(false);
  });

  it('ignores what means nothing', async () => {
    const before = session.state;
    expect(await session.press('x')).toBe(true);
    expect(session.state).toBe(before);
  });
});

describe('a folder that cannot be read', () => {
  it('is said, once', async () => {
    await rm(my('one-fault.ts'));
    await mkdir(my('one-fault.ts'));
    await session.look();
    expect(session.state.notice).toMatch(/one-fault\.ts cannot be read \(EISDIR\)/);
    const { told } = session.state;
    await session.look();
    expect(session.state.told).toBe(told);
  });
});
