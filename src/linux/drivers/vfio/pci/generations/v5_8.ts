/** The handler from v5.8 to v5.13. Models drivers/vfio/pci/vfio_pci.c, v5.10. */

import type { vm_fault } from '../../../../include/linux/mm.ts';
import {
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
} from '../../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_read, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { io_remap_pfn_range } from '../../../../mm/memory/remap.ts';
import { type AddVma, driverNamed } from '../driver.ts';
import { __vfio_pci_add_vma, __vfio_pci_memory_enabled, type vfio_pci_core_device } from '../vfio_pci_core.ts';

/**
 * Lists the vma, lets go of vma_lock, and only then fills the whole vma: two faults on one vma reach BUG_ON.
 * Returns VM_FAULT_NOPAGE; VM_FAULT_SIGBUS if the memory is off or the fill fails (the entry stays); VM_FAULT_OOM if it cannot be listed.
 * Locks: mmap_lock as a reader; takes vma_lock, and memory_lock as a reader.
 */
export function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  let ret = yield* addUnderVmaLock(vdev, vma, add);
  const size = vma.vm_end - vma.vm_start;
  if (ret === VM_FAULT_NOPAGE && (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot))) {
    ret = VM_FAULT_SIGBUS;
  }
  yield* up_read(vdev.memory_lock);
  return ret;
}

/**
 * The handler's first half. Returns VM_FAULT_NOPAGE: go on; VM_FAULT_SIGBUS if the memory is off; VM_FAULT_OOM if it cannot be listed.
 * Locks: takes vma_lock and gives it back; takes memory_lock as a reader, and leaves that to the caller.
 */
export function* addUnderVmaLock(vdev: vfio_pci_core_device, vma: vm_area_struct, add: AddVma): Kernel<vm_fault_t> {
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  let ret = VM_FAULT_NOPAGE;
  if (!(yield* __vfio_pci_memory_enabled(vdev))) ret = VM_FAULT_SIGBUS;
  else if (yield* add(vdev, vma)) ret = VM_FAULT_OOM;
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

export const v5_8 = driverNamed('v5.8', vfio_pci_mmap_fault, '5.8');
