/** The vmas of a process. Models mm/mmap.c, v5.14. */

import { get, getAs } from '#explore';
import { PAGE_MASK, PAGE_SHIFT } from '../arch/x86/include/asm/page_types.ts';
import { EINVAL, ENOMEM } from '../include/linux/errno.ts';
import { type address_space, i_mmap_lock_write, i_mmap_unlock_write, mappingBehind } from '../include/linux/fs.ts';
import { vma_mark_detached, vma_start_write } from '../include/linux/mm/vmaLock.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/linux/mmap_lock.ts';
import { vm_area_alloc, vm_area_dup, vm_area_free } from '../kernel/fork.ts';
import type { Kernel } from '../kernel.ts';
import { mas_store } from '../lib/maple_tree.ts';
import { look, lookAs, reshape } from '../vma.ts';
import { vma_interval_tree_insert, vma_interval_tree_remove } from './interval_tree.ts';
import { unmap_single_vma } from './memory/zap.ts';

/** The first vma that ends behind the address; it need not contain it. Returns null if there is none. Locks: mmap_lock. */
export function* find_vma(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  if (!mm.isReshaped) return yield* findAmongFixed(mm, address);
  let found: vm_area_struct | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const place of mm.mm_rb) {
    const vma = yield* get(place, 'find_vma');
    const start = vma && (yield* lookAs(vma, ({ vm_start, vm_end }) => (address < vm_end ? vm_start : null)));
    if (start === null || start >= least) continue;
    found = vma;
    least = start;
  }
  if (found) yield* look(found);
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

/** The vmas that lie in the range, in order of address. Locks: mmap_lock. */
export function* vmasIn(mm: mm_struct, start: number, end: number): Kernel<vm_area_struct[]> {
  const vmas: vm_area_struct[] = [];
  for (let at = start; at < end; ) {
    const vma: vm_area_struct | null = yield* find_vma(mm, at);
    if (!vma || vma.vm_start >= end) break;
    vmas.push(vma);
    at = vma.vm_end;
  }
  return vmas;
}

/** Puts the vma into its process's tree, and into its file's. Locks: mmap_lock as the writer; takes i_mmap_rwsem as the writer. */
export function* vma_link(mm: mm_struct, vma: vm_area_struct): Kernel {
  yield* vma_mas_store(mm, vma);
  yield* withMappingLocked(vma, (mapping) => vma_interval_tree_insert(vma, mapping));
}

/** With the tree of what the vma maps locked against walks, where there is one. */
export function* withMappingLocked(vma: vm_area_struct, change: (mapping: address_space) => Kernel): Kernel {
  const mapping = mappingBehind(vma);
  if (!mapping) return;
  yield* i_mmap_lock_write(mapping);
  yield* change(mapping);
  yield* i_mmap_unlock_write(mapping);
}

/** Puts the vma into its process's tree. Locks: mmap_lock as the writer. Left out: where in the tree. */
export function* vma_mas_store(mm: mm_struct, vma: vm_area_struct): Kernel {
  for (const place of mm.mm_rb) {
    if (!(yield* getAs(place, (each) => each === null, 'vma_mas_store'))) continue;
    yield* mas_store(mm, place, vma, 'vma_mas_store');
    return;
  }
  throw new Error(
    `there is no place for ${vma.name} in ${mm.name}: a deed of this world does not foresee all its vmas`,
  );
}

/** Takes the vma out of the tree, when its readers are gone. Locks: mmap_lock as the writer. */
export function* vma_erase(vma: vm_area_struct): Kernel {
  yield* vma_start_write(vma);
  yield* vma_mark_detached(vma);
  for (const place of vma.vm_mm.mm_rb) {
    const isIt = vma.shape ? yield* getAs(place, (each) => each === vma, 'find_vma') : place.initial === vma;
    if (isIt) yield* mas_store(vma.vm_mm, place, null, 'vma_erase');
  }
}

/**
 * Cuts the vma in two at the address. The new vma is the part below it, or else (`new_below` false) the part from it on.
 * The driver's `open` comes **before** the old vma is cut: until then both claim the new one's addresses.
 * Returns 0; -ENOMEM if there is no memory for the new vma. Locks: mmap_lock as the writer.
 * Left out: `may_split`, memory policies, anon_vma.
 */
export function* __split_vma(mm: mm_struct, vma: vm_area_struct, addr: number, new_below: boolean): Kernel<number> {
  const below = { vm_end: addr };
  const above = { vm_start: addr, vm_pgoff: vma.vm_pgoff + ((addr - vma.vm_start) >> PAGE_SHIFT) };
  const created = yield* vm_area_dup(vma, mm);
  if (!created) return -ENOMEM;
  yield* reshape(created, new_below ? below : above);
  const { open } = vma.vm_ops;
  if (open) yield* open(created);
  const cutAndLink = function* (mapping: address_space | null) {
    yield* reshape(vma, new_below ? above : below);
    yield* vma_mas_store(mm, created);
    if (mapping) yield* vma_interval_tree_insert(created, mapping);
  };
  if (mappingBehind(vma)) yield* withMappingLocked(vma, cutAndLink);
  else yield* cutAndLink(null);
  return 0;
}

