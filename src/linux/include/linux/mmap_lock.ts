/** The lock of an address space, by the names that the memory manager uses. Source: include/linux/mmap_lock.h, v5.14. */

import {
  down_read,
  down_read_trylock,
  down_write,
  rwsem_assert_held_write,
  up_read,
  up_write,
} from '../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../kernel.ts';
import type { mm_struct } from './mm_types.ts';
import { KERNEL_VERSION } from './version.ts';

/** Takes mmap_lock as a reader: the vmas stay as they are. */
export function* mmap_read_lock(mm: mm_struct): Kernel {
  yield* down_read(mm.mmap_lock);
}

/** Takes mmap_lock as a reader if no writer holds it or waits for it. Returns whether it did; never sleeps. */
export function* mmap_read_trylock(mm: mm_struct): Kernel<boolean> {
  return yield* down_read_trylock(mm.mmap_lock);
}

/** Gives it back. Locks: held as a reader. */
export function* mmap_read_unlock(mm: mm_struct): Kernel {
  yield* up_read(mm.mmap_lock);
}

/** Takes mmap_lock as the writer: the vmas may be changed. */
export function* mmap_write_lock(mm: mm_struct): Kernel {
  yield* down_write(mm.mmap_lock);
}

/** Gives it back. Locks: held as the writer. */
export function* mmap_write_unlock(mm: mm_struct): Kernel {
  yield* up_write(mm.mmap_lock);
}

/** WARNs unless mmap_lock is held as the writer: since v6.10 (ba168b52bf8e) in every build. Left out: builds with lockdep, which could before. */
export function* mmap_assert_write_locked(mm: mm_struct): Kernel {
  if (mm.version >= KERNEL_VERSION(6, 10)) yield* rwsem_assert_held_write(mm.mmap_lock);
}
