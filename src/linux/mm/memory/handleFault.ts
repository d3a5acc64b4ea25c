/**
 * From a fault down to the entry. Models mm/memory.c, v6.12.
 * The kernel holds nothing exclusive between the look at the entry and the driver's first lock.
 */

import { type Cell, read } from '#explore';
import { PAGE_MASK } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte, isStill, type pte_t, pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { WARN_ON } from '../../include/asm-generic/bug.ts';
import { FAULT_FLAG_WRITE, VM_MAYWRITE, VM_PFNMAP, type vm_fault, vma_is_anonymous } from '../../include/linux/mm.ts';
import {
  VM_FAULT_FALLBACK,
  VM_FAULT_OOM,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { linear_page_index } from '../../include/linux/pagemap.ts';
import { KERNEL_VERSION } from '../../include/linux/version.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { mm_account_fault } from './account.ts';
import { do_anonymous_page } from './anonymous.ts';
import { do_wp_page } from './cow.ts';
import { do_fault } from './doFault.ts';
import { faultAtPmd, faultAtPud } from './hugeFault.ts';
import { lookAt, type Path, pathTo, pte_lockptr, pud_alloc } from './tables.ts';

/**
 * Handles a fault at an address of the vma.
 * Returns VM_FAULT_ bits; 0 and VM_FAULT_NOPAGE: try the access again. After VM_FAULT_RETRY and
 * VM_FAULT_COMPLETED the lock is no longer held, and the vma must not be touched. VM_FAULT_SIGSEGV also for a write where none can be.
 * Whatever it returns is counted, where the world asks for it: see `mm_account_fault`.
 * Locks: mmap_lock as a reader, or the vma's own with FAULT_FLAG_VMA_LOCK. Left out: that it sets the task running (no task here has a state),
 * arch_vma_access_permitted() and its VM_FAULT_SIGSEGV (on x86 it asks for protection keys alone, and nobody here has any), hugetlb,
 * memory cgroups.
 */
export function* handle_mm_fault(vma: vm_area_struct, address: number, flags: number): Kernel<vm_fault_t> {
  const { version } = vma.vm_mm; // the vma may be gone afterwards
  const ret = (yield* sanitize_fault_flags(vma, flags)) || (yield* __handle_mm_fault(vma, address, flags));
  yield* mm_account_fault(version, flags, ret);
  return ret;
}

/** What no fault should be: a write to a vma that can never be written (v6.2). Returns VM_FAULT_SIGSEGV, and WARNs; else 0. */
function* sanitize_fault_flags({ vm_mm, vm_flags }: vm_area_struct, flags: number): Kernel<vm_fault_t> {
  if (vm_mm.version < KERNEL_VERSION(6, 2) || !(flags & FAULT_FLAG_WRITE)) return 0;
  const isImpossible = yield* WARN_ON(!(vm_flags & VM_MAYWRITE), 'a write fault on a vma without VM_MAYWRITE');
  return isImpossible ? VM_FAULT_SIGSEGV : 0;
}

/**
 * Makes the tables above the lowest one, unless a leaf stands there, or the driver makes one.
 * Returns VM_FAULT_OOM if it cannot; 0 where another CPU has put a leaf; what `huge_fault` answers, unless that is VM_FAULT_FALLBACK; else as
 * `handle_pte_fault`. Locks: mmap_lock as a reader. Left out: that a leaf which is there is marked accessed, and given a right to write that it
 * lacks: those of devices have the vma's rights from the start.
 */
export function* __handle_mm_fault(vma: vm_area_struct, address: number, flags: number): Kernel<vm_fault_t> {
  const page = address & PAGE_MASK;
  const { pgd, pud, pmd, pte } = pathTo(vma.vm_mm, page) as Path; // an address of a vma has its place
  const vmf = { vma, address: page, pgoff: linear_page_index(vma, page), flags, pud, pmd, pte };
  if (!(yield* pud_alloc(vma.vm_mm, pgd))) return VM_FAULT_OOM;
  let ret = yield* faultAtPud(vmf, pgd);
  if (ret & VM_FAULT_FALLBACK) ret = yield* faultAtPmd(vmf);
  return ret & VM_FAULT_FALLBACK ? yield* handle_pte_fault(vmf) : ret;
}

/**
 * Looks at the entry **without a lock**. Where there is none, it is for the vma to make one; else it takes ptl and compares: if the entry is
 * still what it was, it lacks a right.
 * Returns 0 if another CPU has made or changed one, or put a leaf above it; else as `do_fault`, `do_anonymous_page` or `do_wp_page`. Locks: mmap_lock as a reader.
 * Left out: swap (an entry that is not present), NUMA hints, the accessed bit, which entries have from the start.
 */
export function* handle_pte_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma, flags, pmd, pte } = vmf;
  const table = yield* lookAt(pmd, 'pmdp_get_lockless');
  if (table === 'leaf') return 0;
  if (table === 'none' || !pte || !(yield* hasEntry(vmf))) {
    const empty = table === 'none' ? { ...vmf, pte: null } : vmf;
    return vma_is_anonymous(vma) ? yield* do_anonymous_page(empty) : yield* do_fault(empty);
  }
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
