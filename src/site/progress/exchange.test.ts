import { beforeEach, expect, test, vi } from 'vitest';
import type { Export } from '#course/merge';
import { graded, noProgress, opened, type Progress } from '#course/progress';
import { draftKey, progressKey } from '../keys.ts';

let stored: Map<string, string>;
/** How many texts there is room for. */
let room: number;

beforeEach(() => {
  stored = new Map();
  room = 100;
  vi.resetModules();
  vi.stubGlobal('localStorage', {
    get length() {
      return stored.size;
    },
    key: (index: number) => [...stored.keys()][index] ?? null,
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (!stored.has(key) && stored.size >= room) throw new Error('QuotaExceededError');
      stored.set(key, text);
    },
    removeItem: (key: string) => stored.delete(key),
  });
});

const exchange = () => import('./exchange.ts');
const now = new Date('2021-06-28T12:36:00Z');
const passed = (id: string): Progress =>
  graded(noProgress(), id, { course: '1', submission: 'x', outcome: 'passed', checks: [] }, now);
const theirs: Export = { ...passed('one-fault'), drafts: { 'one-fault': '// theirs', 'insert-pfn': '// new' } };

test('exports progress and drafts, and nothing else that is stored', async () => {
  stored.set(progressKey, JSON.stringify(opened(noProgress(), 'one-fault')));
  stored.set(draftKey('one-fault'), '// mine');
  stored.set('another site', 'x');
  expect((await exchange()).exportHere()).toEqual({
    ...opened(noProgress(), 'one-fault'),
    drafts: { 'one-fault': '// mine' },
  });
});

test('imports: the best counts, a draft of mine stays, and one that differs comes beside it', async () => {
  stored.set(progressKey, JSON.stringify(opened(noProgress(), 'one-fault')));
  stored.set(draftKey('one-fault'), '// mine');
  const { before, progress, made } = (await exchange()).importHere(theirs, now);
  expect([before, progress].map(({ exercises }) => exercises['one-fault']?.status)).toEqual(['started', 'passed']);
  expect(made).toEqual(['one-fault.2021-06-28T12-36-00', 'insert-pfn']);
  expect(stored.get(draftKey('one-fault'))).toBe('// mine');
  expect(stored.get(draftKey('one-fault.2021-06-28T12-36-00'))).toBe('// theirs');
  expect(JSON.parse(stored.get(progressKey) ?? '')).not.toHaveProperty('drafts');
});

test('imports the same twice as once', async () => {
  const { importHere } = await exchange();
  importHere(theirs, now);
  const before = new Map(stored);
  expect(importHere(theirs, new Date(0)).made).toEqual([]);
  expect(stored).toEqual(before);
});

test('imports all or nothing where there is no room', async () => {
  stored.set(draftKey('one-fault'), '// mine');
  const before = new Map(stored);
  const { importHere, NotStored } = await exchange();
  for (room = 1; room <= 3; room++) {
    expect(() => importHere(theirs, now)).toThrow(NotStored);
    expect(stored).toEqual(before);
  }
});

test('leaves what a newer version has stored as it is', async () => {
  stored.set(progressKey, '{"schema":"faultline/progress/2"}');
  const before = new Map(stored);
  const { importHere, NotStored } = await exchange();
  expect(() => importHere(theirs, now)).toThrow(NotStored);
  expect(stored).toEqual(before);
});
