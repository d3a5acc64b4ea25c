/** The vmas of a process. Models mm/mmap.c, v5.14. */

import { get, getAs, set } from '#explore';
import { i_mmap_lock_write, i_mmap_unlock_write } from '../include/linux/fs.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/linux/mmap_lock.ts';
import { vm_area_free } from '../kernel/fork.ts';
import type { Kernel } from '../kernel.ts';
import { look } from '../vma.ts';
import { vma_interval_tree_remove } from './interval_tree.ts';
import { unmap_single_vma } from './memory/zap.ts';

/** The first vma that ends behind the address; it need not contain it. Returns null if there is none. Locks: mmap_lock. */
export function* find_vma(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  if (!mm.isReshaped) return yield* findAmongFixed(mm, address);
  let found: vm_area_struct | null = null;
  for (const vma of yield* vmasOf(mm)) {
    if (address < vma.vm_end && (!found || vma.vm_start < found.vm_start)) found = vma;
  }
  return found;
}

/** Where vmas never change they stand in order, and those that end before the address need no look. */
function* findAmongFixed(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  for (const place of mm.mm_rb) {
    const vma = place.initial;
    if (vma && address < vma.vm_end && (yield* get(place, 'find_vma'))) return vma;
  }
  return null;
}

/** All vmas of the address space, in no order, each looked at. Locks: mmap_lock. */
export function* vmasOf(mm: mm_struct): Kernel<vm_area_struct[]> {
  const vmas: vm_area_struct[] = [];
  for (const place of mm.mm_rb) {
    const vma = yield* get(place, 'find_vma');
    if (!vma) continue;
    yield* look(vma);
    vmas.push(vma);
  }
  return vmas;
}

/** Takes the vma out of the tree. Locks: mmap_lock as the writer. */
export function* vma_erase(vma: vm_area_struct): Kernel {
  for (const place of vma.vm_mm.mm_rb) {
    const isIt = vma.shape ? yield* getAs(place, (each) => each === vma, 'find_vma') : place.initial === vma;
    if (isIt) yield* set(place, null, 'vma_erase');
  }
}

/** The system call. Returns 0, also where nothing is mapped. Locks: takes mmap_lock as the writer. */
export function* __vm_munmap(mm: mm_struct, start: number, len: number): Kernel<number> {
  yield* mmap_write_lock(mm);
  const result = yield* __do_munmap(mm, start, len);
  yield* mmap_write_unlock(mm);
  return result;
}

/**
 * Takes the vma in the range out of the address space: unlinks it, takes its entries away, tells the driver, frees it.
 * Returns 0. Locks: mmap_lock as the writer. Left out: ranges other than one vma, freeing tables, and that Linux goes on as a mere
 * reader once the vma is unlinked.
 */
export function* __do_munmap(mm: mm_struct, start: number, len: number): Kernel<number> {
  const vma = yield* find_vma(mm, start);
  if (!vma || vma.vm_start !== start || vma.vm_end !== start + len) return 0;
  yield* vma_erase(vma);
  yield* unmap_single_vma(vma, start, start + len);
  yield* unlink_file_vma(vma);
  yield* remove_vma(vma);
  return 0;
}

/** Takes the vma out of its file's tree, where somebody goes by that. Locks: mmap_lock as the writer; takes i_mmap_rwsem as the writer. */
export function* unlink_file_vma(vma: vm_area_struct): Kernel {
  const { i_mapping } = vma.vm_private_data;
  if (!i_mapping) return;
  yield* i_mmap_lock_write(i_mapping);
  yield* vma_interval_tree_remove(vma, i_mapping);
  yield* i_mmap_unlock_write(i_mapping);
}

/** Tells the driver, and frees the vma. Locks: mmap_lock as the writer. */
export function* remove_vma(vma: vm_area_struct): Kernel {
  const { close } = vma.vm_ops;
  if (close) yield* close(vma);
  yield* vm_area_free(vma);
}
