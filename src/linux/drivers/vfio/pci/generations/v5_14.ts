/** The handler from v5.14 to v6.9, after commit 6a45ece4c9af. Models drivers/vfio/pci/vfio_pci_core.c, v6.1. */

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
import { zap_vma_ptes } from '../../../../mm/memory/zap.ts';
import { type AddVma, driverNamed } from '../driver.ts';
import { isLowPower } from '../vfio_pci_core/power.ts';
import { __vfio_pci_add_vma, __vfio_pci_memory_enabled, entryOf, type vfio_pci_core_device } from '../vfio_pci_core.ts';

/**
 * Looks the vma up, fills it if it is not listed, and lists it last, all under vma_lock.
 * Returns VM_FAULT_NOPAGE, also to whoever comes second; VM_FAULT_SIGBUS if the device may sleep, its memory is off, or the fill fails; VM_FAULT_OOM if it
 * cannot be listed. After either failure nothing stays mapped.
 * Locks: mmap_lock as a reader; takes vma_lock, and memory_lock as a reader.
 */
export function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  let ret = VM_FAULT_NOPAGE;
  if ((yield* isLowPower(vdev)) || !(yield* __vfio_pci_memory_enabled(vdev))) ret = VM_FAULT_SIGBUS;
  else if (!(yield* entryOf(vdev, vma))) ret = yield* fillAndAdd(vdev, vma, add);
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

/** Fills the vma and lists it, or undoes both. Returns as the handler. Locks: vma_lock, memory_lock as a reader. */
export function* fillAndAdd(vdev: vfio_pci_core_device, vma: vm_area_struct, add: AddVma): Kernel<vm_fault_t> {
  const size = vma.vm_end - vma.vm_start;
  let ret = VM_FAULT_NOPAGE;
  if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) ret = VM_FAULT_SIGBUS;
  else if (yield* add(vdev, vma)) ret = VM_FAULT_OOM;
  if (ret !== VM_FAULT_NOPAGE) yield* zap_vma_ptes(vma, vma.vm_start, size);
  return ret;
}

export const v5_14 = driverNamed('v5.14', vfio_pci_mmap_fault);
