/** What can be undone and done again, kept beside the draft so that it survives a reload. The least of all that is stored: it goes first. */

import { historyField, undo, undoDepth } from '@codemirror/commands';
import { EditorState, type EditorStateConfig, type Transaction } from '@codemirror/state';
import { historyKey } from '../keys.ts';
import { keysOf, read, remove, write } from './kept.ts';

/** Characters of one exercise's history. */
const most = 60_000;

const fields = { history: historyField };

/** As CodeMirror writes it. The oldest of each side come first. */
interface Kept {
  readonly doc: string;
  readonly selection: unknown;
  readonly history: { readonly done: readonly unknown[]; readonly undone: readonly unknown[] };
}

/** Keeps as many of the latest changes as there is room for; where there is none, none. */
export function keepHistory(exercise: string, state: EditorState): void {
  const key = historyKey(exercise);
  const { doc, selection, history } = state.toJSON(fields) as Kept;
  for (let count = Math.max(history.done.length, history.undone.length); count > 0; count = Math.floor(count / 2)) {
    const latest = { done: history.done.slice(-count), undone: history.undone.slice(-count) };
    const text = JSON.stringify({ doc, selection, history: latest });
    if (text.length <= most && write(key, text)) return;
  }
  remove(key);
}

/** The state with this text, and with the history that was kept of it; undefined where none was, or it cannot be believed. */
export function stateWithHistory(exercise: string, text: string, config: EditorStateConfig): EditorState | undefined {
  const kept = read(historyKey(exercise));
  if (kept === undefined) return undefined;
  try {
    const state = EditorState.fromJSON(JSON.parse(kept), config, fields);
    if (state.doc.toString() !== text) return undefined;
    tryAll(state);
    return state;
  } catch {
    remove(historyKey(exercise));
    return undefined;
  }
}

/** Makes room: drafts are worth more. */
export function dropHistories(): void {
  for (const key of keysOf(historyKey(''))) remove(key);
}

/** Throws where a change does not fit to the text that it would be undone in: then it was not written by us, or only by half. */
function tryAll(state: EditorState): void {
  let at = state;
  const dispatch = (transaction: Transaction) => {
    at = transaction.state;
  };
  for (let depth = undoDepth(state); depth > 0; depth--) undo({ state: at, dispatch });
  at.doc.toString();
}
