/** A fault where there is no entry, in a vma of a device or a file. Models mm/memory.c, v5.14. */

import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte, pte_index, set_pte_at } from '../../arch/x86/include/asm/pgtable.ts';
import { BUG } from '../../include/asm-generic/bug.ts';
import { FAULT_FLAG_WRITE, VM_SHARED, type vm_fault } from '../../include/linux/mm.ts';
import {
  type page,
  VM_FAULT_DONE_COW,
  VM_FAULT_ERROR,
  VM_FAULT_LOCKED,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { lock_page, unlock_page } from '../../include/linux/pagemap.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { should_fail_alloc_page } from '../failslab.ts';
import { alloc_page } from '../page_alloc.ts';
import { put_page } from '../swap.ts';
import { mk_pte, writtenTo } from './anonymous.ts';
import { copy_user_highpage, do_page_mkwrite } from './cow.ts';
import { isAbsent, type Path, pathTo, pte_alloc, pte_lockptr } from './tables.ts';
import { vmf_can_call_fault } from './vmaLock.ts';

/**
 * To the vma's `fault`, by way of what is to become of the page that it may bring. Locks: mmap_lock as a reader.
 * Returns what that says. A vma without the method: VM_FAULT_SIGBUS, or VM_FAULT_NOPAGE if somebody has made an entry all the same.
 * Left out: a table that was allocated in advance and not used is freed at the end; here none is kept.
 */
export function* do_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma, flags } = vmf;
  if (!vma.vm_ops.fault) return yield* lookAgain(vmf);
  if (!(flags & FAULT_FLAG_WRITE)) return yield* do_read_fault(vmf);
  return vma.vm_flags & VM_SHARED ? yield* do_shared_fault(vmf) : yield* do_cow_fault(vmf);
}

function* lookAgain({ pte, pmd }: vm_fault): Kernel<vm_fault_t> {
  if (!pte) return VM_FAULT_SIGBUS;
  yield* spin_lock(pte_lockptr(pmd));
  const isThere = yield* hasPte(pte);
  yield* spin_unlock(pte_lockptr(pmd));
  return isThere ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
}

/** How many entries a lowest table has. */
const PTRS_PER_PTE = 512;
const DONE_WITHOUT_PAGE = VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY | VM_FAULT_DONE_COW;

/**
 * A read: maps what is in memory already, of that page and around it, where the vma has `map_pages`; if the page is not among it, maps the
 * one that the handler brings. Returns VM_FAULT_NOPAGE if it was; the handler's answer; or what `finish_fault` says.
 */
export function* do_read_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const around = should_fault_around(vmf) ? yield* do_fault_around(vmf) : 0;
  if (around) return around;
  const ret = (yield* vmf_can_call_fault(vmf)) || (yield* __do_fault(vmf));
  if (ret & DONE_WITHOUT_PAGE) return ret;
  const finished = ret | (yield* finish_fault(vmf));
  yield* unlock_page(vmf.page as page);
  if (finished & DONE_WITHOUT_PAGE) yield* put_page(vmf.page as page);
  return finished;
}

/** A single page is not worth it: `fault` can do that as well. */
const should_fault_around = ({ vma }: vm_fault): boolean =>
  vma.vm_ops.map_pages !== undefined && (vma.vm_mm.ram?.fault_around_pages ?? 1) > 1;

/**
 * Has the vma's `map_pages` fill the entries around the fault: the aligned stretch that contains it, but for what is outside the vma or the
 * table. Returns what that says, or VM_FAULT_OOM. Ours: it makes the table before it is known whether it needs one.
 */
export function* do_fault_around(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma, pgoff, address, pud, pmd } = vmf;
  const around = vma.vm_mm.ram?.fault_around_pages ?? 1;
  const [inTable, inVma] = [pte_index(address), pgoff - vma.vm_pgoff];
  const first = Math.max(inTable - (inTable % around), inTable - Math.min(inTable, inVma));
  const pages = (vma.vm_end - vma.vm_start) / PAGE_SIZE;
  const last = Math.min(first + around, PTRS_PER_PTE, inTable + pages - inVma) - 1;
  if (!(yield* pte_alloc(pud, pmd))) return VM_FAULT_OOM;
  const { map_pages } = vma.vm_ops;
  return map_pages ? yield* map_pages(vmf, pgoff + first - inTable, pgoff + last - inTable) : 0;
}

