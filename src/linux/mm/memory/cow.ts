/** A write to an entry that forbids it, in a vma that allows it. Models mm/memory.c, v5.14. */

import { get } from '#explore';
import {
  isStill,
  pte_mkdirty,
  pte_mkyoung,
  type pte_t,
  ptep_get_and_clear,
  set_pte_at,
  withContentOf,
} from '../../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_page } from '../../arch/x86/mm/tlb.ts';
import { VM_SHARED, VM_WRITE, type vm_fault } from '../../include/linux/mm.ts';
import {
  type page,
  VM_FAULT_ERROR,
  VM_FAULT_LOCKED,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_WRITE,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { lock_page, unlock_page } from '../../include/linux/pagemap.ts';
import { KERNEL_VERSION } from '../../include/linux/version.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { alloc_page } from '../page_alloc.ts';
import { get_page, isOnlyUser, put_page } from '../swap.ts';
import { maybe_mkwrite, writtenTo } from './anonymous.ts';
import { vm_normal_page } from './normalPage.ts';
import { pte_lockptr } from './tables.ts';
import { vmf_can_call_fault } from './vmaLock.ts';

/** What is known of such a fault: its entry, as it was seen. */
export type wp_fault = vm_fault & Required<Pick<vm_fault, 'orig_pte'>> & { readonly pte: NonNullable<vm_fault['pte']> };

/**
 * Makes the entry writable if nobody else maps its page, or if all are to see the write; else the task gets a copy.
 * Returns VM_FAULT_WRITE (0 since v6.2), 0 if another CPU was faster, VM_FAULT_OOM, or what `page_mkwrite` says.
 * Locks: **ptl, which it releases**; mmap_lock as a reader. Left out: KSM, the lock of an anonymous page (it may stand in the swap cache).
 */
export function* do_wp_page(vmf: wp_fault): Kernel<vm_fault_t> {
  const { vma, orig_pte, pmd } = vmf;
  const page = vm_normal_page(vma, orig_pte);
  const isShared = (vma.vm_flags & VM_SHARED) !== 0 && (vma.vm_flags & VM_WRITE) !== 0;
  if (isShared) return page ? yield* wp_page_shared(vmf, page) : yield* wp_pfn_shared(vmf);
  const isReusable = page !== null && !page.ofFile && (yield* isOnlyUser(page));
  if (isReusable) return yield* wp_page_reuse(vmf);
  if (page) yield* get_page(page);
  yield* spin_unlock(pte_lockptr(pmd));
  return yield* wp_page_copy(vmf, page);
}

/** The entry as it is, made writable. Returns as `do_wp_page`. Locks: ptl, which it releases. */
export function* wp_page_reuse({ vma, pte, orig_pte, pmd }: wp_fault): Kernel<vm_fault_t> {
  yield* set_pte_at(pte, maybe_mkwrite(pte_mkdirty(pte_mkyoung(orig_pte)), vma));
  yield* spin_unlock(pte_lockptr(pmd));
  return wroteIt(vma.vm_mm.version);
}

/** Until v6.1 GUP is told that a write got through. */
const wroteIt = (version: number): vm_fault_t => (version < KERNEL_VERSION(6, 2) ? VM_FAULT_WRITE : 0);

/**
 * Copies the page without a lock, then takes ptl and compares the entry with what it was: has it changed, another CPU was faster, and the
 * copy is dropped. `old` comes with a reference, which it gives back; null: the zero page.
 * Returns VM_FAULT_WRITE (0 since v6.2), 0 or VM_FAULT_OOM. Left out: mmu notifiers, reverse mapping.
 */
export function* wp_page_copy(vmf: wp_fault, old: page | null): Kernel<vm_fault_t> {
  const { vma, pte, orig_pte, pmd } = vmf;
  const copy = yield* alloc_page();
  if (copy && old) yield* copy_user_highpage(copy, old);
  let isOurs = false;
  if (copy) {
    yield* spin_lock(pte_lockptr(pmd));
    isOurs = yield* isStill(pte, orig_pte);
    if (isOurs) {
      yield* ptep_clear_flush(vmf);
      yield* set_pte_at(pte, withContentOf(writtenTo(copy, vma), orig_pte));
    }
    const dropped = isOurs ? old : copy; // the old entry's reference, or the copy that nobody needs
    if (dropped) yield* put_page(dropped);
    yield* spin_unlock(pte_lockptr(pmd));
  }
  if (old) yield* put_page(old);
  if (!copy) return VM_FAULT_OOM;
  return isOurs ? wroteIt(vma.vm_mm.version) : 0;
}

/** Takes the entry away and makes all CPUs forget it. Locks: ptl. Source: mm/pgtable-generic.c. */
export function* ptep_clear_flush({ vma, address, pte }: wp_fault): Kernel<pte_t> {
  const entry = yield* ptep_get_and_clear(pte);
  yield* flush_tlb_page(vma, address);
  return entry;
}

/** Copies a page. A freed one: `use after free`. What it contains goes with its entry: see `withContentOf`. Source: include/linux/highmem.h. */
export function* copy_user_highpage(_to: page, from: page): Kernel {
  yield* get(from.memory, 'copy_user_highpage');
}

/** A shared page of a file. Locks: ptl, which it releases. Left out: dirty accounting. */
export function* wp_page_shared(vmf: wp_fault, page: page): Kernel<vm_fault_t> {
  const { vma, pmd } = vmf;
  if (!vma.vm_ops.page_mkwrite) return yield* wp_page_reuse(vmf);
  yield* get_page(page);
  yield* spin_unlock(pte_lockptr(pmd));
  const retry = yield* vmf_can_call_fault(vmf);
  if (retry) {
    yield* put_page(page);
    return retry;
  }
  vmf.page = page;
  let ret = yield* do_page_mkwrite(vmf);
  if (ret && !(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))) {
    ret = yield* finish_mkwrite_fault(vmf);
    yield* unlock_page(page);
  }
  yield* put_page(page);
  return ret;
}

/** Shared frames without struct pages. Locks: ptl, which it releases. Left out: `pfn_mkwrite`. */
export function* wp_pfn_shared(vmf: wp_fault): Kernel<vm_fault_t> {
  return yield* wp_page_reuse(vmf);
}

/**
 * Tells the file that a page of it is going to be written to. Returns VM_FAULT_LOCKED and the page locked; 0 if it was taken out of the
 * file meanwhile (try again); or the handler's error or VM_FAULT_NOPAGE.
 */
export function* do_page_mkwrite(vmf: vm_fault): Kernel<vm_fault_t> {
  const page = vmf.page as page;
  const { page_mkwrite } = vmf.vma.vm_ops;
  const ret = page_mkwrite ? yield* page_mkwrite(vmf) : 0;
  if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_LOCKED)) return ret;
  yield* lock_page(page);
  if (page.ofFile && !(yield* get(page.ofFile.mapping))) {
    yield* unlock_page(page);
    return 0;
  }
  return ret | VM_FAULT_LOCKED;
}

/** Makes the entry writable if it is still what it was. Returns as `wp_page_reuse`, or VM_FAULT_NOPAGE. Locks: the page's lock. */
export function* finish_mkwrite_fault(vmf: wp_fault): Kernel<vm_fault_t> {
  yield* spin_lock(pte_lockptr(vmf.pmd));
  if (yield* isStill(vmf.pte, vmf.orig_pte)) return yield* wp_page_reuse(vmf);
  yield* spin_unlock(pte_lockptr(vmf.pmd));
  return VM_FAULT_NOPAGE;
}
