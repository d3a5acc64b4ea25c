/** The executions that lessons and the checklist show, and some whose numbers they tell. Nothing here is typed in that the engine can say. */

import { asItIs, trying } from '#exercises/50-review-a-patch/shared/board';
import { type Exploration, explore, replay, type Trace } from '#explore';
import { generations, simulate } from '#linux';
import type { AnyProgram } from './any-program.ts';
import { asked } from './asked.ts';
import { checklist } from './checklist.ts';
import { threeTasks } from './counters.ts';
import { mapsOnePage } from './drivers.ts';
import { interleave } from './interleave.ts';
import { faultAndDisable, oneFault, twoFaults } from './worlds.ts';

export interface Experiment {
  readonly program: () => AnyProgram;
  /** Which execution is shown; otherwise the least that goes wrong, or else the least of all. */
  readonly schedule?: (all: Exploration, program: AnyProgram) => string | undefined;
}

export interface ShownExperiment extends Experiment {
  /** What happens in it, without its end: one is to find out. */
  readonly caption: string;
}

/** By the experiment's id. */
export const shown: Readonly<Record<string, ShownExperiment>> = {
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
  'review-a-patch/count-pages': {
    caption: 'The board’s driver with `countPages`. A touches page 0, B page 1.',
    program: asked['review-a-patch/count-pages'],
  },
  'what-was-merged/merged': {
    caption: 'The handler of 5.14. A touches page 0; Z switches the device’s memory off.',
    program: () => simulate(faultAndDisable, generations.v5_14),
    schedule: ({ outcomes }) => Object.entries(outcomes).find(([name]) => name.includes('A SIGBUS'))?.[1].schedule,
  },
  ...checklist,
};

/** Of these the lessons tell a number only. */
export const counted: Readonly<Record<string, Experiment>> = {
  'be-the-scheduler/three-tasks': { program: () => threeTasks },
  'review-a-patch/as-it-is': { program: () => trying('asItIs', asItIs) },
  'reproduce-the-bug/two-pages': { program: () => simulate(twoFaults(0, 1), generations.v5_8) },
};

type Run = (stopAt: 'first' | 'never') => Exploration;

/** The execution that an experiment shows. Throws if none ends as it should. */
export function executionOf({ program, schedule }: Experiment, run: Run): Trace {
  const { violation, outcomes } = run('first');
  const chosen = schedule?.(run('never'), program());
  if (schedule && chosen === undefined) throw new Error('no execution ends as it should');
  if (chosen === undefined && violation) return violation.trace;
  const least = chosen ?? Object.values(outcomes)[0]?.schedule;
  if (least === undefined) throw new Error('there is no execution');
  return replay(program(), least);
}

/** What a number of an experiment may be a number of. */
export const counts = {
  steps: (experiment: Experiment, run: Run) => executionOf(experiment, run).steps.length,
  states: (_: Experiment, run: Run) => run('never').states,
  interleavings: (_: Experiment, run: Run) => run('never').interleavings,
  outcomes: (_: Experiment, run: Run) => Object.keys(run('never').outcomes).length,
} as const;

const runOf =
  ({ program }: Experiment): Run =>
  (stopAt) =>
    explore(program(), { stopAt });

/** An experiment as it is shown; undefined where none has that id. */
export function shownOf(id: string): { readonly caption: string; readonly trace: Trace } | undefined {
  const experiment = shown[id];
  return experiment && { caption: experiment.caption, trace: executionOf(experiment, runOf(experiment)) };
}

/** A number of an experiment, as prose writes it; undefined for one that only the site can have. */
export function numberOf(id: string, what: string): string | undefined {
  const experiment = shown[id] ?? counted[id];
  if (!experiment || !Object.hasOwn(counts, what)) return undefined;
  const count = counts[what as keyof typeof counts](experiment, runOf(experiment));
  return count === undefined ? undefined : BigInt(count).toLocaleString('en');
}
