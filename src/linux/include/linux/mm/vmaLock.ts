/**
 * The lock that each vma has of its own since v6.4. Source: include/linux/mm.h, v6.12.
 *
 * A writer, who holds mmap_lock, marks the vma with the number that mmap_lock's write side has just now, and so keeps readers out until it
 * gives mmap_lock back, by which the number changes and all its marks are void at once. Where nobody changes vmas there is nothing to
 * lock (`vm_lock` is null), and none of this is a step.
 */

import { get, getAs, readAs, set, write } from '#explore';
import { down_read_trylock, down_write, up_read, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import type { mm_struct, vm_area_struct } from '../mm_types.ts';

/**
 * Takes the vma's lock as a reader, unless a writer has it or has marked the vma. Returns whether it did; never waits.
 * Locks: rcu_read_lock, and nothing of the vma may be trusted before. Left out: a first look that spares taking the lock in vain.
 */
export function* vma_start_read({ vm_lock, vm_mm }: vm_area_struct): Kernel<boolean> {
  if (!vm_lock || !vm_mm.mm_lock_seq) return true;
  if (!(yield* down_read_trylock(vm_lock.lock))) return false;
  const mark = yield* get(vm_lock.vm_lock_seq, 'vm_lock_seq');
  const isMarked = yield* readAs(vm_mm.mm_lock_seq, (seq) => seq === mark, 'mm_lock_seq');
  if (isMarked) yield* up_read(vm_lock.lock);
  return !isMarked;
}

/** Gives it back. Locks: held as a reader. */
export function* vma_end_read({ vm_lock }: vm_area_struct): Kernel {
  if (vm_lock) yield* up_read(vm_lock.lock);
}

/**
 * Waits for the vma's readers, and keeps new ones out until mmap_write_unlock(). Nothing to do if it is marked already.
 * Locks: mmap_lock as the writer.
 */
export function* vma_start_write({ vm_lock, vm_mm }: vm_area_struct): Kernel {
  if (!vm_lock || !vm_mm.mm_lock_seq) return;
  const seq = yield* get(vm_mm.mm_lock_seq, 'mm_lock_seq');
  if (yield* getAs(vm_lock.vm_lock_seq, (mark) => mark === seq, 'vm_lock_seq')) return;
  yield* down_write(vm_lock.lock);
  yield* set(vm_lock.vm_lock_seq, seq, 'vm_lock_seq');
  yield* up_write(vm_lock.lock);
}

/** Voids the marks of all vmas of the address space. Locks: mmap_lock as the writer, about to be given back. Source: include/linux/mmap_lock.h. */
export function* vma_end_write_all({ mm_lock_seq }: mm_struct): Kernel {
  if (mm_lock_seq) yield* write(mm_lock_seq, (yield* get(mm_lock_seq, 'mm_lock_seq')) + 1, 'vma_end_write_all');
}

/** Tells readers who have found the vma already that it is no longer in the tree. Locks: `vma_start_write`. */
export function* vma_mark_detached({ vm_lock }: vm_area_struct): Kernel {
  if (vm_lock) yield* set(vm_lock.detached, true, 'detached');
}
