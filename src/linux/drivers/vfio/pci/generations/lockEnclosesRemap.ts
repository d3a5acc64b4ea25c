/** "Can the lock simply enclose the remap?" Never merged: the question of June 2021, as code. */

import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_read, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { io_remap_pfn_range } from '../../../../mm/memory/remap.ts';
import { driverNamed } from '../driver.ts';
import { __vfio_pci_add_vma, __vfio_pci_memory_enabled } from '../vfio_pci_core.ts';

/**
 * The handler of v5.8 with vma_lock held to the end. The second of two faults still fills what is full: it never looks again.
 * Returns and locks: as in v5.8.
 */
export function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);

  let ret = VM_FAULT_NOPAGE;
  if (!(yield* __vfio_pci_memory_enabled(vdev))) ret = VM_FAULT_SIGBUS;
  else if (yield* add(vdev, vma)) ret = VM_FAULT_OOM;
  else if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) ret = VM_FAULT_SIGBUS;

  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

export const lockEnclosesRemap = driverNamed('lock encloses remap', vfio_pci_mmap_fault);
