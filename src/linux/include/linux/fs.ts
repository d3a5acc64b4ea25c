/** Files: what of them is in memory, and where it is mapped. Source: include/linux/fs.h, v6.10; only what is used. */

import type { Cell } from '#explore';
import { down_read, down_write, type rw_semaphore, up_read, up_write } from '../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../kernel.ts';
import type { page, vm_area_struct } from './mm_types.ts';

/** In the place of a page that has not been in memory yet. Linux finds nothing there, as where one was taken out. */
export const ON_DISK = 'on disk';

/** A file's pages, and who maps them, in whichever process; of a device, since v6.10, it has no pages. */
export interface address_space {
  readonly name: string;
  readonly host: inode;
  /** The page cache: a place for each page of the file; null where it was taken out. */
  readonly i_pages: readonly Cell<page | typeof ON_DISK | null>[];
  /** The frame that each page which is on disk at boot is to be read into, by its number. */
  readonly frames: Readonly<Record<number, page>>;
  /** Read: the tree stays. Write: vmas come and go, and change their ends. Below mmap_lock and memory_lock, above ptl. */
  readonly i_mmap_rwsem: rw_semaphore;
  /** Places for vmas; null: free. Stands for the interval tree. Locks: i_mmap_rwsem. */
  readonly i_mmap: readonly Cell<vm_area_struct | null>[];
}

export interface inode {
  /** In pages, where Linux counts bytes; of a device 0, and nobody asks. Read without a lock. */
  readonly i_size: Cell<number>;
}

export interface file {
  readonly f_mapping: address_space;
}

/** Whose tree the vma stands in: its file's, or its device's where the driver goes by that; null: in none. */
export const mappingBehind = ({ vm_file, vm_private_data }: vm_area_struct): address_space | null =>
  vm_file?.f_mapping ?? vm_private_data?.i_mapping ?? null;

/** Takes the tree's lock as a reader. */
export function* i_mmap_lock_read({ i_mmap_rwsem }: address_space): Kernel {
  yield* down_read(i_mmap_rwsem);
}

/** Gives it back. Locks: held as a reader. */
export function* i_mmap_unlock_read({ i_mmap_rwsem }: address_space): Kernel {
  yield* up_read(i_mmap_rwsem);
}

/** Takes the tree's lock as the writer. */
export function* i_mmap_lock_write({ i_mmap_rwsem }: address_space): Kernel {
  yield* down_write(i_mmap_rwsem);
}

/** Gives it back. Locks: held as the writer. */
export function* i_mmap_unlock_write({ i_mmap_rwsem }: address_space): Kernel {
  yield* up_write(i_mmap_rwsem);
}
