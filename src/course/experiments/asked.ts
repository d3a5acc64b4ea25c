/** The programs that predictions ask about and that lessons then show. */

import { trying } from '#exercises/50-review-a-patch/shared/board';
import { patches } from '#exercises/50-review-a-patch/shared/patches';
import { generations, simulate } from '#linux';
import type { AnyProgram } from './any-program.ts';
import { lostUpdate } from './counters.ts';
import { insertsWithoutLock, leavesEntryBehind, mapsNothing } from './drivers.ts';
import { faultAndDisable, firstFillFails, oneFault, oneThread, twoFaults } from './worlds.ts';

/** By the experiment's id. */
export const asked = {
  'one-fault/nopage': () => simulate(oneFault, mapsNothing),
  'be-the-scheduler/lost-update': () => lostUpdate,
  'reproduce-the-bug/one-thread': () => simulate(oneThread, generations.v5_8),
  'can-the-lock-enclose-it/lock-encloses': () => simulate(twoFaults(0, 0), generations.lockEnclosesRemap),
  'skip-the-duplicate/entry-left': () => simulate(firstFillFails, leavesEntryBehind),
  'insert-pfn/no-lock': () => simulate(twoFaults(0, 3), insertsWithoutLock, { rules: ['wrong page', 'partial fill'] }),
  'what-was-merged/one-fault-one-write': () => simulate(faultAndDisable, generations.v5_8),
  'review-a-patch/count-pages': () => trying('countPages', patches.countPages, { A: [0], B: [1] }),
} satisfies Readonly<Record<string, () => AnyProgram>>;
