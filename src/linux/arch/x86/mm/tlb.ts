/**
 * What CPUs keep of page tables, and making them forget it. Models arch/x86/mm/tlb.c, v5.14.
 *
 * Only worlds with `tlb: 'modelled'` have them: elsewhere a CPU walks the table for each access, and there is nothing to flush.
 * A TLB here forgets nothing by itself, and keeps only what its CPU has touched. Left out: address-space numbers, laziness.
 */

import { type Cell, write } from '#explore';
import type { mm_struct, vm_area_struct } from '../../../include/linux/mm_types.ts';
import type { Kernel } from '../../../kernel.ts';
import { PAGE_SIZE } from '../include/asm/page_types.ts';
import type { pte_t } from '../include/asm/pgtable.ts';

/** What a TLB has of a page: nothing (0), an entry as the table had it, or that its CPU is just walking the table for it. */
export type Cached = pte_t | typeof FILLING;
/** A flush takes this away too: what the walk finds then counts no more. */
export const FILLING = 'filling';

/** What one CPU keeps of one address space. */
export interface Tlb {
  /** The task on that CPU. */
  readonly task: string;
  readonly cpu: number;
  /** By the page's address. */
  readonly entries: Readonly<Record<number, Cell<Cached>>>;
}

/** Makes all CPUs forget what they know of the range. Afterwards none goes through an old entry: each has been waited for. */
export function* flush_tlb_mm_range({ tlbs }: mm_struct, start: number, end: number): Kernel {
  for (const { entries } of tlbs ?? []) {
    for (const [address, cached] of Object.entries(entries)) {
      if (Number(address) >= start && Number(address) < end) yield* write<Cached>(cached, 0, 'flush_tlb');
    }
  }
}

/** The same, of a part of a vma. Models the macro of asm/tlbflush.h. */
export function* flush_tlb_range(vma: vm_area_struct, start: number, end: number): Kernel {
  yield* flush_tlb_mm_range(vma.vm_mm, start, end);
}

/** The same, of one page. */
export function* flush_tlb_page(vma: vm_area_struct, address: number): Kernel {
  yield* flush_tlb_mm_range(vma.vm_mm, address, address + PAGE_SIZE);
}
