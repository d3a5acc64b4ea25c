/** Faults in mappings of files. Models mm/filemap.c, v5.14. All pages of a file are in memory until they are truncated. */

import { get, read, readAs, update } from '#explore';
import type { address_space, file } from '../include/linux/fs.ts';
import { FAULT_FLAG_ALLOW_RETRY, type vm_fault, type vm_operations_struct } from '../include/linux/mm.ts';
import {
  type page,
  VM_FAULT_LOCKED,
  VM_FAULT_NOPAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
} from '../include/linux/mm_types.ts';
import { mmap_read_unlock } from '../include/linux/mmap_lock.ts';
import { lock_page, trylock_page, unlock_page } from '../include/linux/pagemap.ts';
import type { Kernel } from '../kernel.ts';
import { put_page } from './swap.ts';

/**
 * Brings the file's page, locked, in `vmf.page`.
 *
 * It may wait for the page's lock; before it does, it drops mmap_lock, and then it returns VM_FAULT_RETRY. Once it has the lock, it looks
 * whether the page is still the file's, and whether the file is still so long: truncate changes that first, and takes the lock later.
 * Returns VM_FAULT_LOCKED; VM_FAULT_SIGBUS behind the end of the file; VM_FAULT_RETRY **with mmap_lock dropped**.
 * Locks: mmap_lock as a reader. Left out: reading from a disk (so invalidate_lock, VM_FAULT_MAJOR and read-ahead too).
 */
export function* filemap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { f_mapping: mapping } = vmf.vma.vm_file as file;
  if (yield* isBehindEnd(mapping, vmf.pgoff)) return VM_FAULT_SIGBUS;
  for (;;) {
    const page = yield* find_get_page(mapping, vmf.pgoff);
    if (!page) return VM_FAULT_SIGBUS; // it was truncated since the look at the size
    const hasDropped = yield* lock_page_maybe_drop_mmap(vmf, page);
    const isOurs = (yield* get((page.ofFile as NonNullable<page['ofFile']>).mapping)) === mapping;
    const isInside = isOurs && !hasDropped && !(yield* isBehindEnd(mapping, vmf.pgoff));
    if (isInside) {
      vmf.page = page;
      return VM_FAULT_LOCKED;
    }
    yield* unlock_page(page);
    yield* put_page(page);
    if (hasDropped) return VM_FAULT_RETRY;
    if (isOurs) return VM_FAULT_SIGBUS;
  }
}

const isBehindEnd = ({ host }: address_space, index: number) =>
  readAs(host.i_size, (size) => index >= size, 'i_size_read');

/** The page, with a reference; null if it is not in memory. Takes no lock: the page may be taken out of the file at any time. */
export function* find_get_page({ i_pages }: address_space, index: number): Kernel<page | null> {
  for (;;) {
    const place = i_pages[index];
    const page = place ? yield* read(place, 'xas_load') : null;
    if (!page) return null;
    const count = yield* update(page._refcount, (each) => (each > 0 ? each + 1 : 0), 'get_page_unless_zero');
    if (count > 0) return page;
  }
}

/** Locks the page. Returns whether it had to drop mmap_lock to wait: then the fault is to be tried again. */
export function* lock_page_maybe_drop_mmap({ vma, flags }: vm_fault, page: page): Kernel<boolean> {
  if (yield* trylock_page(page)) return false;
  const mayRetry = (flags & FAULT_FLAG_ALLOW_RETRY) !== 0;
  if (mayRetry) yield* mmap_read_unlock(vma.vm_mm);
  yield* lock_page(page);
  return mayRetry;
}

/** Somebody writes to a page that was mapped read-only. Returns VM_FAULT_LOCKED, or VM_FAULT_NOPAGE if the page is not the file's any more. */
export function* filemap_page_mkwrite(vmf: vm_fault): Kernel<vm_fault_t> {
  const page = vmf.page as page;
  yield* lock_page(page);
  if (page.ofFile && (yield* get(page.ofFile.mapping))) return VM_FAULT_LOCKED;
  yield* unlock_page(page);
  return VM_FAULT_NOPAGE;
}

export const generic_file_vm_ops: vm_operations_struct = { fault: filemap_fault, page_mkwrite: filemap_page_mkwrite };
