/** The handler of v5.8 with inserts instead of the remap. Never merged: "vmf_insert_pfn() alone is the fix", as code. */

import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_NOPAGE, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import { up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { driverNamed } from '../driver.ts';
import { __vfio_pci_add_vma } from '../vfio_pci_core.ts';
import { insertAll } from './insertLoop.ts';
import { addUnderVmaLock } from './v5_8.ts';

/**
 * Lists the vma, also twice, lets go of vma_lock, and inserts each page: nothing BUGs, and the list is wrong all the same.
 * Returns VM_FAULT_NOPAGE; VM_FAULT_SIGBUS if the memory is off; VM_FAULT_OOM if it cannot be listed; the first insert's error.
 * Locks: as in v5.8.
 */
function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  let ret = yield* addUnderVmaLock(vdev, vma, add);
  if (ret === VM_FAULT_NOPAGE) ret = yield* insertAll(vma);
  yield* up_read(vdev.memory_lock);
  return ret;
}

export const insertLoopUnlocked = driverNamed('insert loop, lock dropped', vfio_pci_mmap_fault);
