/** The vmas of a process. Models mm/mmap.c, v5.14. */

import { get, set } from '#explore';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/linux/mmap_lock.ts';
import { vm_area_free } from '../kernel/fork.ts';
import type { Kernel } from '../kernel.ts';
import { unmap_page_range } from './memory/zap.ts';

/** The first vma that ends behind the address; it need not contain it. Returns null if there is none. Locks: mmap_lock. */
export function* find_vma(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  for (const { vma, linked } of mm.mm_rb) {
    if (address < vma.vm_end && (yield* get(linked, 'find_vma'))) return vma;
  }
  return null;
}

/** The system call on a whole vma. Returns 0, also where nothing is mapped. Locks: takes mmap_lock as the writer. */
export function* __vm_munmap(vma: vm_area_struct): Kernel<number> {
  const mm = vma.vm_mm;
  yield* mmap_write_lock(mm);
  const result = yield* __do_munmap(mm, vma.vm_start, vma.vm_end - vma.vm_start);
  yield* mmap_write_unlock(mm);
  return result;
}

/**
 * Takes the vma in the range out of the address space: unlinks it, takes its entries away, tells the driver, frees it.
 * Returns 0. Locks: mmap_lock as the writer. Left out: ranges other than one vma, freeing tables, and that Linux goes on as a mere
 * reader once the vma is unlinked.
 */
export function* __do_munmap(mm: mm_struct, start: number, len: number): Kernel<number> {
  const place = mm.mm_rb.find(({ vma }) => vma.vm_start === start && vma.vm_end === start + len);
  if (!place || !(yield* get(place.linked, 'find_vma'))) return 0;
  yield* set(place.linked, false, 'detach_vmas_to_be_unmapped');
  yield* unmap_page_range(place.vma, start, start + len);
  yield* remove_vma(place.vma);
  return 0;
}

/** Tells the driver, and frees the vma. Locks: mmap_lock as the writer. */
export function* remove_vma(vma: vm_area_struct): Kernel {
  const { close } = vma.vm_ops;
  yield* close(vma);
  yield* vm_area_free(vma);
}
