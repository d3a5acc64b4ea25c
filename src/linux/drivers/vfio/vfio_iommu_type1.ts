/**
 * A process's memory for a device's DMA: the IOMMU's page table, and the frames that stand in it. Models drivers/vfio/vfio_iommu_type1.c, v6.1
 * (older and newer ones by version). An entry **stays** until the user unmaps it, whatever becomes of what it maps. Left out: ordinary
 * pages and their accounting, sizes other than a page, several domains.
 */

import { type Cell, getAs, write } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { EAGAIN, EEXIST, EFAULT } from '../../include/linux/errno.ts';
import { VM_IO, VM_PFNMAP } from '../../include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import { barAt, type pci_dev } from '../../include/linux/pci.ts';
import { KERNEL_VERSION } from '../../include/linux/version.ts';
import { type mutex, mutex_lock, mutex_unlock } from '../../kernel/locking/mutex.ts';
import type { Kernel } from '../../kernel.ts';
import { follow, followOrFault } from '../../mm/followOrFault.ts';
import { find_vma } from '../../mm/mmap.ts';

/** Source: include/linux/iommu.h. */
export const IOMMU_READ = 1;
export const IOMMU_WRITE = 2;

/** An entry of the IOMMU's page table: the frame above bit 12, IOMMU_ bits below; 0: none. */
export type IommuEntry = number;

export interface vfio_iommu {
  /** Guards what is mapped. Order: before mmap_lock. */
  readonly lock: mutex;
  /** The page table, by the names of the pages that tasks map. Devices read it at any time. */
  readonly domain: Readonly<Record<string, Cell<IommuEntry>>>;
  /** The devices whose frames have no struct page. */
  readonly pdevs: readonly pci_dev[];
}

/** What is to be mapped: a page of a process, for the device to read, or to write as well. */
export interface vfio_dma {
  readonly mm: mm_struct;
  readonly vaddr: number;
  readonly prot: number;
  readonly entry: Cell<IommuEntry>;
}

/** Maps the page. Returns 0; -EEXIST if the entry is taken; else as `vfio_pin_pages_remote`. Locks: none of mmap_lock; takes the iommu's. */
export function* vfio_dma_do_map(iommu: vfio_iommu, dma: vfio_dma): Kernel<number> {
  yield* mutex_lock(iommu.lock);
  const isTaken = yield* getAs(dma.entry, (entry) => entry !== 0, 'vfio_find_dma');
  const ret = isTaken ? -EEXIST : yield* vfio_pin_map_dma(iommu, dma);
  yield* mutex_unlock(iommu.lock);
  return ret;
}

/** Finds the frame and writes the entry: two things, and much may happen in between. Returns 0, or why not. Locks: the iommu's. */
export function* vfio_pin_map_dma(iommu: vfio_iommu, dma: vfio_dma): Kernel<number> {
  const pfn = yield* vfio_pin_pages_remote(iommu, dma);
  if (pfn < 0) return pfn;
  yield* write(dma.entry, pfn * PAGE_SIZE + dma.prot, 'iommu_map');
  return 0;
}

/** Unmaps the page. Returns 0. Locks: takes the iommu's. */
export function* vfio_dma_do_unmap({ lock }: vfio_iommu, entry: Cell<IommuEntry>): Kernel<number> {
  yield* mutex_lock(lock);
  yield* write(entry, 0, 'iommu_unmap');
  yield* mutex_unlock(lock);
  return 0;
}

/** The frame of the page; of a device's it takes no reference, as there is no struct page. Returns its number or why not. Locks: the iommu's. */
export function* vfio_pin_pages_remote(iommu: vfio_iommu, { mm, vaddr, prot }: vfio_dma): Kernel<number> {
  return yield* vaddr_get_pfns(iommu, mm, vaddr, (prot & IOMMU_WRITE) !== 0);
}

/**
 * The frame at a process's address. Tries to pin it; a VM_PFNMAP vma, which refuses that, is asked for what its entry maps, and faults first
 * if there is none (since v5.8, commit 41311242221e). If mmap_lock was dropped meanwhile it starts over with the vma.
 * Returns the frame's number; -EFAULT without such a vma, and for a frame with a struct page; else as `followOrFault`.
 * Locks: takes mmap_lock as a reader.
 */
export function* vaddr_get_pfns(iommu: vfio_iommu, mm: mm_struct, vaddr: number, isWrite: boolean): Kernel<number> {
  yield* mmap_read_lock(mm);
  let ret = yield* pin_user_pages_remote(mm, vaddr);
  for (;;) {
    const vma = yield* find_vma(mm, vaddr);
    if (!vma || vaddr < vma.vm_start || !(vma.vm_flags & VM_PFNMAP)) break;
    ret = yield* follow_fault_pfn(vma, vaddr, isWrite);
    if (ret === -EAGAIN) continue;
    if (ret >= 0 && !is_invalid_reserved_pfn(iommu, ret)) ret = -EFAULT;
    break;
  }
  yield* mmap_read_unlock(mm);
  return ret;
}

/** One try. Returns and locks: as `followOrFault`; before v5.8 it takes no fault: -EINVAL. */
export function* follow_fault_pfn(vma: vm_area_struct, vaddr: number, isWrite: boolean): Kernel<number> {
  if (vma.vm_mm.version < KERNEL_VERSION(5, 8)) return yield* follow(vma, vaddr, isWrite);
  return yield* followOrFault(vma, vaddr, isWrite);
}

/** Refuses what has no struct page, by the vma's flags: -EFAULT. Source: mm/gup.c. Left out: ordinary pages, which no such world has. */
export function* pin_user_pages_remote(mm: mm_struct, vaddr: number): Kernel<number> {
  const vma = yield* find_vma(mm, vaddr);
  const isOrdinary = vma && vaddr >= vma.vm_start && !(vma.vm_flags & (VM_IO | VM_PFNMAP));
  if (isOrdinary) throw new Error(`${vma.name} maps ordinary memory: DMA to that is not modelled`);
  return -EFAULT;
}

/** Whether the frame is none of the machine's memory. Source: the same file; there it asks for the struct page. */
export const is_invalid_reserved_pfn = ({ pdevs }: vfio_iommu, pfn: number): boolean => barAt(pdevs, pfn) !== undefined;
