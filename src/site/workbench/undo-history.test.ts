import { history, redo, undo, undoDepth } from '@codemirror/commands';
import { EditorState, type Transaction } from '@codemirror/state';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { draftKey, historyKey } from '../keys.ts';
import { dropHistories, keepHistory, stateWithHistory } from './undo-history.ts';

let stored: Record<string, string>;
/** Characters that a value may have. */
let room: number;
const config = { extensions: [history({ newGroupDelay: 0 })] };
const key = historyKey('one-fault');

beforeEach(() => {
  stored = {};
  room = Infinity;
  const methods = {
    getItem: (name: string) => stored[name] ?? null,
    setItem: (name: string, text: string) => {
      if (text.length > room) throw new Error('QuotaExceededError');
      stored[name] = text;
    },
    removeItem: (name: string) => {
      delete stored[name];
    },
  };
  vi.stubGlobal('localStorage', new Proxy(stored, { get: (_, name) => methods[name as keyof typeof methods] }));
});

/** A text after these have been written at its beginning, one after another. */
function written(...texts: string[]): EditorState {
  let state = EditorState.create({ doc: '', ...config });
  for (const text of texts) {
    state = state.update({ changes: { from: 0, insert: text }, userEvent: 'input', selection: { anchor: 0 } }).state;
  }
  return state;
}

function after(state: EditorState, command: typeof undo): string {
  let at = state;
  const dispatch = (transaction: Transaction) => {
    at = transaction.state;
  };
  command({ state, dispatch });
  return at.doc.toString();
}

const reopened = (text: string) => stateWithHistory('one-fault', text, config);

test('what was written can be undone after a reload, and what was undone be done again', () => {
  keepHistory('one-fault', written('a', 'b'));
  const state = reopened('ba');
  expect(state && after(state, undo)).toBe('a');
  let undone = written('a', 'b');
  undo({ state: undone, dispatch: ({ state: next }) => (undone = next) });
  keepHistory('one-fault', undone);
  const again = reopened('a');
  expect(again && after(again, redo)).toBe('ba');
});

test('belongs to its text: with another one there is none', () => {
  keepHistory('one-fault', written('a', 'b'));
  expect(reopened('something else')).toBeUndefined();
});

test('is bounded: the latest changes stay', () => {
  const state = written(...Array.from({ length: 80 }, (_, at) => `${at}`.padEnd(900, '.')));
  // Whoever deletes much has long changes: the texts that undoing brings back.
  const cleared = [...Array(80)].reduce<EditorState>(
    (at) => at.update({ changes: { from: 0, to: 900 }, userEvent: 'delete' }).state,
    state,
  );
  keepHistory('one-fault', cleared);
  expect(stored[key]?.length).toBeLessThanOrEqual(60_000);
  const kept = reopened('');
  expect(undoDepth(kept ?? state)).toBeGreaterThan(0);
  expect(kept && after(kept, undo)).toBe('0'.padEnd(900, '.'));
});

test('is dropped where there is no room, also that from before', () => {
  keepHistory('one-fault', written('a', 'b'));
  room = 10;
  keepHistory('one-fault', written('a', 'b', 'c'));
  expect(stored[key]).toBeUndefined();
});

test('makes room for drafts, and takes nothing else with it', () => {
  keepHistory('one-fault', written('a'));
  keepHistory('be-the-scheduler', written('a'));
  stored[draftKey('one-fault')] = 'a';
  dropHistories();
  expect(stored).toEqual({ [draftKey('one-fault')]: 'a' });
});

describe('what somebody else has written there', () => {
  const event = (changes: unknown) =>
    JSON.stringify({
      doc: 'ba',
      selection: { ranges: [{ anchor: 0, head: 0 }], main: 0 },
      history: {
        done: [{ changes, startSelection: { ranges: [{ anchor: 0, head: 0 }], main: 0 }, selectionsAfter: [] }],
        undone: [],
      },
    });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"doc":"ba"}',
    event([700, [5]]),
    event('all'),
    event([-1]),
    event([[2, 'x'], 4]),
  ])('is dropped: %s', (text) => {
    stored[key] = text;
    expect(reopened('ba')).toBeUndefined();
    expect(stored[key]).toBeUndefined();
  });
});
