/** Making files shorter. Models mm/truncate.c, v5.14. */

import { get, read, set, write } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import type { address_space } from '../include/linux/fs.ts';
import { lock_page, unlock_page } from '../include/linux/pagemap.ts';
import { touchVma } from '../kernel/fork.ts';
import { down_read, up_read } from '../kernel/locking/rwsem.ts';
import type { Kernel } from '../kernel.ts';
import { unmap_page_range } from './memory/zap.ts';
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
  yield* zapMappings(mapping, newsize);
  yield* truncate_inode_pages(mapping, newsize);
  yield* zapMappings(mapping, newsize);
}

/** Takes the pages from `first` on out of the file. */
export function* truncate_inode_pages(mapping: address_space, first: number): Kernel {
  for (const place of mapping.i_pages.slice(first)) {
    const page = yield* read(place, 'xas_load');
    if (!page?.ofFile) continue;
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

/** Takes away all entries of the file's pages from `first` on, private copies too. A freed vma: `use after free`. Stands for unmap_mapping_range(). */
function* zapMappings({ i_mmap, i_mmap_rwsem }: address_space, first: number): Kernel {
  yield* down_read(i_mmap_rwsem);
  for (const place of i_mmap) {
    const vma = yield* get(place, 'vma_interval_tree_iter_first');
    if (!vma) continue;
    yield* touchVma(vma);
    const start = vma.vm_start + Math.max(first - vma.vm_pgoff, 0) * PAGE_SIZE;
    if (start < vma.vm_end) yield* unmap_page_range(vma, start, vma.vm_end);
  }
  yield* up_read(i_mmap_rwsem);
}
