/** What the end of a check's trace is to its reader, the same on both faces. */

import type { Check } from './verdict.ts';

/** `found`: the exercise asked for it. `told`: the check's message says it already, and twice is once too often. Else it is `new`. */
export type EndingRole = 'new' | 'told' | 'found';

export function endingRole({ status, message, trace }: Pick<Check, 'status' | 'message' | 'trace'>): EndingRole {
  if (status === 'passed') return 'found';
  const words = wordsOf(trace?.ending.message);
  return words !== '' && wordsOf(message?.text).includes(words) ? 'told' : 'new';
}

/** Without its signs: a message puts in brackets what follows a rule's colon. */
const wordsOf = (text = '') => text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
