/** Bringing together what a learner did on two machines, or in the terminal and in a page. Pure. */

import { type ExerciseProgress, type Progress, parseProgress, type Status } from './progress.ts';

/** Progress with the drafts beside it, as it is exported. */
export interface Export extends Progress {
  /** By name, without `.ts`: the exercise's id, or that of a dated copy. */
  readonly drafts: Readonly<Record<string, string>>;
}

/**
 * Reads an export, or a bare progress file, whose drafts are none. Throws as `parseProgress` does, and for a draft whose name
 * could lead out of the learner's folder.
 */
export function parseExport(text: string): Export {
  const progress: Progress & { readonly drafts?: unknown } = parseProgress(text);
  const { drafts = {} } = progress;
  if (typeof drafts !== 'object' || drafts === null || Array.isArray(drafts)) throw new Error('its drafts are no list');
  for (const [name, draft] of Object.entries(drafts)) {
    if (!DRAFT.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of a draft`);
    if (typeof draft !== 'string') throw new Error(`the draft "${name}" is no text`);
  }
  return { ...progress, drafts: drafts as Record<string, string> };
}

/** `one-fault`, and of a dated copy `one-fault.2021-06-28T12-36-00-2`. */
const DRAFT = /^[a-z0-9][a-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*$/;

const RANK: Record<Status, number> = { started: 0, 'given-up': 1, passed: 2 };

/** Each exercise with its best status and its earliest pass. Ids and fields that only one side has are kept. */
export function mergeProgress(mine: Progress, theirs: Progress): Progress {
  const exercises: Record<string, ExerciseProgress> = { ...theirs.exercises };
  for (const [id, entry] of Object.entries(mine.exercises)) {
    const other = theirs.exercises[id];
    exercises[id] = other ? mergeEntries(entry, other) : entry;
  }
  return { ...theirs, ...mine, exercises };
}

/** The same with drafts: mine stay; one of theirs that differs is kept as a dated copy. */
export function mergeExports(mine: Export, theirs: Export, now: Date): Export {
  const drafts = { ...mine.drafts };
  for (const [name, text] of Object.entries(theirs.drafts)) {
    if (drafts[name] === undefined) drafts[name] = text;
    else if (drafts[name] !== text) drafts[freeName(`${name}.${stamp(now)}`, drafts, text)] = text;
  }
  return { ...mergeProgress(mine, theirs), drafts };
}

/** A date for a file's name: `2021-06-28T12-36-00`, in UTC. */
export function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '-');
}

function freeName(wanted: string, taken: Readonly<Record<string, string>>, text: string): string {
  let name = wanted;
  for (let copy = 2; taken[name] !== undefined && taken[name] !== text; copy++) name = `${wanted}-${copy}`;
  return name;
}

function mergeEntries(mine: ExerciseProgress, theirs: ExerciseProgress): ExerciseProgress {
  const firstPassedAt = [mine.firstPassedAt, theirs.firstPassedAt].filter((at) => at !== undefined).sort()[0];
  const passedWith = mine.passedWith ?? theirs.passedWith;
  return {
    ...theirs,
    ...mine,
    status: RANK[mine.status] >= RANK[theirs.status] ? mine.status : theirs.status,
    stage: Math.max(mine.stage, theirs.stage),
    attempts: Math.max(mine.attempts, theirs.attempts),
    hintsSeen: Math.max(mine.hintsSeen, theirs.hintsSeen),
    predictions: { ...theirs.predictions, ...mine.predictions },
    ...(firstPassedAt === undefined ? {} : { firstPassedAt }),
    ...(passedWith === undefined ? {} : { passedWith }),
  };
}
