/** Faults in mappings of files. Models mm/filemap.c, v5.14 (v6.12 under the lock of a vma). */

import { compareAndSwap, get, read, readAs, update, write } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { hasPte, set_pte_at } from '../arch/x86/include/asm/pgtable.ts';
import { type address_space, type file, ON_DISK } from '../include/linux/fs.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_TRIED,
  release_fault_lock,
  type vm_fault,
  type vm_operations_struct,
} from '../include/linux/mm.ts';
import {
  type page,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
} from '../include/linux/mm_types.ts';
import { lock_page, trylock_page, unlock_page } from '../include/linux/pagemap.ts';
import { spin_lock, spin_unlock } from '../kernel/locking/spinlock.ts';
import type { Kernel } from '../kernel.ts';
import { should_fail_alloc_page } from './failslab.ts';
import { mk_pte } from './memory/anonymous.ts';
import { type Path, pathTo, pte_lockptr } from './memory/tables.ts';
import { get_page, put_page } from './swap.ts';

/**
 * Brings the file's page, locked, in `vmf.page`; reads it in if it is not in memory.
 *
 * It may wait for the page's lock, or for the disk; before it does, it drops the lock of the fault, unless the fault was tried before, and
 * then it returns VM_FAULT_RETRY: the next try finds the page in memory. Once it has the page's lock, it looks
 * whether the page is still the file's, and whether the file is still so long: truncate changes that first, and takes the lock later.
 * Returns VM_FAULT_LOCKED; VM_FAULT_SIGBUS behind the end of the file; VM_FAULT_OOM without memory to read it into; VM_FAULT_RETRY
 * **with the fault's lock dropped**; the first and the last with VM_FAULT_MAJOR where the page was not in memory.
 * Locks: mmap_lock or the vma's lock, as a reader. Left out: reads that fail, read-ahead, invalidate_lock, FAULT_FLAG_RETRY_NOWAIT.
 */
export function* filemap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { f_mapping: mapping } = vmf.vma.vm_file as file;
  if (yield* isBehindEnd(mapping, vmf.pgoff)) return VM_FAULT_SIGBUS;
  let major = 0;
  for (;;) {
    let page = yield* find_get_page(mapping, vmf.pgoff);
    if (!page && mapping.frames[vmf.pgoff]) {
      if (yield* should_fail_alloc_page('a page of a file')) return VM_FAULT_OOM;
      page = yield* pagecache_get_page(mapping, vmf.pgoff);
      major = VM_FAULT_MAJOR;
    }
    if (!page) return VM_FAULT_SIGBUS; // it was truncated since the look at the size
    const hasDropped = yield* lock_page_maybe_drop_mmap(vmf, page);
    const isOurs = (yield* get(ofFile(page).mapping)) === mapping;
    if (isOurs && !(yield* PageUptodate(page))) {
      if (yield* readpage(vmf, page, hasDropped)) return major | VM_FAULT_RETRY;
      continue;
    }
    const isInside = isOurs && !hasDropped && !(yield* isBehindEnd(mapping, vmf.pgoff));
    if (isInside) {
      vmf.page = page;
      return major | VM_FAULT_LOCKED;
    }
    yield* unlock_page(page);
    yield* put_page(page);
    if (hasDropped) return major | VM_FAULT_RETRY;
    if (isOurs) return VM_FAULT_SIGBUS;
  }
}

const ofFile = (page: page) => page.ofFile as NonNullable<page['ofFile']>;

const isBehindEnd = ({ host }: address_space, index: number) =>
  readAs(host.i_size, (size) => index >= size, 'i_size_read');

/** The page, with a reference; null if it is not in memory. Takes no lock: the page may be taken out of the file at any time. */
export function* find_get_page({ i_pages }: address_space, index: number): Kernel<page | null> {
  for (;;) {
    const place = i_pages[index];
    const page = place ? yield* read(place, 'xas_load') : null;
    if (!page || page === ON_DISK) return null;
    const count = yield* update(page._refcount, (each) => (each > 0 ? each + 1 : 0), 'get_page_unless_zero');
    if (count > 0) return page;
  }
}

/**
 * The page, with a reference: if there is none, a new one, in which nothing is yet (FGP_CREAT). Another task may have made it first.
 * Returns null if it was truncated. Ours: it has one frame all the time, and once taken out, it does not come back: the file ends before it.
 */
export function* pagecache_get_page(mapping: address_space, index: number): Kernel<page | null> {
  const { i_pages, frames } = mapping;
  const [place, frame] = [i_pages[index], frames[index]];
  const isOurs = place && frame && (yield* compareAndSwap<PlaceOfPage>(place, ON_DISK, frame, 'add_to_page_cache_lru'));
  return isOurs ? frame : yield* find_get_page(mapping, index);
}

