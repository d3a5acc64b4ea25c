/** Taking entries away. Models mm/memory.c, v5.14. */

import { clearEntry, hasPte, ptep_get_and_clear } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_PFNMAP } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { touchVma } from '../../kernel/fork.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { look } from '../../vma.ts';
import {
  type mmu_gather,
  tlb_finish_mmu,
  tlb_gather_mmu,
  tlb_remove_page,
  tlb_remove_tlb_entry,
} from '../mmu_gather.ts';
import { expectNumbers } from './arguments.ts';
import { mayMapPages, vm_normal_page } from './normalPage.ts';
import { areTablesAbsent, pte_lockptr, type Stretch, stretchesOf } from './tables.ts';

/**
 * Takes away the vma's entries in the range, and flushes the TLBs: afterwards no CPU goes through them. New faults may make new ones.
 * Does nothing, silently, unless the range lies in the vma and the vma is VM_PFNMAP.
 * Locks: mmap_lock, at least as a reader. A freed vma: `use after free`. Left out: mmu notifiers.
 */
export function* zap_vma_ptes(vma: vm_area_struct, address: number, size: number): Kernel {
  expectNumbers('zap_vma_ptes', { address, size });
  yield* touchVma(vma);
  yield* look(vma);
  const isInside = address >= vma.vm_start && address + size <= vma.vm_end;
  if (!isInside || !(vma.vm_flags & VM_PFNMAP)) return;
  yield* unmap_page_range(vma, address, address + size);
}

/** Takes away the entries from `address` up to `end`. Locks: mmap_lock; the range lies in the vma. Left out: freeing the tables. */
export function* unmap_page_range(vma: vm_area_struct, address: number, end: number): Kernel {
  const tlb = tlb_gather_mmu(vma.vm_mm);
  for (const stretch of stretchesOf(vma.vm_mm, address, end)) {
    if (!(yield* areTablesAbsent(stretch))) yield* zap_pte_range(tlb, vma, stretch);
  }
  yield* tlb_finish_mmu(tlb);
}

/** One table's part of it, under the table's ptl. */
export function* zap_pte_range(tlb: mmu_gather, vma: vm_area_struct, { pmd, pages }: Stretch): Kernel {
  yield* spin_lock(pte_lockptr(pmd));
  for (const { address, pte } of pages) {
    if (!(yield* hasPte(pte))) continue;
    tlb_remove_tlb_entry(tlb, address);
    if (!mayMapPages(vma)) {
      yield* clearEntry(pte);
      continue;
    }
    const page = vm_normal_page(vma, yield* ptep_get_and_clear(pte));
    if (page) tlb_remove_page(tlb, page);
  }
  yield* spin_unlock(pte_lockptr(pmd));
}
