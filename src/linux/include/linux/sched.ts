/** A task as the scheduler sees it. Source: include/linux/sched.h, v5.14; the failures to inject are ours. */

import type { Cell } from '#explore';
import type { page } from './mm_types.ts';

export interface task_struct {
  /** Its name in the world. */
  readonly comm: string;
  /** The CPU that it runs on, from 0: no other task does. */
  readonly cpu: number;
  /** Which of its allocations fail; null: none. */
  readonly failingAllocations: FailingAllocations | null;
  /** The frames of RAM that it may come to allocate; null where no vma maps any. */
  readonly frames: FramesOfTask | null;
  /** Frames that pfn_modify_allowed() refuses to it. */
  readonly refusedFrames: readonly number[];
  /** The signal that has ended it; null while it lives, or if it does one thing only. */
  readonly ended: Cell<AccessEnd | null> | null;
}

/** How a user's access ends: in what is mapped, or in a signal. */
export type AccessEnd = 'mapped' | 'read all ones' | 'write dropped' | 'touched disabled device' | 'SIGBUS' | 'SIGSEGV';

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
