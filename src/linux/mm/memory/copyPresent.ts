/** Copying one entry of a page when a process forks. Models mm/memory.c, v5.14. */

import { type Cell, read } from '#explore';
import {
  pte_mkclean,
  type pte_t,
  pte_write,
  pte_wrprotect,
  ptep_set_wrprotect,
  set_pte_at,
} from '../../arch/x86/include/asm/pgtable.ts';
import { is_cow_mapping, VM_SHARED } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import { get_page } from '../swap.ts';
import { vm_normal_page } from './normalPage.ts';

/**
 * Makes the child an entry like the parent's. A private page loses the right to be written to on **both** sides: who writes first gets a copy.
 * Its page has one reason more to stay. Returns 0.
 * Locks: mmap_lock of both as the writer, ptl of the child's table and within it of the parent's. Afterwards, before the parent's lock is
 * given back, its TLBs must be flushed: a CPU may still have the right to write. Left out: pages that are pinned for DMA, and that the child's entry is old.
 */
export function* copy_present_pte(src_vma: vm_area_struct, dst_pte: Cell<pte_t>, src_pte: Cell<pte_t>): Kernel<number> {
  let pte = yield* read(src_pte, 'READ_ONCE');
  const page = vm_normal_page(src_vma, pte);
  if (page) yield* get_page(page);
  if (is_cow_mapping(src_vma.vm_flags) && pte_write(pte)) {
    pte = pte_wrprotect(yield* ptep_set_wrprotect(src_pte));
  }
  if (src_vma.vm_flags & VM_SHARED) pte = pte_mkclean(pte);
  yield* set_pte_at(dst_pte, pte);
  return 0;
}