/**
 * A copy of the vma at another address, which shows what is mapped from `pgoff` on; linked, and the driver told. Returns null if there is
 * no memory for it. Locks: mmap_lock as the writer. Left out: merging with neighbours, which vmas of devices never do; anon_vma.
 */
export function* copy_vma(
  vma: vm_area_struct,
  addr: number,
  len: number,
  pgoff: number,
): Kernel<vm_area_struct | null> {
  const new_vma = yield* vm_area_dup(vma, vma.vm_mm, addr);
  if (!new_vma) return null;
  yield* reshape(new_vma, { vm_start: addr, vm_end: addr + len, vm_pgoff: pgoff });
  const { open } = new_vma.vm_ops;
  if (open) yield* open(new_vma);
  yield* vma_link(vma.vm_mm, new_vma);
  return new_vma;
}

/** The system call. Returns as `mmap_region`. Locks: takes mmap_lock as the writer. Source: mm/util.c, v6.1. */
export function* vm_mmap(
  mm: mm_struct,
  like: vm_area_struct,
  addr: number,
  method: (vma: vm_area_struct) => Kernel<number>,
): Kernel<number> {
  yield* mmap_write_lock(mm);
  const result = yield* mmap_region(mm, like, addr, method);
  yield* mmap_write_unlock(mm);
  return result;
}

/**
 * A new vma at the address, which shows all that `like` showed at first: the driver's `mmap` prepares it, then it is linked. Returns the
 * address; -ENOMEM if there is no memory for it; what the method says against it. Locks: mmap_lock as the writer.
 * In Linux a file, an offset and flags say what to map. Left out: merging, and what is there already.
 */
export function* mmap_region(
  mm: mm_struct,
  like: vm_area_struct,
  addr: number,
  method: (vma: vm_area_struct) => Kernel<number>,
): Kernel<number> {
  const vma = yield* vm_area_alloc(like, mm, addr);
  if (!vma) return -ENOMEM;
  const error = yield* method(vma);
  if (error) {
    yield* vm_area_free(vma);
    return error;
  }
  yield* vma_link(mm, vma);
  return addr;
}

/** The system call. Returns as `__do_munmap`. Locks: takes mmap_lock as the writer. */
export function* __vm_munmap(mm: mm_struct, start: number, len: number): Kernel<number> {
  yield* mmap_write_lock(mm);
  const result = yield* __do_munmap(mm, start, len);
  yield* mmap_write_unlock(mm);
  return result;
}

/**
 * Takes the range out of the address space: cuts the vmas that reach beyond it, unlinks those in it, takes their entries away, tells
 * the driver, frees them. Returns 0, also where nothing is mapped; -EINVAL for a range that is none; -ENOMEM if a vma cannot be cut.
 * Locks: mmap_lock as the writer. Left out: freeing tables, and that Linux goes on as a mere reader once the vmas are unlinked.
 */
export function* __do_munmap(mm: mm_struct, start: number, len: number): Kernel<number> {
  if ((start & ~PAGE_MASK) !== 0 || len <= 0) return -EINVAL;
  const end = start + len;
  let vmas = yield* vmasIn(mm, start, end);
  for (const isAtStart of [true, false]) {
    const vma = isAtStart ? vmas[0] : vmas.at(-1);
    if (!vma || (isAtStart ? vma.vm_start >= start : vma.vm_end <= end)) continue;
    const error = yield* __split_vma(mm, vma, isAtStart ? start : end, !isAtStart);
    if (error) return error;
    vmas = yield* vmasIn(mm, start, end);
  }
  for (const vma of vmas) yield* vma_erase(vma);
  for (const vma of vmas) yield* unmap_single_vma(vma, vma.vm_start, vma.vm_end);
  for (const vma of vmas) yield* unlink_file_vma(vma);
  for (const vma of vmas) yield* remove_vma(vma);
  return 0;
}

/** Takes the vma out of its file's tree, where somebody goes by that. Locks: mmap_lock as the writer; takes i_mmap_rwsem as the writer. */
export function* unlink_file_vma(vma: vm_area_struct): Kernel {
  yield* withMappingLocked(vma, (mapping) => vma_interval_tree_remove(vma, mapping));
}

/** Tells the driver, and frees the vma. Locks: mmap_lock as the writer. */
export function* remove_vma(vma: vm_area_struct): Kernel {
  const { close } = vma.vm_ops;
  if (close) yield* close(vma);
  yield* vm_area_free(vma);
}

/**
 * Takes down all that is left of an address space: the entries of all vmas, then the vmas, each with its driver told.
 * Locks: takes mmap_lock as the writer (as since v5.17, where others may still look for it). Left out: freeing tables.
 */
export function* exit_mmap(mm: mm_struct): Kernel {
  yield* mmap_write_lock(mm);
  const vmas = yield* vmasIn(mm, 0, Number.POSITIVE_INFINITY);
  for (const vma of vmas) yield* unmap_single_vma(vma, vma.vm_start, vma.vm_end);
  for (const vma of vmas) yield* unlink_file_vma(vma);
  for (const vma of vmas) yield* remove_vma(vma);
  yield* mmap_write_unlock(mm);
}
