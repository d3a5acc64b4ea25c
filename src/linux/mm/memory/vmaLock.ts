/** Faults under a vma's own lock, and under mmap_lock. Models mm/memory.c, v6.12. */

import { get } from '#explore';
import { vma_end_read, vma_start_read } from '../../include/linux/mm/vmaLock.ts';
import { FAULT_FLAG_VMA_LOCK, type vm_fault } from '../../include/linux/mm.ts';
import { type mm_struct, VM_FAULT_RETRY, type vm_area_struct, type vm_fault_t } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_trylock, mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate.ts';
import { KERNEL_VERSION } from '../../include/linux/version.ts';
import type { Kernel } from '../../kernel.ts';
import { mas_walk } from '../../lib/maple_tree.ts';
import { look } from '../../vma.ts';
import { find_vma } from '../mmap.ts';

/**
 * Finds the vma of the address without mmap_lock. Returns it **with its lock held** as a reader; null: take mmap_lock. So it is if there
 * is no such vma, a writer has it, or it has left the tree or does not contain the address any more by the time it is locked.
 * Locks: none. Until v6.5 for anonymous vmas only. Left out: userfaultfd, the statistics.
 */
export function* lock_vma_under_rcu(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  yield* rcu_read_lock();
  const vma = yield* findAndLock(mm, address);
  yield* rcu_read_unlock();
  return vma;
}

function* findAndLock(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  for (;;) {
    const vma = yield* mas_walk(mm, address);
    if (!vma || isTooEarlyFor(vma) || !(yield* vma_start_read(vma))) return null;
    if (vma.vm_lock && (yield* get(vma.vm_lock.detached, 'detached'))) {
      yield* vma_end_read(vma);
      continue; // another may have taken its place
    }
    yield* look(vma);
    if (address >= vma.vm_start && address < vma.vm_end) return vma;
    yield* vma_end_read(vma);
    return null;
  }
}

/** Vmas of files and devices since v6.6, commit 350f6bbca1de. */
const isTooEarlyFor = ({ vm_mm, vm_ops }: vm_area_struct) =>
  vm_mm.version < KERNEL_VERSION(6, 6) && Boolean(vm_ops.fault ?? vm_ops.huge_fault);

/**
 * Takes mmap_lock as a reader and finds the vma of the address. Returns it **with mmap_lock held**; null, and nothing held, if there is none,
 * or if the lock is contended and the fault must not wait for it: one in kernel code that is not meant to fault (`mayWait` false) might hold it.
 * Since v6.5; before, architectures did the same themselves. Left out: stacks that grow.
 */
export function* lock_mm_and_find_vma(mm: mm_struct, address: number, mayWait: boolean): Kernel<vm_area_struct | null> {
  if (mayWait) yield* mmap_read_lock(mm);
  else if (!(yield* mmap_read_trylock(mm))) return null;
  const vma = yield* find_vma(mm, address);
  if (vma && address >= vma.vm_start) return vma;
  yield* mmap_read_unlock(mm);
  return null;
}

/**
 * Whether the vma's `fault` may be called: 0. A handler without `map_pages` is not written for the vma's lock: then VM_FAULT_RETRY, and the
 * lock is given back. So a fault on a BAR's page is always handled under mmap_lock.
 * Locks: mmap_lock or the vma's lock, as a reader. In v6.6 the callers themselves asked this.
 */
export function* vmf_can_call_fault({ vma, flags }: vm_fault): Kernel<vm_fault_t> {
  if (vma.vm_ops.map_pages || !(flags & FAULT_FLAG_VMA_LOCK)) return 0;
  yield* vma_end_read(vma);
  return VM_FAULT_RETRY;
}
