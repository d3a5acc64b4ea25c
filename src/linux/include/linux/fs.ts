/** What is mapped of a file, and where. Source: include/linux/fs.h, v6.10; only what is used. */

import type { Cell } from '#explore';
import { down_read, down_write, type rw_semaphore, up_read, up_write } from '../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../kernel.ts';
import type { vm_area_struct } from './mm_types.ts';

/** All mappings of one file, in whichever process: of a device, since v6.10. */
export interface address_space {
  readonly name: string;
  /** Read: the tree stays. Write: vmas come and go, and change their ends. Below mmap_lock and memory_lock, above ptl. */
  readonly i_mmap_rwsem: rw_semaphore;
  /** Places for vmas; null: free. Stands for the interval tree. Locks: i_mmap_rwsem. */
  readonly i_mmap: readonly Cell<vm_area_struct | null>[];
}

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
