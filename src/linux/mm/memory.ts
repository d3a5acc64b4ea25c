/**
 * From a fault down to the driver. Models mm/memory.c, v5.14, for mappings of devices: shared VM_PFNMAP vmas with a `fault` method.
 * The kernel holds nothing exclusive between the look at the entry and the driver's first lock.
 */

import { PAGE_MASK } from '../arch/x86/include/asm/page_types.ts';
import { hasPte } from '../arch/x86/include/asm/pgtable.ts';
import { BUG } from '../include/asm-generic/bug.ts';
import { FAULT_FLAG_WRITE, type vm_fault } from '../include/linux/mm.ts';
import {
  VM_FAULT_DONE_COW,
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  type vm_area_struct,
  type vm_fault_t,
} from '../include/linux/mm_types.ts';
import { linear_page_index } from '../include/linux/pagemap.ts';
import { spin_lock, spin_unlock } from '../kernel/locking/spinlock.ts';
import type { Kernel } from '../kernel.ts';
import { should_fail_alloc_page } from './failslab.ts';
import { isAbsent, type Path, pathTo, pmd_alloc, pte_lockptr, pud_alloc } from './memory/tables.ts';

export { vmf_insert_pfn, vmf_insert_pfn_prot } from './memory/insert.ts';
export { io_remap_pfn_range, remap_pfn_range } from './memory/remap.ts';
export { zap_vma_ptes } from './memory/zap.ts';

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
 * Looks at the entry **without a lock**, and goes to the driver if there is none.
 * Returns 0 if another CPU has made one; else as `do_fault`. Locks: mmap_lock as a reader. Left out: swap, NUMA, accessed and dirty bits.
 */
export function* handle_pte_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  if (!vmf.pte || !(yield* hasPte(vmf.pte))) return yield* do_fault(vmf);
  yield* spin_lock(pte_lockptr(vmf.pmd));
  yield* spin_unlock(pte_lockptr(vmf.pmd));
  return 0;
}

/** To the vma's `fault`. Locks: mmap_lock as a reader. Left out: private vmas (do_cow_fault). */
export function* do_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return vmf.flags & FAULT_FLAG_WRITE ? yield* do_shared_fault(vmf) : yield* do_read_fault(vmf);
}

/** A read. Left out: fault-around, and what is done with a page that the driver brings. */
export function* do_read_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return yield* __do_fault(vmf);
}

/** A write to a shared vma. Left out: `page_mkwrite`, and what is done with a page that the driver brings. */
export function* do_shared_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return yield* __do_fault(vmf);
}

const DONE_WITHOUT_PAGE = VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY | VM_FAULT_DONE_COW;

/**
 * Calls the driver. Returns what it answers; VM_FAULT_OOM if there is no memory for the table that it may need.
 * An answer that promises a page in `vmf->page` (0 among them) kills the task: these drivers bring none, and Linux would follow a NULL pointer.
 */
export function* __do_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const needsTable = vmf.pte === null && (yield* isAbsent(vmf.pmd, 'pmd_none'));
  if (needsTable && (yield* should_fail_alloc_page())) return VM_FAULT_OOM;
  const { fault: handler } = vmf.vma.vm_ops; // no method call, or stacks would say so
  const fault = yield* handler(vmf);
  if (fault & DONE_WITHOUT_PAGE) return fault;
  return yield* BUG(
    `NULL pointer dereference in __do_fault (mm/memory.c): ->fault returned ${fault}, and there is no page in vmf->page`,
  );
}
