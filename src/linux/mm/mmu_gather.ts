/** Collecting what a zap takes away, until all CPUs have forgotten it. Models mm/mmu_gather.c and asm-generic/tlb.h, v5.14. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { PMD_SHIFT, PUD_SHIFT } from '../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../arch/x86/mm/tlb.ts';
import type { mm_struct, page } from '../include/linux/mm_types.ts';
import type { Kernel } from '../kernel.ts';
import { put_page } from './swap.ts';

/** One zap's collection: its own, so no cells. */
export interface mmu_gather {
  readonly mm: mm_struct;
  /** The range in which entries were taken away. */
  start: number;
  end: number;
  /** What they mapped. */
  readonly pages: page[];
}

export function tlb_gather_mmu(mm: mm_struct): mmu_gather {
  return { mm, start: Number.POSITIVE_INFINITY, end: 0, pages: [] };
}

/** Notes that the page's entry has been taken away. Locks: ptl. */
export function tlb_remove_tlb_entry(tlb: mmu_gather, address: number): void {
  noteGone(tlb, address, PAGE_SIZE);
}

/** Notes that a leaf of 2 MiB has been taken away. Locks: none, as the collection is its caller's own. */
export function tlb_remove_pmd_tlb_entry(tlb: mmu_gather, address: number): void {
  noteGone(tlb, address, 2 ** PMD_SHIFT);
}

/** The same of 1 GiB. */
export function tlb_remove_pud_tlb_entry(tlb: mmu_gather, address: number): void {
  noteGone(tlb, address, 2 ** PUD_SHIFT);
}

function noteGone(tlb: mmu_gather, address: number, size: number): void {
  tlb.start = Math.min(tlb.start, address);
  tlb.end = Math.max(tlb.end, address + size);
}

/** Notes a page that the entry mapped: it may be freed once no TLB leads to it. Locks: ptl. */
export function tlb_remove_page(tlb: mmu_gather, page: page): void {
  tlb.pages.push(page);
}

/** Flushes the TLBs, and only then lets go of the pages. Locks: no ptl. */
export function* tlb_finish_mmu(tlb: mmu_gather): Kernel {
  yield* flush_tlb_mm_range(tlb.mm, tlb.start, tlb.end);
  for (const page of tlb.pages) yield* put_page(page);
}
