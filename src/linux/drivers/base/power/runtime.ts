/**
 * Devices sleep while nobody wants them. Models drivers/base/power/runtime.c and include/linux/pm_runtime.h, v6.1.
 * Left out: that `pm_runtime_put` leaves the work to a worker; delays; parents and children.
 */

import { getAs, remark, set, update } from '#explore';
import { get_current } from '../../../arch/x86/include/asm/current.ts';
import { EIO } from '../../../include/linux/errno.ts';
import type { pci_dev } from '../../../include/linux/pci.ts';
import { type dev_pm_info, RPM_ACTIVE, RPM_SUSPENDED } from '../../../include/linux/pm.ts';
import { mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import type { Kernel } from '../../../kernel.ts';

/** The device's opener, who wants it awake until it says otherwise. */
export const OPENER = 'opener';
const current = () => get_current()?.comm ?? 'kernel';

/**
 * Wants the device awake, in the running task's name unless given, and wakes it up if it sleeps. Returns 0, or -EIO if it does not wake up; then it is not wanted either.
 * Locks: none that `runtime_resume` takes, which is memory_lock.
 */
export function* pm_runtime_resume_and_get({ power }: pci_dev, who = current()): Kernel<number> {
  if (!power) return 0;
  yield* mutex_lock(power.transition);
  yield* want(power, who, 'pm_runtime_get_noresume');
  const error = (yield* isSuspended(power)) ? yield* resume(power) : 0;
  if (error) yield* wantNoMore(power, who, 'pm_runtime_put_noidle');
  yield* mutex_unlock(power.transition);
  return error;
}

/** Wants it no more; if nobody does, it goes to sleep. Locks: none that `runtime_suspend` takes, which is memory_lock. */
export function* pm_runtime_put({ power }: pci_dev, who = current()): Kernel {
  if (!power) return;
  yield* mutex_lock(power.transition);
  const isWanted = yield* wantNoMore(power, who, 'pm_runtime_put');
  if (!isWanted && !(yield* isSuspended(power))) {
    yield* power.ops.runtime_suspend();
    yield* set(power.runtime_status, RPM_SUSPENDED, 'runtime_status');
  }
  yield* mutex_unlock(power.transition);
}

/** The opener wants it awake again; it is awake. */
export function* pm_runtime_get_noresume({ power }: pci_dev): Kernel {
  if (power) yield* want(power, OPENER, 'pm_runtime_get_noresume');
}

/** The opener wants it awake no more; somebody else does, and puts it to sleep. */
export function* pm_runtime_put_noidle({ power }: pci_dev): Kernel {
  if (power) yield* wantNoMore(power, OPENER, 'pm_runtime_put_noidle');
}

const namesIn = (usage: string) => usage.split(' ').filter((name) => name !== '');
const without = (usage: string, name: string) => namesIn(usage).filter((each) => each !== name);

function* want({ usage }: dev_pm_info, name: string, called: string): Kernel {
  yield* update(usage, (before) => [...without(before, name), name].sort().join(' '), called);
}

/** Returns whether somebody else still wants it. */
function* wantNoMore({ usage }: dev_pm_info, name: string, called: string): Kernel<boolean> {
  const before = yield* update(usage, (now) => without(now, name).join(' '), called);
  return without(before, name).length > 0;
}

function* isSuspended({ runtime_status }: dev_pm_info): Kernel<boolean> {
  return yield* getAs(runtime_status, (status) => status === RPM_SUSPENDED, 'runtime_status');
}

function* resume({ ops, runtime_status }: dev_pm_info): Kernel<number> {
  if (get_current()?.failsToWake) {
    yield* remark('the device does not wake up (injected failure)');
    return -EIO;
  }
  yield* ops.runtime_resume();
  yield* set(runtime_status, RPM_ACTIVE, 'runtime_status');
  return 0;
}
