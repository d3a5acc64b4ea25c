/**
 * What the learner has written, in this browser. Stored before each run, and never overwritten without a dated copy, be it by
 * another tab.
 * Where storage is forbidden or full, it lasts as long as the page; `store` says so.
 */

import { stamp } from '#course/merge';
import { draftKey, runningKey } from '../keys.ts';
import { keysOf, read, remove, write } from './kept.ts';

/** The drafts as this page last read or stored them. What is stored instead of that, another tab has written. */
const known = new Map<string, string | undefined>();

/** The stored draft, for this page to go on with; undefined if there is none. */
export function openDraft(exercise: string): string | undefined {
  const text = loadDraft(exercise);
  known.set(exercise, text);
  return text;
}

/** The stored draft; undefined if there is none. */
export function loadDraft(exercise: string): string | undefined {
  return read(draftKey(exercise));
}

/** Stores the draft, and puts aside what another tab has stored meanwhile. Returns false where nothing can be stored. */
export function storeDraft(exercise: string, text: string): boolean {
  const stored = loadDraft(exercise);
  const expected = known.has(exercise) ? known.get(exercise) : stored;
  // A tab in which nobody has written has nothing to say.
  if (stored !== undefined && text === expected) return true;
  const isOthers = stored !== undefined && stored !== expected && stored !== text;
  if (isOthers && keepCopy(exercise, new Date()) === undefined) return false;
  if (!write(draftKey(exercise), text)) return false;
  known.set(exercise, text);
  return true;
}

/** Puts a dated copy of the draft aside. Returns its name; undefined if there is no draft, or no room for the copy. */
export function keepCopy(exercise: string, now: Date): string | undefined {
  const text = loadDraft(exercise);
  if (text === undefined) return undefined;
  const dated = `${exercise}.${stamp(now)}`;
  let name = dated;
  for (let copy = 2; ![undefined, text].includes(loadDraft(name)); copy++) name = `${dated}-${copy}`;
  return write(draftKey(name), text) ? name : undefined;
}

/** A text of the learner's that was put aside. */
export interface Copy {
  /** That of an export. */
  readonly name: string;
  /** When it was put aside; undefined where its name does not say. */
  readonly date: Date | undefined;
  readonly text: string;
}

/** The exercise's dated copies, the latest first. */
export function copiesOf(exercise: string): Copy[] {
  const beginning = draftKey(`${exercise}.`);
  const names = keysOf(beginning).map((key) => key.slice(draftKey('').length));
  return names
    .sort()
    .reverse()
    .map((name) => ({ name, date: dateIn(name.slice(exercise.length + 1)), text: loadDraft(name) ?? '' }));
}

export function deleteCopy(name: string): void {
  remove(draftKey(name));
}

/** What `stamp` wrote, perhaps with a number behind it. */
function dateIn(text: string): Date | undefined {
  const [, day, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(?:-\d+)?$/.exec(text) ?? [];
  const date = new Date(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Hears of each draft of this exercise that another tab stores, and what this page last knew. Returns whether the page goes on
 * with it: then it is this page's too.
 */
export function onDraftElsewhere(exercise: string, hear: (text: string, before: string | undefined) => boolean): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== draftKey(exercise) || newValue === null) return;
    if (hear(newValue, known.get(exercise))) known.set(exercise, newValue);
  });
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
