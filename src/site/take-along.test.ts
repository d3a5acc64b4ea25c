import { describe, expect, test } from 'vitest';
import { draftKey, progressKey } from './keys.ts';
import { takeAlong } from './take-along.ts';

/** Storage as a browser has it: its keys are its own properties. */
function storageOf(texts: Record<string, string>, room = Number.POSITIVE_INFINITY): Storage {
  const storage = Object.create({
    getItem: (key: string) => storage[key] ?? null,
    setItem: (key: string, text: string) => {
      if (Object.keys(storage).length >= room) throw new Error('QuotaExceededError');
      storage[key] = text;
    },
  });
  return Object.assign(storage, texts);
}

describe('takeAlong', () => {
  const earlier = { 'faultline/progress/1': '{}', 'faultline/draft/one-fault': '// mine', 'other/draft/x': 'theirs' };

  test('copies what an earlier version kept, and deletes nothing', () => {
    const storage = storageOf(earlier);
    takeAlong(storage);
    expect(storage).toMatchObject(earlier);
    expect(storage.getItem(progressKey)).toBe('{}');
    expect(storage.getItem(draftKey('one-fault'))).toBe('// mine');
    expect(Object.values(storage).filter((text) => text === 'theirs')).toHaveLength(1);
  });

  test('replaces nothing that is there already', () => {
    const storage = storageOf({ ...earlier, [draftKey('one-fault')]: '// newer' });
    takeAlong(storage);
    expect(storage.getItem(draftKey('one-fault'))).toBe('// newer');
  });

  test('does so once: what is gone stays gone', () => {
    const storage = storageOf(earlier);
    takeAlong(storage);
    delete storage[progressKey];
    takeAlong(storage);
    expect(storage.getItem(progressKey)).toBe(null);
  });

  test('tries again where there was no room', () => {
    const storage = storageOf(earlier, 4);
    expect(() => takeAlong(storage)).toThrow('Quota');
    delete storage['other/draft/x'];
    const roomier = storageOf({ ...storage });
    takeAlong(roomier);
    expect(roomier.getItem(draftKey('one-fault'))).toBe('// mine');
  });
});
