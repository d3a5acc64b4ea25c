/** A task as the scheduler sees it. Source: include/linux/sched.h, v5.14; the failures to inject are ours. */

import type { Cell, Lock } from '#explore';

export interface task_struct {
  /** Its name in the world. */
  readonly comm: string;
  /** Which of its allocations fail; null: none. */
  readonly failingAllocations: FailingAllocations | null;
  /** Frames that pfn_modify_allowed() refuses to it. */
  readonly refusedFrames: readonly number[];
  /** The signal that has ended it; null while it lives, or if it does one thing only. */
  readonly ended: Cell<AccessEnd | null> | null;
  /** Its machine's read-copy-update (see `kernel/rcu/tree.ts`); null where nothing is freed so. */
  readonly rcu: Lock | null;
  /** Whether a fatal signal is pending; null if nobody ever sends one. */
  readonly killed: Cell<boolean> | null;
}

/** How a user's access ends: in the device, or in a signal. */
export type AccessEnd = 'mapped' | 'touched disabled device' | 'SIGBUS' | 'SIGSEGV' | 'SIGKILL';

export interface FailingAllocations {
  /** Counted from 1. */
  readonly which: readonly number[] | 'all';
  /** How many it has made: counts no further than the last that fails, so that a task that tries for ever is a cycle. */
  readonly made: Cell<number> | null;
}
