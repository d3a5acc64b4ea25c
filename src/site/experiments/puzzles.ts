/**
 * The worlds in which the reader is the scheduler. A worker in the page plays them too, so nothing here may lead to a solution.
 * What is to be reached is what the engine finds in them; where it finds nothing, they are there to be tried.
 */

import type { AnyProgram } from '#course/experiments/any-program';
import {
  insertsAndListsAgain,
  locksInReverse,
  skipsAndUnlocksEarly,
  warnsOfEarlyAnswer,
} from '#course/experiments/drivers';
import { faultAndDisable, oneMapping, twoFaults, twoFaultsAndDisable } from '#course/experiments/worlds';
import { disableMemory, fault, generations, munmap, simulate } from '#linux';

export interface Puzzle {
  /** Who does what, under which handler. */
  readonly caption: string;
  readonly program: () => AnyProgram;
}

export const puzzles: Readonly<Record<string, Puzzle>> = {
  'reproduce-the-bug/by-hand': {
    caption: 'The 5.8 handler. A touches page 0, B page 1.',
    program: () => simulate(twoFaults(0, 1), generations.v5_8),
  },
  'can-the-lock-enclose-it/by-hand': {
    caption: '`vma_lock` around the remap. A touches page 0, B page 1.',
    program: () => simulate(twoFaults(0, 1), generations.lockEnclosesRemap),
  },
  'skip-the-duplicate/by-hand': {
    caption: 'Skips the duplicate, and releases `vma_lock` before the fill. A touches page 0, B page 1.',
    program: () => simulate(twoFaults(0, 1), warnsOfEarlyAnswer),
  },
  'insert-pfn/by-hand': {
    caption: 'Two pages. A touches one, B the other and then unmaps both; Z switches the device’s memory off.',
    program: () => {
      const tasks = { A: fault('v', 0), B: [fault('v', 1), munmap('v')], Z: disableMemory() };
      return simulate(oneMapping(tasks, { bars: { bar0: 2 } }), insertsAndListsAgain, { rules: ['live mapping'] });
    },
  },
  'what-was-merged/by-hand': {
    caption:
      'The handler of 5.14 with its locks the other way round. A touches page 0; Z switches the device’s memory off.',
    program: () => simulate(faultAndDisable, locksInReverse),
  },
  'on-the-real-kernel/by-hand': {
    caption: 'Releases `vma_lock` before the fill. A touches page 0, B page 1; Z switches the device’s memory off.',
    program: () => {
      const tasks = { A: fault('v', 0), B: fault('v', 1), Z: disableMemory() };
      // What becomes of the mapping is not what is looked for.
      return simulate(oneMapping(tasks, { bars: { bar0: 2 } }), skipsAndUnlocksEarly, { rules: [] });
    },
  },
  'what-was-merged/unbroken': {
    caption: 'The handler of 5.14. A and B touch pages 0 and 1; Z switches the device’s memory off.',
    program: () => simulate(twoFaultsAndDisable, generations.v5_14),
  },
};
