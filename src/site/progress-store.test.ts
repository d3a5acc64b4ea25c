import { beforeEach, describe, expect, test, vi } from 'vitest';
import { predicted } from '#course/progress';
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
