/**
 * "The gate first, then mmap_lock." Never merged: what stands to reason, and what the first proposal of 1 May 2020 kept away from only by
 * trying for memory_lock in the handler.
 */

import { next } from '../../../../include/linux/list.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import {
  type mm_struct,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
} from '../../../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../../include/linux/mmap_lock.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_read, down_write, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { driverNamed } from '../driver.ts';
import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  entryOf,
  type vfio_pci_core_device,
  vmaOf,
  zapEntriesOf,
} from '../vfio_pci_core.ts';
import { fillAndAdd } from './v5_14.ts';

/** The handler of v5.14 with vma_lock inside memory_lock. Returns as that. Locks: mmap_lock as a reader; takes memory_lock as a reader, vma_lock. */
function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* down_read(vdev.memory_lock);
  let ret = VM_FAULT_SIGBUS;
  if (yield* __vfio_pci_memory_enabled(vdev)) {
    yield* mutex_lock(vdev.vma_lock);
    ret = (yield* entryOf(vdev, vma)) ? VM_FAULT_NOPAGE : yield* fillAndAdd(vdev, vma, add);
    yield* mutex_unlock(vdev.vma_lock);
  }
  yield* up_read(vdev.memory_lock);
  return ret;
}

/** Takes memory_lock as the writer, and then the mmap_lock of each process that maps something: a fault holds that, and waits for memory_lock. */
function* gateThenMmapLock(vdev: vfio_pci_core_device): Kernel {
  yield* down_write(vdev.memory_lock);
  for (let mm = yield* firstListed(vdev); mm; mm = yield* firstListed(vdev)) {
    yield* mmap_read_lock(mm);
    yield* mutex_lock(vdev.vma_lock);
    yield* zapEntriesOf(vdev, mm);
    yield* mutex_unlock(vdev.vma_lock);
    yield* mmap_read_unlock(mm);
  }
}

/** Whose turn it is. Locks: takes vma_lock. */
function* firstListed(vdev: vfio_pci_core_device): Kernel<mm_struct | undefined> {
  yield* mutex_lock(vdev.vma_lock);
  const first = yield* next(vdev.vma_list);
  const mm = first && (yield* vmaOf(first)).vm_mm;
  yield* mutex_unlock(vdev.vma_lock);
  return mm ?? undefined;
}

export const memoryLockFirst = {
  ...driverNamed('memory_lock, then mmap_lock', vfio_pci_mmap_fault),
  zap: gateThenMmapLock,
};
