/** The patches that a lesson has its reader review, and the steps that each task makes by itself. */

import { asItIs, trying } from '#exercises/50-review-a-patch/shared/board';
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

/** What A and Z do, each by itself, under that patch or under the driver `asItIs`; B does as A does. Throws where there is none. */
export function stepsUnder(name: string): StepsAlone[] {
  const program = trying(name, named({ asItIs, ...patches }, name));
  return ['A', 'Z'].map((task) => {
    const { steps } = replay(program, task);
    return { task, steps: steps.filter((step) => step.task === task).map(({ operation }) => operation) };
  });
}

function named<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined) throw new Error(`there is no patch "${name}"; there is ${Object.keys(all).join(', ')}`);
  return found;
}
