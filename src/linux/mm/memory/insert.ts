/** Making one entry in a fault handler. Models mm/memory.c, v6.12. */

import { type Cell, read } from '#explore';
import { PAGE_MASK } from '../../arch/x86/include/asm/page_types.ts';
import {
  hasPte,
  pfn_pte,
  type pgprot_t,
  pte_mkdirty,
  pte_mkspecial,
  pte_mkwrite,
  pte_mkyoung,
  pte_pfn,
  type pte_t,
  set_pte_at,
} from '../../arch/x86/include/asm/pgtable.ts';
import { pfn_modify_allowed } from '../../arch/x86/mm/mmap.ts';
import { track_pfn_insert } from '../../arch/x86/mm/pat/memtype.ts';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug.ts';
import { is_cow_mapping, VM_MIXEDMAP, VM_PFNMAP, VM_WRITE } from '../../include/linux/mm.ts';
import {
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { expectNumbers } from './arguments.ts';
import { pfn_valid } from './normalPage.ts';
import { get_locked_pte, pathTo, pte_lockptr } from './tables.ts';
import { is_zero_pfn } from './zeroPage.ts';

/**
 * Maps the page at `addr` to the frame `pfn`, unless there is an entry: that one stays, whatever it maps.
 *
 * Returns VM_FAULT_NOPAGE if there is an entry now, its own or an older one; VM_FAULT_SIGBUS for an address outside the vma or a
 * frame that the task may not map; VM_FAULT_OOM if there is no memory for a table.
 * BUGs for a vma that is neither VM_PFNMAP nor VM_MIXEDMAP, or both, or VM_PFNMAP and copy-on-write; or VM_MIXEDMAP, for a frame of RAM:
 * that has a struct page, which somebody would have to count.
 * Locks: mmap_lock, at least as a reader. Concurrent calls are safe: the first one wins. No TLB is flushed: none keeps that nothing was there.
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
  yield* bugOnWrongVma('vmf_insert_pfn_prot (mm/memory.c)', vma);
  yield* BUG_ON(
    (vma.vm_flags & VM_MIXEDMAP) !== 0 && pfn_valid(vma.vm_mm, pfn),
    'BUG_ON(): vmf_insert_pfn_prot (mm/memory.c) of a frame with a struct page, on a VM_MIXEDMAP vma',
  );
  if (addr < vma.vm_start || addr >= vma.vm_end) return VM_FAULT_SIGBUS;
  if (!(yield* pfn_modify_allowed(pfn))) return VM_FAULT_SIGBUS;
  yield* track_pfn_insert(vma, pfn);
  return yield* insert_pfn(vma, addr, pfn, pgprot);
}

/** BUGs for a vma that is neither VM_PFNMAP nor VM_MIXEDMAP, or both, or VM_PFNMAP and copy-on-write. `where` is whose BUG it is. */
export function* bugOnWrongVma(where: string, { vm_flags }: vm_area_struct): Kernel {
  const isPfnmap = (vm_flags & VM_PFNMAP) !== 0;
  const isMixed = (vm_flags & VM_MIXEDMAP) !== 0;
  yield* BUG_ON(!isPfnmap && !isMixed, `BUG_ON(): ${where} on a vma without VM_PFNMAP and VM_MIXEDMAP`);
  yield* BUG_ON(isPfnmap && isMixed, `BUG_ON(): ${where} on a vma with both VM_PFNMAP and VM_MIXEDMAP`);
  yield* BUG_ON(isPfnmap && is_cow_mapping(vm_flags), `BUG_ON(): ${where} on a private, writable VM_PFNMAP vma`);
}

/**
 * The entry itself, under ptl; with `mkwrite`, as DAX has it, one that has been written to.
 * Returns VM_FAULT_NOPAGE; VM_FAULT_OOM where `get_locked_pte` has no table, for whichever reason.
 * With `mkwrite` it WARNs at an entry for another frame, unless that is the page of zeros. Left out: the search for struct pages, and that
 * Linux WARNs of this once only.
 */
export function* insert_pfn(
  vma: vm_area_struct,
  addr: number,
  pfn: number,
  prot: pgprot_t,
  mkwrite = false,
): Kernel<vm_fault_t> {
  const path = pathTo(vma.vm_mm, addr & PAGE_MASK);
  if (!path && vma.vm_mm.isSparse) return VM_FAULT_NOPAGE; // a page that no task of the world touches
  if (!path || !(yield* get_locked_pte(vma.vm_mm, path))) return VM_FAULT_OOM;
  const entry = pte_mkspecial(pfn_pte(pfn, prot));
  if (!(yield* hasPte(path.pte))) yield* set_pte_at(path.pte, mkwrite ? dirtied(entry, vma) : entry);
  else if (mkwrite) yield* dirtyPte(path.pte, pfn, vma);
  yield* spin_unlock(pte_lockptr(path.pmd));
  return VM_FAULT_NOPAGE;
}

/** An entry of either size for a write: young and dirty, and writable if the vma is. Stands for maybe_mkwrite() and its like. */
export const dirtied = (pte: pte_t, { vm_flags }: vm_area_struct): pte_t => {
  const touched = pte_mkdirty(pte_mkyoung(pte));
  return vm_flags & VM_WRITE ? pte_mkwrite(touched) : touched;
};

/** What an insert for a write does with the entry that it meets. Locks: ptl. */
function* dirtyPte(pte: Cell<pte_t>, pfn: number, vma: vm_area_struct): Kernel {
  const found = yield* read(pte, 'pte_pfn');
  if (pte_pfn(found) === pfn) return yield* set_pte_at(pte, dirtied(found, vma));
  yield* WARN_ON(!is_zero_pfn(pte_pfn(found)), 'insert_pfn (mm/memory.c): another frame is mapped');
}
