/**
 * What the lessons show of real runs, computed while the site is built: <Experiment id> is an execution, <Count id what> a number.
 * Nothing here is typed in that the engine can say.
 */

import { asked } from '#course/experiments/asked';
import { threeTasks } from '#course/experiments/counters';
import { mapsOnePage } from '#course/experiments/drivers';
import { kindIn } from '#course/experiments/kind';
import { faultAndDisable, oneFault, twoFaults, twoFaultsAndDisable } from '#course/experiments/worlds';
import { type Exploration, explore, type Program, replay, type Trace, type ViolationKind } from '#explore';
import { type Driver, driverWith, type Fault, generations, simulate } from '#linux';
import { interleave } from './experiments/interleave.ts';
import { puzzles } from './experiments/puzzles.ts';

export interface Experiment {
  // biome-ignore lint/suspicious/noExplicitAny: a program's world is its own business.
  readonly program: () => Program<any>;
  /** Which execution is shown; otherwise the least that goes wrong, or else the least of all. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly schedule?: (all: Exploration, program: Program<any>) => string | undefined;
}

const solutions = import.meta.glob<Readonly<Record<string, Fault>>>('/exercises/*/solution.ts', { eager: true });

/** The driver that the solution of that exercise makes. */
function solutionOf(exercise: string): Driver {
  const [, solution] = Object.entries(solutions).find(([path]) => path.endsWith(`-${exercise}/solution.ts`)) ?? [];
  const fault = solution?.vfio_pci_mmap_fault;
  if (!fault) throw new Error(`the solution of "${exercise}" exports no vfio_pci_mmap_fault`);
  return driverWith({ fault });
}

interface ShownExperiment extends Experiment {
  /** What happens in it, without its end: one is to find out. */
  readonly caption: string;
}

const shown: Readonly<Record<string, ShownExperiment>> = {
  'one-fault/nopage': {
    caption: 'A handler that maps nothing. A touches page 1.',
    program: asked['one-fault/nopage'],
  },
  'one-fault/first-touch': {
    caption: 'A handler that maps one page. A touches page 1.',
    program: () => simulate(oneFault, mapsOnePage, { rules: ['wrong page', 'outside the BAR'] }),
  },
  'be-the-scheduler/lost-update': {
    caption: 'A and B each run `countFault` once.',
    program: asked['be-the-scheduler/lost-update'],
  },
  'reproduce-the-bug/one-thread': {
    caption: 'The 5.8 handler. A touches page 0, then page 1.',
    program: asked['reproduce-the-bug/one-thread'],
  },
  'can-the-lock-enclose-it/lock-encloses': {
    caption: '`vma_lock` around the remap. A and B both touch page 0.',
    program: asked['can-the-lock-enclose-it/lock-encloses'],
  },
  'skip-the-duplicate/entry-left': {
    caption: 'The map fails for A at page 1, and the list entry stays. A and B both touch page 2.',
    program: asked['skip-the-duplicate/entry-left'],
  },
  'insert-pfn/no-lock': {
    caption: 'The loop of inserts, without lock or list. A touches page 0, B page 3.',
    program: asked['insert-pfn/no-lock'],
    // Each of the two fills what the other has not filled yet, and meets what it has.
    schedule: (_, program) =>
      interleave(program, [
        { task: 'A', until: 'spin_unlock', times: 1 },
        { task: 'B', until: 'spin_unlock', times: 2 },
        { task: 'A', until: 'spin_unlock', times: 2 },
      ]),
  },
  'what-was-merged/one-fault-one-write': {
    caption: 'The 5.8 handler. A touches page 0; Z switches the device’s memory off.',
    program: asked['what-was-merged/one-fault-one-write'],
  },
  'what-was-merged/merged': {
    caption: 'The handler of 5.14. A touches page 0; Z switches the device’s memory off.',
    program: () => simulate(faultAndDisable, generations.v5_14),
    schedule: ({ outcomes }) => Object.entries(outcomes).find(([name]) => name.includes('A SIGBUS'))?.[1].schedule,
  },
  ...puzzles,
};

/** Of these the lessons tell a number only. */
const counted: Readonly<Record<string, Experiment>> = {
  'be-the-scheduler/three-tasks': { program: () => threeTasks },
  'reproduce-the-bug/two-pages': { program: () => simulate(twoFaults(0, 1), generations.v5_8) },
  'can-the-lock-enclose-it/second-look': {
    program: () => simulate(twoFaults(0, 1), solutionOf('can-the-lock-enclose-it')),
  },
  'skip-the-duplicate/solution': { program: () => simulate(twoFaults(0, 1), solutionOf('skip-the-duplicate')) },
  'insert-pfn/solution': { program: () => simulate(twoFaultsAndDisable, solutionOf('insert-pfn')) },
  'what-was-merged/three': { program: () => simulate(twoFaultsAndDisable, generations.v5_14) },
};

/** Those of which a lesson may show an execution. */
export const experimentIds: readonly string[] = Object.keys(shown);

function experimentOf(id: string): Experiment {
  const experiment = shown[id] ?? counted[id];
  if (!experiment) throw new Error(`there is no experiment "${id}": add it to src/site/experiments.ts`);
  return experiment;
}

/** The sentence under an experiment. Unknown: throws, so that the build fails. */
export function captionOf(id: string): string {
  const caption = shown[id]?.caption;
  if (!caption) throw new Error(`there is no experiment "${id}" to show: add it to src/site/experiments.ts`);
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
  const { program, schedule } = experimentOf(id);
  const { violation, outcomes } = run(id, 'first');
  const chosen = schedule?.(run(id, 'never'), program());
  if (schedule && chosen === undefined) throw new Error(`experiment "${id}": no execution ends as it should`);
  if (chosen === undefined && violation) return violation.trace;
  const least = chosen ?? Object.values(outcomes)[0]?.schedule;
  if (least === undefined) throw new Error(`experiment "${id}" has no execution`);
  return replay(program(), least);
}

/** All that it can come to. */
export const explorationOf = (id: string): Exploration => run(id, 'never');

// biome-ignore lint/suspicious/noExplicitAny: as above.
export const programOf = (id: string): Program<any> => experimentOf(id).program();

/** The kind of its least violation; `holds` if there is none. */
export const violationKindOf = (id: string): ViolationKind | 'holds' => run(id, 'first').violation?.kind ?? 'holds';

/** How an experiment goes wrong: see `kindIn`. */
export const kindOf = (id: string): string => kindIn(run(id, 'first'));

const counts = {
  steps: (id: string) => traceOf(id).steps.length,
  states: (id: string) => run(id, 'never').states,
  interleavings: (id: string) => run(id, 'never').interleavings,
  outcomes: (id: string) => Object.keys(run(id, 'never').outcomes).length,
};

/** A number of that experiment, as prose writes it. Unknown, or not to be had: throws, so that the build fails. */
export function countOf(id: string, what: string): string {
  const count = Object.hasOwn(counts, what) ? counts[what as keyof typeof counts](id) : undefined;
  if (count === undefined)
    throw new Error(`experiment "${id}" has no number of "${what}"; there are ${Object.keys(counts).join(', ')}`);
  return BigInt(count).toLocaleString('en');
}
