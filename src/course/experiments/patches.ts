/** The patches that a lesson has its reader review, and the steps that each task makes by itself. */

import { asItIs, type BoardDriver, trying } from '#exercises/50-review-a-patch/shared/board';
import { diffs } from '#exercises/50-review-a-patch/shared/diffs';
import { patches } from '#exercises/50-review-a-patch/shared/patches';
import { replay } from '#explore';

export interface ShownPatch {
  readonly name: string;
  readonly subject: string;
  /** With the mark in front of each: `+`, `-`, a blank, or the `@@` of a hunk's head. */
  readonly lines: readonly string[];
}

/** The patch of that name. Throws where there is none. */
export function patchOf(name: string): ShownPatch {
  const { subject, diff } = named(diffs, name);
  return { name, subject, lines: diff.split('\n') };
}

export interface StepsAlone {
  readonly task: string;
  readonly steps: readonly string[];
}

/**
 * What A and Z do, each by itself: both under the driver `asItIs`, and under a patch those whom it makes do otherwise. B does as A does.
 * Throws where there is no such patch.
 */
export function stepsUnder(name: string): StepsAlone[] {
  const driver = named({ asItIs, ...patches }, name);
  const before = driver === asItIs ? [] : aloneUnder(asItIs).map(written);
  return aloneUnder(driver).filter((each) => !before.includes(written(each)));
}

const written = ({ task, steps }: StepsAlone): string => [task, ...steps].join('\n');

function aloneUnder(driver: BoardDriver): StepsAlone[] {
  const program = trying('alone', driver);
  return ['A', 'Z'].map((task) => {
    const { steps } = replay(program, task);
    return { task, steps: steps.filter((step) => step.task === task).map(({ operation }) => withoutValue(operation)) };
  });
}

/** What is written into an entry does not count. */
const withoutValue = (operation: string): string => operation.replace(/, 0x[0-9a-f]+\)$/, ')');

function named<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined) throw new Error(`there is no patch "${name}"; there is ${Object.keys(all).join(', ')}`);
  return found;
}
