/**
 * What the lessons show of real runs, computed while the site is built: <Experiment id> is an execution, <Count id what> a number.
 * Nothing here is typed in that the engine can say.
 */

import { recordings } from 'virtual:faultline/recordings';
import type { AnyProgram } from '#course/experiments/any-program';
import { kindIn } from '#course/experiments/kind';
import { isRecorded, recordedCaption, recordedIds, recordedNumber, recordedTrace } from '#course/experiments/recorded';
import {
  counts,
  type Experiment,
  executionOf,
  counted as known,
  shown as lessons,
  type ShownExperiment,
} from '#course/experiments/shown';
import { twoFaults, twoFaultsAndDisable } from '#course/experiments/worlds';
import { type Exploration, explore, type Trace, type ViolationKind } from '#explore';
import { type Driver, driverWith, type Fault, generations, simulate } from '#linux';
import { puzzles } from './experiments/puzzles.ts';

const solutions = import.meta.glob<Readonly<Record<string, Fault>>>('/exercises/*/solution.ts', { eager: true });

/** The driver that the solution of that exercise makes. */
function solutionOf(exercise: string): Driver {
  const [, solution] = Object.entries(solutions).find(([path]) => path.endsWith(`-${exercise}/solution.ts`)) ?? [];
  const fault = solution?.vfio_pci_mmap_fault;
  if (!fault) throw new Error(`the solution of "${exercise}" exports no vfio_pci_mmap_fault`);
  return driverWith({ fault });
}

const shown: Readonly<Record<string, ShownExperiment>> = { ...lessons, ...puzzles };

/** Of these the lessons tell a number only. */
const counted: Readonly<Record<string, Experiment>> = {
  ...known,
  'can-the-lock-enclose-it/second-look': {
    program: () => simulate(twoFaults(0, 1), solutionOf('can-the-lock-enclose-it')),
  },
  'skip-the-duplicate/solution': { program: () => simulate(twoFaults(0, 1), solutionOf('skip-the-duplicate')) },
  'insert-pfn/solution': { program: () => simulate(twoFaultsAndDisable, solutionOf('insert-pfn')) },
  'what-was-merged/three': { program: () => simulate(twoFaultsAndDisable, generations.v5_14) },
};

/** Those of which a lesson may show an execution. */
export const experimentIds: readonly string[] = [...Object.keys(shown), ...recordedIds];

function experimentOf(id: string): Experiment {
  const experiment = shown[id] ?? counted[id];
  if (!experiment) throw new Error(`there is no experiment "${id}": add it to src/course/experiments/shown.ts`);
  return experiment;
}

/** The sentence under an experiment. Unknown: throws, so that the build fails. */
export function captionOf(id: string): string {
  const caption = recordedCaption(id) ?? shown[id]?.caption;
  if (!caption) throw new Error(`there is no experiment "${id}" to show: add it to src/course/experiments/shown.ts`);
  return caption;
}

// Several places ask for the same run, and a build has them all in one process.
const runs = new Map<string, Exploration>();

function run(id: string, stopAt: 'first' | 'never'): Exploration {
  const key = `${id} ${stopAt}`;
  const exploration = runs.get(key) ?? explore(experimentOf(id).program(), { stopAt });
  if (exploration.gaveUp) throw new Error(`experiment "${id}": the search gave up: ${exploration.gaveUp.why}`);
  runs.set(key, exploration);
  return exploration;
}

/** The execution that an experiment shows. Unknown: throws, so that the build fails. */
export function traceOf(id: string): Trace {
  if (isRecorded(id)) return recordedTrace(id, recordings).trace;
  try {
    return executionOf(experimentOf(id), (stopAt) => run(id, stopAt));
  } catch (error) {
    throw new Error(`experiment "${id}": ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** All that it can come to. */
export const explorationOf = (id: string): Exploration => run(id, 'never');

export const programOf = (id: string): AnyProgram => experimentOf(id).program();

/** The kind of its least violation; `holds` if there is none. */
export const violationKindOf = (id: string): ViolationKind | 'holds' => run(id, 'first').violation?.kind ?? 'holds';

/** How an experiment goes wrong: see `kindIn`. */
export const kindOf = (id: string): string => kindIn(run(id, 'first'));

/** A number of that experiment, as prose writes it. Unknown, or not to be had: throws, so that the build fails. */
export function countOf(id: string, what: string): string {
  const count = isRecorded(id) ? recordedNumber(id, what, recordings) : simulatedCount(id, what);
  if (count === undefined)
    throw new Error(`experiment "${id}" has no number of "${what}"; there are ${Object.keys(counts).join(', ')}`);
  return BigInt(count).toLocaleString('en');
}

function simulatedCount(id: string, what: string) {
  const isKnown = Object.hasOwn(counts, what);
  return isKnown ? counts[what as keyof typeof counts](experimentOf(id), (stopAt) => run(id, stopAt)) : undefined;
}
