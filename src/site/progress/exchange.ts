/**
 * Progress and drafts of this browser together, to carry them to another one, or into a terminal, and back. There, the same is
 * done by course/node/exchange.ts.
 */

import { type Export, mergeExports, mergeProgress } from '#course/merge';
import type { Progress } from '#course/progress';
import { draftKey } from '../keys.ts';
import { changeProgress, isKept, loadProgress } from '../progress-store.ts';

export interface Imported {
  readonly before: Progress;
  readonly progress: Progress;
  /** Names of the drafts that were made: one that is new, or the dated copy of one that differs from the learner's own. */
  readonly made: readonly string[];
}

/** Nothing was imported: there is no room, or nothing can be stored here at all. */
export class NotStored extends Error {}

export function exportHere(): Export {
  return { ...loadProgress(), drafts: draftsHere() };
}

/** Merges an export into what is stored. No draft is changed. All of it or nothing: throws `NotStored`. */
export function importHere(theirs: Export, now: Date): Imported {
  const mine = exportHere();
  const { drafts } = mergeExports(mine, theirs, now);
  const made = Object.keys(drafts).filter((name) => !Object.hasOwn(mine.drafts, name));
  const { drafts: _, ...before } = mine;
  try {
    for (const name of made) localStorage.setItem(draftKey(name), drafts[name] ?? '');
    const progress = changeProgress((now) => mergeProgress(now, withoutDrafts(theirs)));
    if (!isKept()) throw new NotStored();
    return { before, progress, made };
  } catch {
    forget(made);
    throw new NotStored();
  }
}

const withoutDrafts = ({ drafts: _, ...progress }: Export): Progress => progress;

function draftsHere(): Record<string, string> {
  const drafts: Record<string, string> = {};
  try {
    const first = draftKey('');
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
    for (const key of keys.filter((each) => each.startsWith(first)).sort())
      drafts[key.slice(first.length)] = localStorage.getItem(key) ?? '';
  } catch {
    // Nothing can be stored here, so nothing was.
  }
  return drafts;
}

function forget(names: readonly string[]): void {
  try {
    for (const name of names) localStorage.removeItem(draftKey(name));
  } catch {
    // Nothing was stored.
  }
}
