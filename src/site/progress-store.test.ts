import { beforeEach, describe, expect, test, vi } from 'vitest';
import { noProgress, predicted, progressOf, type Status } from '#course/progress';
import { progressKey } from './keys.ts';

let stored: Map<string, string>;

beforeEach(() => {
  stored = new Map();
  vi.resetModules();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
  });
});

const store = () => import('./progress-store.ts');
const answer = (key: string) => (progress: Parameters<typeof predicted>[0]) =>
  predicted(progress, 'one-fault', 'q', key);

describe('changeProgress', () => {
  test('stores, and the first answer stays', async () => {
    const { changeProgress, loadProgress } = await store();
    changeProgress(answer('a'));
    changeProgress(answer('b'));
    expect(loadProgress().exercises['one-fault']?.predictions).toEqual({ q: 'a' });
  });

  test('sees what another tab has stored meanwhile', async () => {
    const { changeProgress, loadProgress } = await store();
    changeProgress(answer('a'));
    stored.delete(progressKey);
    expect(loadProgress().exercises).toEqual({});
  });

  test('puts an unreadable text aside', async () => {
    const { changeProgress } = await store();
    stored.set(progressKey, '{ torn');
    changeProgress(answer('a'));
    expect(stored.get(`${progressKey}/unreadable`)).toBe('{ torn');
    expect(stored.get(progressKey)).toContain('"q": "a"');
  });

  test('leaves what a newer version has stored, and lasts as long as the page', async () => {
    const { changeProgress, isKept, loadProgress } = await store();
    const newer = '{"schema":"faultline/progress/2","exercises":{}}';
    stored.set(progressKey, newer);
    changeProgress(answer('a'));
    expect([...stored]).toEqual([[progressKey, newer]]);
    expect(loadProgress().exercises['one-fault']?.predictions).toEqual({ q: 'a' });
    expect(isKept()).toBe(false);
  });

  test('lasts as long as the page where storage is forbidden', async () => {
    vi.stubGlobal('localStorage', {
      getItem: () => {
        throw new Error('SecurityError');
      },
    });
    const { changeProgress, loadProgress } = await store();
    changeProgress(answer('a'));
    expect(loadProgress().exercises['one-fault']?.predictions).toEqual({ q: 'a' });
  });
});

describe('lessonToGoOnWith', () => {
  const lessons = ['one', 'two', 'three', 'four'];
  const after = (statuses: Record<string, Status>) => ({
    ...noProgress(),
    exercises: Object.fromEntries(
      Object.entries(statuses).map(([id, status]) => [id, { ...progressOf(noProgress(), id), status }]),
    ),
  });

  test.each<[string, Record<string, Status>, string | undefined]>([
    ['nothing begun', {}, undefined],
    ['the first passed: the next', { one: 'passed' }, 'two'],
    ['the first given up: the next', { one: 'given-up' }, 'two'],
    ['two begun: the further one', { one: 'started', three: 'started' }, 'three'],
    ['one begun beyond one left out', { one: 'passed', three: 'started' }, 'three'],
    ['one passed beyond one left out: that one', { one: 'passed', three: 'passed' }, 'two'],
    ['one passed beyond one begun: that one', { one: 'passed', two: 'started', three: 'passed' }, 'two'],
    ['all done', { one: 'passed', two: 'passed', three: 'given-up', four: 'passed' }, undefined],
    ['the last done, the first begun', { one: 'started', two: 'passed', three: 'passed', four: 'passed' }, 'one'],
  ])('%s', async (_, statuses, expected) => {
    const { lessonToGoOnWith } = await store();
    expect(lessonToGoOnWith(lessons, after(statuses))).toBe(expected);
  });
});
