/** Taking entries away. Models mm/memory.c, v6.12. */

import { clearEntry, hasPte, PMD_SHIFT, PUD_SHIFT, ptep_get_and_clear } from '../../arch/x86/include/asm/pgtable.ts';
import { untrack_pfn } from '../../arch/x86/mm/pat/memtype.ts';
import { VM_PFNMAP } from '../../include/linux/mm.ts';
import type { pud_t, UpperEntry, vm_area_struct } from '../../include/linux/mm_types.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../../include/linux/mmu_notifier.ts';
import { touchVma } from '../../kernel/fork.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { look } from '../../vma.ts';
import { __split_huge_pmd, __split_huge_pud, zap_huge_pmd, zap_huge_pud } from '../huge_memory.ts';
import {
  type mmu_gather,
  tlb_finish_mmu,
  tlb_gather_mmu,
  tlb_remove_page,
  tlb_remove_tlb_entry,
} from '../mmu_gather.ts';
import { expectNumbers } from './arguments.ts';
import { mayMapPages, vm_normal_page } from './normalPage.ts';
import { blockOf, isAbsent, lookAt, pte_lockptr, type Stretch, stretchesOf } from './tables.ts';

/**
 * Takes away the vma's entries in the range, and flushes the TLBs: afterwards no CPU goes through them. New faults may make new ones.
 * Does nothing, silently, unless the range lies in the vma and the vma is VM_PFNMAP.
 * Locks: mmap_lock, at least as a reader. A freed vma: `use after free`.
 */
export function* zap_vma_ptes(vma: vm_area_struct, address: number, size: number): Kernel {
  expectNumbers('zap_vma_ptes', { address, size });
  yield* touchVma(vma);
  yield* look(vma);
  const isInside = address >= vma.vm_start && address + size <= vma.vm_end;
  if (!isInside || !(vma.vm_flags & VM_PFNMAP)) return;
  yield* unmap_single_vma(vma, address, address + size);
}

/** Takes away the entries from `address` up to `end`, and gives back what a remap has reserved for the vma. Locks: as `unmap_page_range`. */
export function* unmap_single_vma(vma: vm_area_struct, address: number, end: number): Kernel {
  if (vma.vm_flags & VM_PFNMAP) yield* untrack_pfn(vma);
  yield* unmap_page_range(vma, address, end);
}

/**
 * Takes away the entries from `address` up to `end`, and tells those who listen: in Linux the callers tell them, and all of ours would.
 * Of a leaf of which a part lies in the range it takes the whole. In order: those who listen, the entries under ptl, those who listen again,
 * the TLBs: it returns once no CPU goes through an old entry.
 * Locks: mmap_lock or i_mmap_rwsem; the range lies in the vma. Left out: freeing the tables.
 */
export function* unmap_page_range(vma: vm_area_struct, address: number, end: number): Kernel {
  const mm = vma.vm_mm;
  yield* mmu_notifier_invalidate_range_start(mm, address, end);
  const tlb = tlb_gather_mmu(mm);
  let empty: pud_t | null = null;
  for (const stretch of stretchesOf(mm, address, end)) {
    const { pgd, pud, pmd, base } = stretch;
    if (pud === empty || (yield* isAbsent(pgd, 'pgd_none'))) continue;
    const isAllFrom = (first: number, shift: number) => first >= address && first + 2 ** shift <= end;
    const gigabyte = blockOf(base, PUD_SHIFT);
    const clearPud = () =>
      isAllFrom(gigabyte, PUD_SHIFT) ? zap_huge_pud(tlb, pud, gigabyte) : __split_huge_pud(vma, pud, gigabyte);
    if (yield* isEmptied(pud, 'pudp_get', clearPud)) {
      empty = pud;
      continue;
    }
    const clearPmd = () =>
      isAllFrom(base, PMD_SHIFT) ? zap_huge_pmd(tlb, pud, pmd, base) : __split_huge_pmd(vma, pud, pmd, base);
    if (!(yield* isEmptied(pmd, 'pmdp_get_lockless', clearPmd))) yield* zap_pte_range(tlb, vma, stretch);
  }
  yield* mmu_notifier_invalidate_range_end(mm);
  yield* tlb_finish_mmu(tlb);
}

/** Takes a leaf away if one stands there. Returns whether the entry is empty: if not, it leads to a table. */
function* isEmptied(entry: UpperEntry<unknown>, called: string, clear: () => Kernel<boolean>): Kernel<boolean> {
  for (;;) {
    const found = yield* lookAt(entry, called);
    if (found !== 'leaf') return found === 'none';
    if (yield* clear()) return true;
  }
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
