/** "Skip the duplicate": the handler that Alex Williamson sketched on 2021-03-09. Never merged; what it does after a failed fill is ours. */

import { EEXIST } from '../../../../include/linux/errno.ts';
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
import {
  __vfio_pci_memory_enabled,
  __vfio_pci_add_vma as addAnyway,
  dropEntry,
  entryOf,
  type vfio_pci_core_device,
  type vfio_pci_mmap_vma,
} from '../vfio_pci_core.ts';

/** Puts the vma on the list. Returns 0, -EEXIST if it is there already, -ENOMEM. Locks: vma_lock. */
export function* __vfio_pci_add_vma(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  if (yield* entryOf(vdev, vma)) return -EEXIST;
  return yield* addAnyway(vdev, vma);
}

/**
 * Lists the vma first, and fills it only if it was not listed. A fill that fails is undone: its entry, and what it has filled.
 * Returns VM_FAULT_NOPAGE, also to whoever comes second; VM_FAULT_SIGBUS if the memory is off or the fill fails; VM_FAULT_OOM.
 * Locks: mmap_lock as a reader; takes vma_lock, and memory_lock as a reader.
 */
export function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  const ret = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* addAndFill(vdev, vma, add) : VM_FAULT_SIGBUS;
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

function* addAndFill(vdev: vfio_pci_core_device, vma: vm_area_struct, add: AddVma): Kernel<vm_fault_t> {
  const error = yield* add(vdev, vma);
  if (error === -EEXIST) return VM_FAULT_NOPAGE;
  if (error) return VM_FAULT_OOM;
  const size = vma.vm_end - vma.vm_start;
  if (!(yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot))) return VM_FAULT_NOPAGE;
  yield* zap_vma_ptes(vma, vma.vm_start, size);
  yield* dropEntry((yield* entryOf(vdev, vma)) as vfio_pci_mmap_vma);
  return VM_FAULT_SIGBUS;
}

export const skipOnEexist = driverNamed('skip on -EEXIST', vfio_pci_mmap_fault);
