import { beforeEach, describe, expect, test, vi } from 'vitest';
import { draftKey } from '../keys.ts';

let stored: Map<string, string>;
let room: boolean;

beforeEach(() => {
  stored = new Map();
  room = true;
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (!room) throw new Error('QuotaExceededError');
      stored.set(key, text);
    },
  });
});

/** A tab: the module afresh, over the storage that all tabs share. */
async function openTab() {
  vi.resetModules();
  const drafts = await import('./drafts.ts');
  return { ...drafts, text: drafts.openDraft('one-fault') };
}

const draft = () => stored.get(draftKey('one-fault'));
const copies = () => [...stored].filter(([key]) => key.startsWith(draftKey('one-fault.'))).map(([, text]) => text);

describe('two tabs on one exercise', () => {
  test('one in which nobody has written leaves what the other has stored', async () => {
    stored.set(draftKey('one-fault'), '// old');
    const idle = await openTab();
    const busy = await openTab();
    busy.storeDraft('one-fault', '// new');
    expect(idle.storeDraft('one-fault', '// old')).toBe(true);
    expect([draft(), copies()]).toEqual(['// new', []]);
  });

  test('what both have written is there: the later as the draft, the earlier as a dated copy', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.storeDraft('one-fault', '// first');
    second.storeDraft('one-fault', '// second');
    expect([draft(), copies()]).toEqual(['// second', ['// first']]);
    second.storeDraft('one-fault', '// second, longer');
    expect(copies()).toEqual(['// first']);
  });

  test('nothing is overwritten where there is no room for the copy', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.storeDraft('one-fault', '// first');
    room = false;
    expect(second.storeDraft('one-fault', '// second')).toBe(false);
    expect(draft()).toBe('// first');
  });
});

test('two copies of one second have two names', async () => {
  const { keepCopy } = await openTab();
  const now = new Date();
  for (const text of ['// a', '// b', '// b']) {
    stored.set(draftKey('one-fault'), text);
    keepCopy('one-fault', now);
  }
  expect(copies()).toEqual(['// a', '// b']);
});

test('a draft that was cleared away elsewhere is stored again', async () => {
  const { storeDraft } = await openTab();
  storeDraft('one-fault', '// mine');
  stored.clear();
  storeDraft('one-fault', '// mine');
  expect(draft()).toBe('// mine');
});
