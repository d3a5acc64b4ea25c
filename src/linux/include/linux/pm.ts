/** What runtime power management keeps of a device. Source: include/linux/pm.h, v6.1. */

import type { Cell } from '#explore';
import type { mutex } from '../../kernel/locking/mutex.ts';
import type { Kernel } from '../../kernel.ts';

export interface dev_pm_info {
  /**
   * Who wants the device awake, in order of name. Linux counts (`usage_count`); we keep who it is, so that a body that starts over
   * wants it once.
   */
  readonly usage: Cell<string>;
  /** Locks: `transition`. */
  readonly runtime_status: Cell<typeof RPM_ACTIVE | typeof RPM_SUSPENDED>;
  /** Held while the device goes to sleep or wakes up. Stands for the wait queue of those who find it at that. */
  readonly transition: mutex;
  readonly ops: dev_pm_ops;
}

/** What the device's bus and driver do about it. */
export interface dev_pm_ops {
  readonly runtime_suspend: () => Kernel;
  readonly runtime_resume: () => Kernel;
}

export const RPM_ACTIVE = 'active';
export const RPM_SUSPENDED = 'suspended';
