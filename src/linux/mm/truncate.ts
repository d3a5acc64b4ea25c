/** Making files shorter. Models mm/truncate.c, v5.14. */

import { get, read, set, write } from '#explore';
import { type address_space, ON_DISK } from '../include/linux/fs.ts';
import { lock_page, unlock_page } from '../include/linux/pagemap.ts';
import type { Kernel } from '../kernel.ts';
import { unmap_mapping_pages } from './memory/mapping.ts';
import { get_page, put_page } from './swap.ts';

/**
 * Makes the file end at the page `newsize`. In the order of vfio's "disable": first the gate, which faults look at; then the mappings are
 * taken back. The pages go one by one, each under its lock, where a fault that has passed the gate before is waited for.
 * Locks: none. Left out: growing, the lock of the inode, bytes within a page.
 */
export function* truncate_setsize(mapping: address_space, newsize: number): Kernel {
  yield* write(mapping.host.i_size, newsize, 'i_size_write');
  yield* truncate_pagecache(mapping, newsize);
}

/** The pages from `newsize` on: unmaps them, takes them out, and unmaps what was mapped, or copied, in between. */
export function* truncate_pagecache(mapping: address_space, newsize: number): Kernel {
  yield* unmap_mapping_pages(mapping, newsize, Number.POSITIVE_INFINITY, true);
  yield* truncate_inode_pages(mapping, newsize);
  yield* unmap_mapping_pages(mapping, newsize, Number.POSITIVE_INFINITY, true);
}

/** Takes the pages from `first` on out of the file. */
export function* truncate_inode_pages(mapping: address_space, first: number): Kernel {
  for (const place of mapping.i_pages.slice(first)) {
    const page = yield* read(place, 'xas_load');
    if (!page || page === ON_DISK || !page.ofFile) continue;
    yield* get_page(page);
    yield* lock_page(page);
    if (yield* get(page.ofFile.mapping)) {
      yield* set(page.ofFile.mapping, null, 'delete_from_page_cache');
      yield* write(place, null, 'xas_store');
      yield* put_page(page);
    }
    yield* unlock_page(page);
    yield* put_page(page);
  }
}
