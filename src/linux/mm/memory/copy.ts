/** What a fork copies of a page table. Models mm/memory.c, v6.1. */

import { hasPte } from '../../arch/x86/include/asm/pgtable.ts';
import { ENOMEM } from '../../include/linux/errno.ts';
import { VM_MIXEDMAP, VM_PFNMAP, VM_SHARED } from '../../include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { copy_present_pte } from './copyPresent.ts';
import {
  allocateTables,
  areTablesAbsent,
  type Path,
  pathTo,
  pte_lockptr,
  type Stretch,
  stretchesOf,
} from './tables.ts';

/**
 * Copies the parent's entries of the vma for its child, so that both map the same frames. Returns 0; -ENOMEM where a table cannot be had:
 * what is copied until then stays. Locks: mmap_lock of both as the writer. Left out: mmu notifiers, caching attributes (PAT), swap.
 */
export function* copy_page_range(dst_vma: vm_area_struct, src_vma: vm_area_struct): Kernel<number> {
  if (!vma_needs_copy(src_vma)) return 0;
  for (const stretch of stretchesOf(src_vma.vm_mm, src_vma.vm_start, src_vma.vm_end)) {
    if (yield* areTablesAbsent(stretch)) continue;
    const error = yield* copy_pte_range(dst_vma.vm_mm, src_vma, stretch);
    if (error) return error;
  }
  return 0;
}

/** Whether what the entries map could not be found again by faults: bare frames, and the pages of private vmas. */
export function vma_needs_copy({ vm_flags }: vm_area_struct): boolean {
  return (vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) !== 0 || (vm_flags & VM_SHARED) === 0;
}

/** One table's part of it, under the ptls of the child's table and the parent's, in this order. Returns 0 or -ENOMEM. */
export function* copy_pte_range(dst_mm: mm_struct, src_vma: vm_area_struct, src: Stretch): Kernel<number> {
  const paths = src.pages.map(({ address }) => pathTo(dst_mm, address) as Path);
  const dst = paths[0] as Path;
  if (!(yield* allocateTables(dst_mm, dst))) return -ENOMEM;
  yield* spin_lock(pte_lockptr(dst.pmd));
  yield* spin_lock(pte_lockptr(src.pmd));
  for (const [i, { pte }] of src.pages.entries()) {
    if (yield* hasPte(pte)) yield* copy_present_pte(src_vma, (paths[i] as Path).pte, pte);
  }
  yield* spin_unlock(pte_lockptr(src.pmd));
  yield* spin_unlock(pte_lockptr(dst.pmd));
  return 0;
}
