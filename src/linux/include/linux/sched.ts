/** A task as the scheduler sees it. Source: include/linux/sched.h, v5.14; the failures to inject are ours. */

import type { Cell, Lock } from '#explore';
import type { mm_struct, page } from './mm_types.ts';

export interface task_struct {
  /** Its name in the world. */
  readonly comm: string;
  /** The CPU that it runs on, from 0: no other task does. */
  readonly cpu: number;
  /** The address space that it runs in; null for one that touches no memory. */
  readonly mm: mm_struct | null;
  /** Which of its allocations fail; null: none. */
  readonly failingAllocations: FailingAllocations | null;
  /** The frames of RAM that it may come to allocate; null where no vma maps any. */
  readonly frames: FramesOfTask | null;
  /** Frames that pfn_modify_allowed() refuses to it. */
  readonly refusedFrames: readonly number[];
  /** A device that it wants awake, and that sleeps, does not wake up. */
  readonly failsToWake: boolean;
  /** The signal that has ended it; null while it lives, or if it does one thing only. */
  readonly ended: Cell<TaskEnd | null> | null;
  /** Its machine's read-copy-update (see `kernel/rcu/tree.ts`); null where nothing is freed so. */
  readonly rcu: Lock | null;
  /** Whether a fatal signal is pending; null if nobody ever sends one. */
  readonly killed: Cell<boolean> | null;
  /** How often it has faulted; null unless the world asks for it. */
  readonly faults: FaultCounts | null;
}

/** In Linux the last two are fields of the task itself, and the first one a counter of its CPU's. */
export interface FaultCounts {
  /** All faults, those that failed too: PGFAULT, as /proc/vmstat shows the sum of all CPUs. */
  readonly pgfault: Cell<number>;
  /** Those that had to wait for what they brought. */
  readonly maj_flt: Cell<number>;
  /** The others. */
  readonly min_flt: Cell<number>;
}

/** How a user's access ends: in what is mapped, or in a signal. */
export type AccessEnd =
  | 'mapped'
  | 'read all ones'
  | 'write dropped'
  | 'touched disabled device'
  | 'SIGBUS'
  | 'SIGSEGV'
  | 'SIGKILL';
/** What a task does no more after. */
export type TaskEnd = AccessEnd | 'never born';

/** Frames are named by the task that allocates them, and by how many it has allocated: the same in every execution. None is used twice. */
export interface FramesOfTask {
  readonly pages: readonly page[];
  readonly taken: Cell<number>;
}

export interface FailingAllocations {
  /** Counted from 1. */
  readonly which: readonly number[] | 'all';
  /** How many it has made: counts no further than the last that fails, so that a task that tries for ever is a cycle. */
  readonly made: Cell<number> | null;
}
