/** Resets of one device and of a set. Models drivers/vfio/pci/vfio_pci_core.c, v6.1 and v6.12. Left out: that a device cannot be reset. */

import { EBUSY, EINVAL, EIO } from '../../../../include/linux/errno.ts';
import { PCI_D0 } from '../../../../include/linux/pci.ts';
import type { vfio_device_set } from '../../../../include/linux/vfio.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_write_trylock, up_write } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { pm_runtime_put, pm_runtime_resume_and_get } from '../../../base/power/runtime.ts';
import { pci_reset_bus, pci_try_reset_function } from '../../../pci/pci.ts';
import { vfio_pci_zap_bars } from '../addressSpace.ts';
import type { Driver } from '../driver.ts';
import { type vfio_pci_core_device, vfio_pci_zap_and_vma_lock } from '../vfio_pci_core.ts';
import { vfio_pci_set_power_state } from './power.ts';

/**
 * VFIO_DEVICE_RESET: takes all mappings back, wakes the device, so that what it saves is what is there, and resets it.
 * Returns 0 or -EAGAIN. Locks: as `zap`. To be called `whileAwake`.
 */
export function* vfio_pci_ioctl_reset(vdev: vfio_pci_core_device, { zap }: Driver): Kernel<number> {
  yield* zap(vdev);
  yield* vfio_pci_set_power_state(vdev, PCI_D0);
  const ret = yield* pci_try_reset_function(vdev.pdev);
  yield* up_write(vdev.memory_lock);
  return ret;
}

/** The devices of a set that the user has shown to be the user's. */
type Owned = readonly vfio_pci_core_device[];

/** Who wants the devices awake during a hot reset, besides the ioctl, which wants its own. */
const THE_SET = 'dev_set';

/**
 * VFIO_DEVICE_PCI_HOT_RESET: resets all devices of the set together.
 * Returns 0; -EINVAL unless the user owns them all; -EBUSY if anybody is at one of them; -EIO if one does not wake up; -EAGAIN.
 * Locks: takes the set's lock, and of each device memory_lock as the writer, all by trying: the order of the set is not that in which
 * others hold them. Whoever gets -EBUSY may repeat it.
 */
export function* vfio_pci_dev_set_hot_reset(set: vfio_device_set, owned: Owned): Kernel<number> {
  const { device_list } = set;
  const hasLists = device_list.every(({ i_mapping }) => i_mapping === null);
  yield* mutex_lock(set.lock);
  const ret = yield* vfio_pci_dev_set_pm_runtime_get(set);
  const result = ret || (yield* (hasLists ? inTwoPhases : inOnePass)(device_list, owned));
  if (!ret) for (const { pdev } of device_list) yield* pm_runtime_put(pdev, THE_SET);
  yield* mutex_unlock(set.lock);
  return result;
}

/** Wakes all devices of the set, or none. Returns 0 or -EIO. Locks: the set's. */
export function* vfio_pci_dev_set_pm_runtime_get({ device_list }: vfio_device_set): Kernel<number> {
  for (const [index, { pdev }] of device_list.entries()) {
    if (!(yield* pm_runtime_resume_and_get(pdev, THE_SET))) continue;
    for (const awake of device_list.slice(0, index)) yield* pm_runtime_put(awake.pdev, THE_SET);
    return -EIO;
  }
  return 0;
}

/**
 * Until v6.9. First takes back the mappings of all, keeping each vma_lock; only then, as devices may share an address space and
 * mmap_lock comes before memory_lock, takes each memory_lock for its vma_lock. What it holds in the end it gives back by position.
 */
function* inTwoPhases(devices: Owned, owned: Owned): Kernel<number> {
  let [vmaLocked, memoryLocked] = [0, 0];
  const prepare = function* () {
    for (; vmaLocked < devices.length; vmaLocked++) {
      const vdev = devices[vmaLocked] as vfio_pci_core_device;
      if (!owned.includes(vdev)) return -EINVAL;
      if (!(yield* vfio_pci_zap_and_vma_lock(vdev, true))) return -EBUSY;
    }
    for (; memoryLocked < devices.length; memoryLocked++) {
      const { memory_lock, vma_lock } = devices[memoryLocked] as vfio_pci_core_device;
      if (!(yield* down_write_trylock(memory_lock))) return -EBUSY;
      yield* mutex_unlock(vma_lock);
    }
    return 0;
  };
  const ret = (yield* prepare()) || (yield* resetAll(devices));
  for (const [index, { memory_lock, vma_lock }] of devices.slice(0, vmaLocked).entries()) {
    if (index < memoryLocked) yield* up_write(memory_lock);
    else yield* mutex_unlock(vma_lock);
  }
  return ret;
}

/** Since v6.10: memory_lock of each, and its mappings; no mmap_lock is taken. Gives back what it holds, the last first. */
function* inOnePass(devices: Owned, owned: Owned): Kernel<number> {
  const locked: vfio_pci_core_device[] = [];
  let ret = 0;
  for (const vdev of devices) {
    ret = owned.includes(vdev) ? 0 : -EINVAL;
    if (!ret && !(yield* down_write_trylock(vdev.memory_lock))) ret = -EBUSY;
    if (ret) break;
    locked.push(vdev);
    yield* vfio_pci_zap_bars(vdev);
  }
  if (!ret) ret = yield* resetAll(devices);
  for (const { memory_lock } of locked.reverse()) yield* up_write(memory_lock);
  return ret;
}

/** Wakes them all, and resets them. Locks: memory_lock of each as the writer. */
function* resetAll(devices: Owned): Kernel<number> {
  for (const vdev of devices) yield* vfio_pci_set_power_state(vdev, PCI_D0);
  return yield* pci_reset_bus(devices.map(({ pdev }) => pdev));
}
