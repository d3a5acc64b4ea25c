/** A fault where there is no entry: to the vma's driver. Models mm/memory.c, v5.14, for shared mappings of devices. */

import { hasPte } from '../../arch/x86/include/asm/pgtable.ts';
import { BUG } from '../../include/asm-generic/bug.ts';
import { FAULT_FLAG_WRITE, type vm_fault } from '../../include/linux/mm.ts';
import {
  VM_FAULT_DONE_COW,
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { should_fail_alloc_page } from '../failslab.ts';
import { isAbsent, pte_lockptr } from './tables.ts';
import { vmf_can_call_fault } from './vmaLock.ts';

/** To the vma's `fault`. Locks: mmap_lock as a reader. Left out: private vmas (do_cow_fault). */
export function* do_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  if (!vmf.vma.vm_ops.fault) return yield* faultWithoutHandler(vmf);
  return vmf.flags & FAULT_FLAG_WRITE ? yield* do_shared_fault(vmf) : yield* do_read_fault(vmf);
}

/** Only a huge page could help: VM_FAULT_SIGBUS; but VM_FAULT_NOPAGE if another CPU has made an entry since the look. */
function* faultWithoutHandler({ pmd, pte }: vm_fault): Kernel<vm_fault_t> {
  if (!pte) return VM_FAULT_SIGBUS;
  yield* spin_lock(pte_lockptr(pmd));
  const isEmpty = !(yield* hasPte(pte));
  yield* spin_unlock(pte_lockptr(pmd));
  return isEmpty ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

/** A read. Left out: fault-around, and what is done with a page that the driver brings. */
export function* do_read_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return (yield* vmf_can_call_fault(vmf)) || (yield* __do_fault(vmf));
}

/** A write to a shared vma. Left out: `page_mkwrite`, and what is done with a page that the driver brings. */
export function* do_shared_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return (yield* vmf_can_call_fault(vmf)) || (yield* __do_fault(vmf));
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
  const fault = handler ? yield* handler(vmf) : VM_FAULT_SIGBUS;
  if (fault & DONE_WITHOUT_PAGE) return fault;
  return yield* BUG(
    `NULL pointer dereference in __do_fault (mm/memory.c): ->fault returned ${fault}, and there is no page in vmf->page`,
  );
}
