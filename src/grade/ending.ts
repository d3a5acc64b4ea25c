/** What the end of a check's trace is to its reader, the same on both faces. */

import type { Trace } from '#explore';
import type { Check } from './verdict.ts';

/** `found`: the exercise asked for it. `told`: the check's message says it already, and twice is once too often. Else it is `new`. */
export type EndingRole = 'new' | 'told' | 'found';

export function endingRole({ status, message, trace }: Pick<Check, 'status' | 'message' | 'trace'>): EndingRole {
  if (status === 'passed') return 'found';
  const words = wordsOf(trace?.ending.message);
  return words !== '' && wordsOf(message?.text).includes(words) ? 'told' : 'new';
}

/** In a deadlock, where in the learner's file each one waits, as far as it is there: the step that waits was never taken. */
export function whereTheyWait({ ending: { kind }, steps }: Pick<Trace, 'ending' | 'steps'>): string[] {
  const waits = kind === 'deadlock' ? (steps.at(-1)?.blocked ?? []) : [];
  return waits.flatMap(({ task, line }) => (line === undefined ? [] : [`${task} waits in line ${line}.`]));
}

/** Without its signs: a message puts in brackets what follows a rule's colon. */
const wordsOf = (text = '') => text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
