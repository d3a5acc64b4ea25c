/**
 * The device's power, and its user's leave for it to sleep. Models drivers/vfio/pci/vfio_pci_core.c, v6.1.
 * Left out: legacy interrupts, which are masked meanwhile; the eventfd that tells of a wake-up.
 */

import { set } from '#explore';
import { cellOf, fieldAs } from '../../../../field.ts';
import { EBUSY, EINVAL, EIO, ENOTTY } from '../../../../include/linux/errno.ts';
import { PCI_D0, type pci_power_t } from '../../../../include/linux/pci.ts';
import { KERNEL_VERSION } from '../../../../include/linux/version.ts';
import { down_write, rwsem_assert_held_write, up_write } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import {
  pm_runtime_get_noresume,
  pm_runtime_put,
  pm_runtime_put_noidle,
  pm_runtime_resume_and_get,
} from '../../../base/power/runtime.ts';
import { pci_set_power_state } from '../../../pci/pci.ts';
import type { Driver } from '../driver.ts';
import type { vfio_pci_core_device } from '../vfio_pci_core.ts';

/**
 * Puts the device into that state. Returns 0; -EBUSY where virtual functions of it are in use, which would lose theirs.
 * Locks: memory_lock as the writer, since v5.19: WARNs without it.
 */
export function* vfio_pci_set_power_state(vdev: vfio_pci_core_device, state: pci_power_t): Kernel<number> {
  const { memory_lock, pdev } = vdev;
  if (pdev.version >= KERNEL_VERSION(5, 19)) yield* rwsem_assert_held_write(memory_lock);
  if (pdev.num_vf > 0 && state > PCI_D0) return -EBUSY;
  return yield* pci_set_power_state(pdev, state);
}

/**
 * What ioctls, reads and writes have in common: the device is awake meanwhile. Returns -EIO if it does not wake up, without having
 * done anything; else what `code` returns. An access through a mapping has no such hook.
 */
export function* whileAwake<T>({ pdev }: vfio_pci_core_device, code: () => Kernel<T>): Kernel<T | number> {
  if (yield* pm_runtime_resume_and_get(pdev)) return -EIO;
  const result = yield* code();
  yield* pm_runtime_put(pdev);
  return result;
}

/** Whether its user lets it sleep: then a fault is refused. Locks: memory_lock, in either mode. */
export function* isLowPower({ pm_runtime_engaged }: vfio_pci_core_device): Kernel<boolean> {
  return yield* fieldAs(pm_runtime_engaged, (engaged) => engaged, 'pm_runtime_engaged');
}

/**
 * The user lets the device sleep: takes all mappings back, refuses faults, and wants it awake no more. It sleeps once the ioctl is over.
 * Returns 0; -EINVAL if it may sleep already; before v6.1, -ENOTTY. Locks: as `zap`. To be called `whileAwake`.
 */
export function* vfio_pci_runtime_pm_entry(vdev: vfio_pci_core_device, { zap }: Driver): Kernel<number> {
  if (!hasLowPower(vdev)) return -ENOTTY;
  yield* zap(vdev);
  const isEngaged = yield* isLowPower(vdev);
  if (!isEngaged) {
    yield* setEngaged(vdev, true);
    yield* pm_runtime_put_noidle(vdev.pdev);
  }
  yield* up_write(vdev.memory_lock);
  return isEngaged ? -EINVAL : 0;
}

/**
 * The user wants the device awake again: faults are served. Mappings come back by faulting.
 * Returns 0, also if it never slept; before v6.1, -ENOTTY. Locks: takes memory_lock as the writer. To be called `whileAwake`.
 */
export function* vfio_pci_runtime_pm_exit(vdev: vfio_pci_core_device): Kernel<number> {
  if (!hasLowPower(vdev)) return -ENOTTY;
  yield* down_write(vdev.memory_lock);
  if (yield* isLowPower(vdev)) {
    yield* setEngaged(vdev, false);
    yield* pm_runtime_get_noresume(vdev.pdev);
  }
  yield* up_write(vdev.memory_lock);
  return 0;
}

const hasLowPower = ({ pdev }: vfio_pci_core_device) => pdev.version >= KERNEL_VERSION(6, 1);

function* setEngaged({ name, pm_runtime_engaged }: vfio_pci_core_device, value: boolean): Kernel {
  yield* set(cellOf(pm_runtime_engaged, `pm_runtime_engaged of ${name}`), value, 'pm_runtime_engaged');
}

/** Nobody wants the device: it wakes from what its user has put it into, so that it sleeps in one way only. */
export function* vfio_pci_core_runtime_suspend(vdev: vfio_pci_core_device): Kernel {
  yield* down_write(vdev.memory_lock);
  yield* vfio_pci_set_power_state(vdev, PCI_D0);
  yield* up_write(vdev.memory_lock);
}

/** Somebody wants it again. Left out: all that it does, for the eventfd, under memory_lock. */
export function* vfio_pci_core_runtime_resume({ memory_lock }: vfio_pci_core_device): Kernel {
  yield* down_write(memory_lock);
  yield* up_write(memory_lock);
}