/**
 * A write to a private vma: maps a copy of the page that the handler brings. Returns as `do_read_fault`, or VM_FAULT_OOM without asking it.
 * Left out: the anon_vma, by which copies are found. No BAR comes here: vfio-pci's `mmap` demands VM_SHARED.
 */
export function* do_cow_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const retry = yield* vmf_can_call_fault(vmf);
  if (retry) return retry;
  const copy = yield* alloc_page();
  if (!copy) return VM_FAULT_OOM;
  vmf.cow_page = copy;
  let ret = yield* __do_fault(vmf);
  if (ret & VM_FAULT_DONE_COW) return ret;
  if (!(ret & DONE_WITHOUT_PAGE)) {
    const page = vmf.page as page;
    yield* copy_user_highpage(copy, page);
    ret |= yield* finish_fault(vmf);
    yield* unlock_page(page);
    yield* put_page(page);
  }
  if (ret & DONE_WITHOUT_PAGE) yield* put_page(copy);
  return ret;
}

/**
 * A write to a shared vma: maps the page that the handler brings, once the file knows that it will be written to.
 * Returns as `do_read_fault`, or what `page_mkwrite` says against it. Left out: dirty accounting.
 */
export function* do_shared_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const ret = (yield* vmf_can_call_fault(vmf)) || (yield* __do_fault(vmf));
  if (ret & DONE_WITHOUT_PAGE) return ret;
  const page = vmf.page as page;
  if (vmf.vma.vm_ops.page_mkwrite) {
    yield* unlock_page(page);
    const mkwrite = yield* do_page_mkwrite(vmf);
    if (!mkwrite || mkwrite & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
      yield* put_page(page);
      return mkwrite;
    }
  }
  const finished = ret | (yield* finish_fault(vmf));
  yield* unlock_page(page);
  if (finished & DONE_WITHOUT_PAGE) yield* put_page(page);
  return finished;
}

/**
 * Calls the driver. Returns what it answers; VM_FAULT_OOM if there is no memory for the table that it may need.
 * An answer that promises a page comes with VM_FAULT_LOCKED and the page, locked. Without `vmf.page` it kills the task: Linux would follow
 * a NULL pointer. Left out: poisoned pages.
 */
export function* __do_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const needsTable = vmf.pte === null && (yield* isAbsent(vmf.pmd, 'pmd_none'));
  if (needsTable && (yield* should_fail_alloc_page())) return VM_FAULT_OOM;
  const { fault: handler } = vmf.vma.vm_ops; // no method call, or stacks would say so
  const fault = handler ? yield* handler(vmf) : VM_FAULT_SIGBUS;
  if (fault & DONE_WITHOUT_PAGE) return fault;
  if (!vmf.page)
    return yield* BUG(
      `NULL pointer dereference in __do_fault (mm/memory.c): ->fault returned ${fault}, and there is no page in vmf->page`,
    );
  if (!(fault & VM_FAULT_LOCKED)) yield* lock_page(vmf.page);
  return fault | VM_FAULT_LOCKED;
}

/**
 * Makes the entry, if there still is none: the generic answer to two faults at once.
 * Returns 0; VM_FAULT_NOPAGE if somebody was faster (the caller drops the page); VM_FAULT_OOM. Locks: the page's lock; takes ptl.
 */
export function* finish_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma, address, flags, pmd } = vmf;
  const { pud, pte } = pathTo(vma.vm_mm, address) as Path;
  if (!(yield* pte_alloc(pud, pmd))) return VM_FAULT_OOM;
  const isWrite = (flags & FAULT_FLAG_WRITE) !== 0;
  const page = (isWrite && !(vma.vm_flags & VM_SHARED) ? vmf.cow_page : vmf.page) as page;
  yield* spin_lock(pte_lockptr(pmd));
  const isTaken = yield* hasPte(pte);
  if (!isTaken) yield* set_pte_at(pte, isWrite ? writtenTo(page, vma) : mk_pte(page, vma));
  yield* spin_unlock(pte_lockptr(pmd));
  return isTaken ? VM_FAULT_NOPAGE : 0;
}
