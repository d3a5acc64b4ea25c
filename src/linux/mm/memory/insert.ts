/** Making one entry in a fault handler. Models mm/memory.c, v5.14. */

import { PAGE_MASK } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte, pfn_pte, type pgprot_t, pte_mkspecial, set_pte_at } from '../../arch/x86/include/asm/pgtable.ts';
import { pfn_modify_allowed } from '../../arch/x86/mm/mmap.ts';
import { BUG_ON } from '../../include/asm-generic/bug.ts';
import { is_cow_mapping, VM_MIXEDMAP, VM_PFNMAP } from '../../include/linux/mm.ts';
import {
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { expectNumbers } from './arguments.ts';
import { allocateTables, pathTo, pte_lockptr } from './tables.ts';

/**
 * Maps the page at `addr` to the frame `pfn`, unless there is an entry: that one stays, whatever it maps.
 *
 * Returns VM_FAULT_NOPAGE if there is an entry now, its own or an older one; VM_FAULT_SIGBUS for an address outside the vma or a
 * frame that the task may not map; VM_FAULT_OOM if there is no memory for a table.
 * BUGs for a vma that is neither VM_PFNMAP nor VM_MIXEDMAP, or both, or VM_PFNMAP and copy-on-write.
 * Locks: mmap_lock, at least as a reader. Concurrent calls are safe: the first one wins.
 * Left out: caching attributes (PAT), struct pages in VM_MIXEDMAP vmas.
 */
export function* vmf_insert_pfn(vma: vm_area_struct, addr: number, pfn: number): Kernel<vm_fault_t> {
  return yield* vmf_insert_pfn_prot(vma, addr, pfn, vma.vm_page_prot);
}

/** `vmf_insert_pfn` with a protection other than the vma's. */
export function* vmf_insert_pfn_prot(
  vma: vm_area_struct,
  addr: number,
  pfn: number,
  pgprot: pgprot_t,
): Kernel<vm_fault_t> {
  expectNumbers('vmf_insert_pfn', { addr, pfn, pgprot });
  const isPfnmap = (vma.vm_flags & VM_PFNMAP) !== 0;
  const isMixed = (vma.vm_flags & VM_MIXEDMAP) !== 0;
  yield* BUG_ON(
    !isPfnmap && !isMixed,
    'BUG_ON(): vmf_insert_pfn_prot (mm/memory.c) on a vma without VM_PFNMAP and VM_MIXEDMAP',
  );
  yield* BUG_ON(
    isPfnmap && isMixed,
    'BUG_ON(): vmf_insert_pfn_prot (mm/memory.c) on a vma with both VM_PFNMAP and VM_MIXEDMAP',
  );
  yield* BUG_ON(
    isPfnmap && is_cow_mapping(vma.vm_flags),
    'BUG_ON(): vmf_insert_pfn_prot (mm/memory.c) on a private, writable VM_PFNMAP vma',
  );
  if (addr < vma.vm_start || addr >= vma.vm_end) return VM_FAULT_SIGBUS;
  if (!(yield* pfn_modify_allowed(pfn))) return VM_FAULT_SIGBUS;
  return yield* insert_pfn(vma, addr, pfn, pgprot);
}

/** The entry itself, under ptl. Returns VM_FAULT_NOPAGE or VM_FAULT_OOM. Left out: `mkwrite`, which DAX uses. */
export function* insert_pfn(vma: vm_area_struct, addr: number, pfn: number, prot: pgprot_t): Kernel<vm_fault_t> {
  const path = pathTo(vma.vm_mm, addr & PAGE_MASK);
  if (!path || !(yield* allocateTables(vma.vm_mm, path))) return VM_FAULT_OOM;
  yield* spin_lock(pte_lockptr(path.pmd));
  if (!(yield* hasPte(path.pte))) yield* set_pte_at(path.pte, pte_mkspecial(pfn_pte(pfn, prot)));
  yield* spin_unlock(pte_lockptr(path.pmd));
  return VM_FAULT_NOPAGE;
}
