/**
 * From a fault down to the entry. Models mm/memory.c, v5.14.
 * The kernel holds nothing exclusive between the look at the entry and the driver's first lock.
 */

import { type Cell, read } from '#explore';
import { PAGE_MASK } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte, isStill, type pte_t, pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { FAULT_FLAG_WRITE, VM_PFNMAP, type vm_fault, vma_is_anonymous } from '../../include/linux/mm.ts';
import { VM_FAULT_OOM, type vm_area_struct, type vm_fault_t } from '../../include/linux/mm_types.ts';
import { linear_page_index } from '../../include/linux/pagemap.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { do_anonymous_page } from './anonymous.ts';
import { do_wp_page } from './cow.ts';
import { do_fault } from './doFault.ts';
import { isAbsent, type Path, pathTo, pmd_alloc, pte_lockptr, pud_alloc } from './tables.ts';

/**
 * Handles a fault at an address of the vma.
 * Returns VM_FAULT_ bits; 0 and VM_FAULT_NOPAGE: try the access again. After VM_FAULT_RETRY mmap_lock is no longer held.
 * Locks: mmap_lock as a reader. Left out: accounting, memory cgroups, huge pages.
 */
export function* handle_mm_fault(vma: vm_area_struct, address: number, flags: number): Kernel<vm_fault_t> {
  return yield* __handle_mm_fault(vma, address, flags);
}

/** Makes the tables above the lowest one. Returns VM_FAULT_OOM if it cannot, else as `handle_pte_fault`. Locks: mmap_lock as a reader. */
export function* __handle_mm_fault(vma: vm_area_struct, address: number, flags: number): Kernel<vm_fault_t> {
  const page = address & PAGE_MASK;
  const { pgd, pud, pmd, pte } = pathTo(vma.vm_mm, page) as Path; // an address of a vma has its place
  if (!(yield* pud_alloc(vma.vm_mm, pgd))) return VM_FAULT_OOM;
  if (!(yield* pmd_alloc(pgd, pud))) return VM_FAULT_OOM;
  const isTableAbsent = yield* isAbsent(pmd, 'pmd_none');
  const pgoff = linear_page_index(vma, page);
  return yield* handle_pte_fault({ vma, address: page, pgoff, flags, pmd, pte: isTableAbsent ? null : pte });
}

/**
 * Looks at the entry **without a lock**. Where there is none, it is for the vma to make one; else it takes ptl and compares: if the entry is
 * still what it was, it lacks a right.
 * Returns 0 if another CPU has made or changed one; else as `do_fault`, `do_anonymous_page` or `do_wp_page`. Locks: mmap_lock as a reader.
 * Left out: swap, NUMA.
 */
export function* handle_pte_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma, flags, pmd, pte } = vmf;
  if (!pte || !(yield* hasEntry(vmf)))
    return vma_is_anonymous(vma) ? yield* do_anonymous_page(vmf) : yield* do_fault(vmf);
  yield* spin_lock(pte_lockptr(pmd));
  const seen = vmf.orig_pte;
  if (seen !== undefined && (yield* isStill(pte, seen))) {
    if (flags & FAULT_FLAG_WRITE && !pte_write(seen)) return yield* do_wp_page({ ...vmf, pte, orig_pte: seen });
  }
  yield* spin_unlock(pte_lockptr(pmd));
  return 0;
}

/** Whether there is an entry. Remembers it, unless all of the vma's entries give all rights: then no fault is about what is in them. */
function* hasEntry(vmf: vm_fault): Kernel<boolean> {
  const pte = vmf.pte as Cell<pte_t>;
  const { vm_flags, vm_mm } = vmf.vma;
  if (vm_flags & VM_PFNMAP && !vm_mm.isReshaped) return yield* hasPte(pte);
  const seen = yield* read(pte, 'READ_ONCE');
  if (seen) vmf.orig_pte = seen;
  return seen !== 0;
}
