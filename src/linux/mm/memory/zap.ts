/** Taking entries away. Models mm/memory.c, v5.14. */

import { hasPte, ptep_get_and_clear } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_PFNMAP } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../include/linux/mmu_notifier.ts';
import { touchVma } from '../../kernel/fork.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { expectNumbers } from './arguments.ts';
import { isAbsent, pte_lockptr, type Stretch, stretchesOf } from './tables.ts';

/**
 * Takes away the vma's entries in the range, and flushes the TLBs: afterwards no CPU goes through them. New faults may make new ones.
 * Does nothing, silently, unless the range lies in the vma and the vma is VM_PFNMAP.
 * Locks: mmap_lock, at least as a reader. A freed vma: `use after free`.
 */
export function* zap_vma_ptes(vma: vm_area_struct, address: number, size: number): Kernel {
  expectNumbers('zap_vma_ptes', { address, size });
  yield* touchVma(vma);
  const isInside = address >= vma.vm_start && address + size <= vma.vm_end;
  if (!isInside || !(vma.vm_flags & VM_PFNMAP)) return;
  yield* unmap_page_range(vma, address, address + size);
}

/**
 * Takes away the entries from `address` up to `end`, and tells those who listen: in Linux the callers tell them, and all of ours would.
 * Locks: mmap_lock; the range lies in the vma. Left out: freeing the tables.
 */
export function* unmap_page_range(vma: vm_area_struct, address: number, end: number): Kernel {
  yield* mmu_notifier_invalidate_range_start(vma.vm_mm, address, end);
  for (const stretch of stretchesOf(vma.vm_mm, address, end)) {
    if (yield* isAbsent(stretch.pgd, 'pgd_none')) continue;
    if (yield* isAbsent(stretch.pud, 'pud_none')) continue;
    if (yield* isAbsent(stretch.pmd, 'pmd_none')) continue;
    yield* zap_pte_range(stretch);
  }
  yield* mmu_notifier_invalidate_range_end(vma.vm_mm);
}

/** One table's part of it, under the table's ptl. */
export function* zap_pte_range({ pmd, pages }: Stretch): Kernel {
  yield* spin_lock(pte_lockptr(pmd));
  for (const { pte } of pages) {
    if (yield* hasPte(pte)) yield* ptep_get_and_clear(pte);
  }
  yield* spin_unlock(pte_lockptr(pmd));
}
