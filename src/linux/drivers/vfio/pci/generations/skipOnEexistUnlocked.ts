/** The handler of v5.8 that skips the duplicate. Never merged: "looking on the list is enough, the lock is not", as code. */

import { EEXIST } from '../../../../include/linux/errno.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_read, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { io_remap_pfn_range } from '../../../../mm/memory/remap.ts';
import { driverNamed } from '../driver.ts';
import { __vfio_pci_memory_enabled } from '../vfio_pci_core.ts';
import { __vfio_pci_add_vma } from './skipOnEexist.ts';

/**
 * Lists the vma once, lets go of vma_lock, and fills it if it has listed it: nothing BUGs, but who comes second is told to try again before the
 * page is there, and does so until it is; and a zap may come between the list and the fill.
 * Returns VM_FAULT_NOPAGE, also to whoever comes second; VM_FAULT_SIGBUS if the memory is off or the fill fails (the entry stays); VM_FAULT_OOM.
 * Locks: as in v5.8.
 */
export function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  const isEnabled = yield* __vfio_pci_memory_enabled(vdev);
  const error = isEnabled ? yield* add(vdev, vma) : 0;
  yield* mutex_unlock(vdev.vma_lock);

  let ret = isEnabled ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
  if (error && error !== -EEXIST) ret = VM_FAULT_OOM;
  const size = vma.vm_end - vma.vm_start;
  const isToFill = ret === VM_FAULT_NOPAGE && !error;
  if (isToFill && (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)))
    ret = VM_FAULT_SIGBUS;
  yield* up_read(vdev.memory_lock);
  return ret;
}

export const skipOnEexistUnlocked = driverNamed('skip on -EEXIST, lock dropped', vfio_pci_mmap_fault);
