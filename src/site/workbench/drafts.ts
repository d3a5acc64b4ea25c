/**
 * What the learner has written, in this browser. Stored before each run, and never overwritten without a dated copy.
 * Where storage is forbidden or full, it lasts as long as the page; `store` says so.
 */

import { stamp } from '#course/merge';

/** Names are those of an export: the exercise's id, or that of a dated copy. */
const draftKey = (name: string): string => `faultline/draft/${name}`;
const runningKey = 'faultline/running';

/** The stored draft; undefined if there is none. */
export function loadDraft(exercise: string): string | undefined {
  return read(draftKey(exercise));
}

/** Stores the draft. Returns false where nothing can be stored. */
export function storeDraft(exercise: string, text: string): boolean {
  return write(draftKey(exercise), text);
}

/** Puts a dated copy of the draft aside. Returns its name; undefined if there is no draft, or no room for the copy. */
export function keepCopy(exercise: string, now: Date): string | undefined {
  const text = loadDraft(exercise);
  const name = `${exercise}.${stamp(now)}`;
  return text !== undefined && write(draftKey(name), text) ? name : undefined;
}

/** A run of this exercise begins (true) or has ended. */
export function markRunning(exercise: string, running: boolean): void {
  if (running) write(runningKey, exercise);
  else remove(runningKey);
}

/** The page died while this exercise ran: it must not run again by itself. */
export function diedRunning(exercise: string): boolean {
  return read(runningKey) === exercise;
}

function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: string): boolean {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

function remove(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing can be stored here, so nothing was.
  }
}
