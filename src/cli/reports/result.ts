/** What a report is made of, whatever its form: what each exercise's file came to. */

import type { Check, Verdict } from '#grade/verdict';

export interface Graded {
  /** The exercise. */
  readonly id: string;
  readonly title: string;
  /** As its reader knows it. */
  readonly file: string;
  /** Undefined: there is no file yet. */
  readonly verdict?: Verdict;
}

/** What is wrong with a check, in words for a log: what happened, the belief, the schedule. Empty for one that passed. */
export function wordsOf({ status, message, native, because, schedule }: Check): string[] {
  if (status === 'passed') return [];
  const belief = because?.split(/\n[ \t]*\n/, 1)[0]?.replaceAll(/\s+/g, ' ');
  return [
    message?.text ?? status,
    ...(native === undefined ? [] : [native]),
    ...(belief === undefined ? [] : [belief]),
    ...(schedule === undefined ? [] : [`Schedule: ${schedule}`]),
  ];
}

/** The line of the submission at which the check's interleaving ends, as far as it is the learner's. */
export function lineOf({ trace }: Check): number | undefined {
  return trace?.steps
    .toReversed()
    .flatMap(({ stack }) => stack)
    .find(({ line }) => line !== undefined)?.line;
}

export const hasPassed = ({ verdict }: Graded): boolean => verdict?.outcome === 'passed';

/** `5 of 7 passed, 1 not begun` */
export function countText(results: readonly Graded[]): string {
  const notBegun = results.filter(({ verdict }) => !verdict).length;
  const passed = `${results.filter(hasPassed).length} of ${results.length} passed`;
  return notBegun === 0 ? passed : `${passed}, ${notBegun} not begun`;
}