type PlaceOfPage = address_space['i_pages'][number]['initial'];

/** Whether what the file says is in the page. Source: include/linux/page-flags.h. */
function* PageUptodate({ ofFile }: page): Kernel<boolean> {
  return !ofFile?.uptodate || (yield* read(ofFile.uptodate, 'PageUptodate'));
}

/**
 * Reads the page in, for which it drops the lock of the fault as `lock_page_maybe_drop_mmap`, unless that `hasDropped` it. Returns whether it is
 * dropped now. Locks: the page's, which it gives back, and its reference too. In Linux the disk unlocks the page when it is done.
 */
function* readpage(vmf: vm_fault, page: page, hasDropped: boolean): Kernel<boolean> {
  const isDropped = hasDropped || (yield* maybe_unlock_mmap_for_io(vmf));
  const { uptodate } = ofFile(page);
  if (uptodate) yield* write(uptodate, true, 'SetPageUptodate');
  yield* unlock_page(page);
  yield* put_page(page);
  return isDropped;
}

/** Drops the lock of a fault that may be tried again, and was not before. Returns whether it did. Source: mm/internal.h. */
export function* maybe_unlock_mmap_for_io(vmf: vm_fault): Kernel<boolean> {
  const mayRetry = (vmf.flags & FAULT_FLAG_ALLOW_RETRY) !== 0 && !(vmf.flags & FAULT_FLAG_TRIED);
  if (mayRetry) yield* release_fault_lock(vmf);
  return mayRetry;
}

/** Locks the page. Returns whether it had to drop the lock of the fault to wait: then the fault is to be tried again. */
export function* lock_page_maybe_drop_mmap(vmf: vm_fault, page: page): Kernel<boolean> {
  if (yield* trylock_page(page)) return false;
  const hasDropped = yield* maybe_unlock_mmap_for_io(vmf);
  yield* lock_page(page);
  return hasDropped;
}

/**
 * Maps those pages from `start_pgoff` to `end_pgoff` that are in memory and that nobody has locked, where there is no entry yet. Waits for
 * nothing: a page that is not ready is left to `filemap_fault`. Looks after locking each as that does.
 * Returns VM_FAULT_NOPAGE if the fault's own page is among those that it mapped, else 0.
 * Locks: mmap_lock or the vma's lock, as a reader; takes ptl. Left out: RCU, which keeps pages that are looked at; poisoned pages.
 */
export function* filemap_map_pages(vmf: vm_fault, start_pgoff: number, end_pgoff: number): Kernel<vm_fault_t> {
  const { vma, pmd, address } = vmf;
  const { f_mapping: mapping } = vma.vm_file as file;
  let ret = 0;
  let isLocked = false;
  for (let pgoff = start_pgoff; pgoff <= end_pgoff; pgoff++) {
    const page = yield* next_uptodate_page(mapping, pgoff);
    if (!page) continue;
    if (!isLocked) yield* spin_lock(pte_lockptr(pmd));
    isLocked = true;
    const at = vma.vm_start + (pgoff - vma.vm_pgoff) * PAGE_SIZE;
    const { pte } = pathTo(vma.vm_mm, at) as Path;
    if (!(yield* hasPte(pte))) {
      if (at === address) ret = VM_FAULT_NOPAGE;
      yield* set_pte_at(pte, mk_pte(page, vma));
      yield* get_page(page);
    }
    yield* unlock_page(page);
    yield* put_page(page);
  }
  if (isLocked) yield* spin_unlock(pte_lockptr(pmd));
  return ret;
}

/** The page, locked and with a reference, if it can be had without waiting: else null. In Linux it goes on to the next one itself. */
function* next_uptodate_page(mapping: address_space, index: number): Kernel<page | null> {
  const page = yield* find_get_page(mapping, index);
  if (!page) return null;
  if ((yield* PageUptodate(page)) && (yield* trylock_page(page))) {
    const isOurs = (yield* get(ofFile(page).mapping)) === mapping;
    if (isOurs && !(yield* isBehindEnd(mapping, index))) return page;
    yield* unlock_page(page);
  }
  yield* put_page(page);
  return null;
}

/** Somebody writes to a page that was mapped read-only. Returns VM_FAULT_LOCKED, or VM_FAULT_NOPAGE if the page is not the file's any more. */
export function* filemap_page_mkwrite(vmf: vm_fault): Kernel<vm_fault_t> {
  const page = vmf.page as page;
  yield* lock_page(page);
  if (page.ofFile && (yield* get(page.ofFile.mapping))) return VM_FAULT_LOCKED;
  yield* unlock_page(page);
  return VM_FAULT_NOPAGE;
}

export const generic_file_vm_ops: vm_operations_struct = {
  fault: filemap_fault,
  map_pages: filemap_map_pages,
  page_mkwrite: filemap_page_mkwrite,
};
