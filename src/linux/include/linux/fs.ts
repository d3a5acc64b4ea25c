/** Files, and what of them is in memory. Source: include/linux/fs.h, v5.14; only what is used. */

import type { Cell } from '#explore';
import type { rw_semaphore } from '../../kernel/locking/rwsem.ts';
import type { page, vm_area_struct } from './mm_types.ts';

/** A file's pages, and who maps them. */
export interface address_space {
  readonly name: string;
  readonly host: inode;
  /** The page cache: a place for each page of the file; null where it is not in memory. */
  readonly i_pages: readonly Cell<page | null>[];
  /** Read: `i_mmap` stays. Write: vmas are linked and unlinked. Order: behind mmap_lock and the locks of pages, before ptl. */
  readonly i_mmap_rwsem: rw_semaphore;
  /** The vmas that map it; null: a free place. Stands for the interval tree. */
  readonly i_mmap: readonly Cell<vm_area_struct | null>[];
}

export interface inode {
  /** In pages, where Linux counts bytes. Read without a lock. */
  readonly i_size: Cell<number>;
}

export interface file {
  readonly f_mapping: address_space;
}
