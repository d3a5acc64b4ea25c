/**
 * "[PATCH v2] vfio/pci: Handle concurrent vma faults", 2021-03-10: page by page with vmf_insert_pfn(). Never merged; known from
 * the hunks that the list quotes, so what it does after a failed insert is ours.
 */

import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import {
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
} from '../../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_read, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { vmf_insert_pfn } from '../../../../mm/memory/insert.ts';
import { zap_vma_ptes } from '../../../../mm/memory/zap.ts';
import { type AddVma, driverNamed } from '../driver.ts';
import {
  __vfio_pci_memory_enabled,
  __vfio_pci_add_vma as addAnyway,
  dropEntry,
  entryOf,
  type vfio_pci_core_device,
} from '../vfio_pci_core.ts';

/** Puts the vma on the list unless it is there. Returns 0, also if it was; -ENOMEM. Locks: vma_lock. */
export function* __vfio_pci_add_vma(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  return (yield* entryOf(vdev, vma)) ? 0 : yield* addAnyway(vdev, vma);
}

/**
 * Lists the vma once, and inserts each of its pages: an entry that is there already is no error.
 * Returns VM_FAULT_NOPAGE; VM_FAULT_SIGBUS if the memory is off; the first insert's error (what was mapped and listed is undone); VM_FAULT_OOM.
 * Locks: mmap_lock as a reader; takes vma_lock, and memory_lock as a reader.
 */
export function* vfio_pci_mmap_fault({ vma }: vm_fault, add = __vfio_pci_add_vma): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  const ret = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* addAndInsert(vdev, vma, add) : VM_FAULT_SIGBUS;
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

function* addAndInsert(vdev: vfio_pci_core_device, vma: vm_area_struct, add: AddVma): Kernel<vm_fault_t> {
  if (yield* add(vdev, vma)) return VM_FAULT_OOM;
  const ret = yield* insertAll(vma);
  if (ret === VM_FAULT_NOPAGE) return ret;
  yield* zap_vma_ptes(vma, vma.vm_start, vma.vm_end - vma.vm_start);
  const mmap_vma = yield* entryOf(vdev, vma);
  if (mmap_vma) yield* dropEntry(mmap_vma);
  return ret;
}

/** Inserts each page of the vma. Returns VM_FAULT_NOPAGE, or the first insert's error: then it stops, and what it has inserted stays. */
export function* insertAll(vma: vm_area_struct): Kernel<vm_fault_t> {
  let pfn = vma.vm_pgoff;
  for (let address = vma.vm_start; address < vma.vm_end; address += PAGE_SIZE) {
    const ret = yield* vmf_insert_pfn(vma, address, pfn++);
    if (ret & VM_FAULT_ERROR) return ret;
  }
  return VM_FAULT_NOPAGE;
}

export const insertLoop = driverNamed('insert loop', vfio_pci_mmap_fault);
