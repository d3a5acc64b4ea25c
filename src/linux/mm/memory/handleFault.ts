/**
 * From a fault down to the entry. Models mm/memory.c, v6.12.
 * The kernel holds nothing exclusive between the look at the entry and the driver's first lock.
 */

import { PAGE_MASK } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte } from '../../arch/x86/include/asm/pgtable.ts';
import type { vm_fault } from '../../include/linux/mm.ts';
import { VM_FAULT_FALLBACK, VM_FAULT_OOM, type vm_area_struct, type vm_fault_t } from '../../include/linux/mm_types.ts';
import { linear_page_index } from '../../include/linux/pagemap.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { do_fault } from './doFault.ts';
import { faultAtPmd, faultAtPud } from './hugeFault.ts';
import { lookAt, type Path, pathTo, pte_lockptr, pud_alloc } from './tables.ts';

/**
 * Handles a fault at an address of the vma.
 * Returns VM_FAULT_ bits; 0 and VM_FAULT_NOPAGE: try the access again. After VM_FAULT_RETRY mmap_lock is no longer held.
 * Locks: mmap_lock as a reader. Left out: accounting, memory cgroups.
 */
export function* handle_mm_fault(vma: vm_area_struct, address: number, flags: number): Kernel<vm_fault_t> {
  return yield* __handle_mm_fault(vma, address, flags);
}

/**
 * Makes the tables above the lowest one, unless a leaf stands there, or the driver makes one.
 * Returns VM_FAULT_OOM if it cannot; 0 where another CPU has put a leaf; what `huge_fault` answers, unless that is VM_FAULT_FALLBACK; else as
 * `handle_pte_fault`. Locks: mmap_lock as a reader.
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
 * Looks at the entry **without a lock**, and goes to the driver if there is none.
 * Returns 0 if another CPU has made one, or a leaf above it; else as `do_fault`. Locks: mmap_lock as a reader. Left out: swap, NUMA, accessed and dirty bits.
 */
export function* handle_pte_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const table = yield* lookAt(vmf.pmd, 'pmdp_get_lockless');
  if (table === 'leaf') return 0;
  if (table === 'none') return yield* do_fault({ ...vmf, pte: null });
  if (!vmf.pte || !(yield* hasPte(vmf.pte))) return yield* do_fault(vmf);
  yield* spin_lock(pte_lockptr(vmf.pmd));
  yield* spin_unlock(pte_lockptr(vmf.pmd));
  return 0;
}
