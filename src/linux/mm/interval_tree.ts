/** The tree of a file's mappings. Models mm/interval_tree.c, v6.10; a row of places stands for the tree, so a walk looks at each. */

import { get, getAs, set } from '#explore';
import type { address_space } from '../include/linux/fs.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import type { Kernel } from '../kernel.ts';

/** Links the vma. Locks: i_mmap_rwsem as the writer. Throws where the world has foreseen too few places. */
export function* vma_interval_tree_insert(vma: vm_area_struct, mapping: address_space): Kernel {
  yield* linkBehind(-1, vma, mapping);
}

/** Links the vma behind `prev`, as fork links a child's: a walk meets the parent's first. Locks: i_mmap_rwsem as the writer. */
export function* vma_interval_tree_insert_after(
  vma: vm_area_struct,
  prev: vm_area_struct,
  mapping: address_space,
): Kernel {
  yield* linkBehind(yield* placeOf(prev, mapping), vma, mapping);
}

/** Unlinks the vma. Locks: i_mmap_rwsem as the writer. */
export function* vma_interval_tree_remove(vma: vm_area_struct, mapping: address_space): Kernel {
  const place = mapping.i_mmap[yield* placeOf(vma, mapping)];
  if (place) yield* set(place, null, 'vma_interval_tree_remove');
}

/** All vmas of the tree. Locks: i_mmap_rwsem. */
export function* mappedVmas({ i_mmap }: address_space): Kernel<vm_area_struct[]> {
  const vmas: vm_area_struct[] = [];
  for (const place of i_mmap) {
    const vma = yield* get(place, 'vma_interval_tree_iter');
    if (vma) vmas.push(vma);
  }
  return vmas;
}

function* placeOf(vma: vm_area_struct, { i_mmap }: address_space): Kernel<number> {
  for (const [i, place] of i_mmap.entries()) {
    if (yield* getAs(place, (each) => each === vma, 'vma_interval_tree_iter')) return i;
  }
  return -1;
}

function* linkBehind(before: number, vma: vm_area_struct, { i_mmap }: address_space): Kernel {
  for (const place of i_mmap.slice(before + 1)) {
    if (!(yield* getAs(place, (each) => each === null, 'vma_interval_tree_iter'))) continue;
    yield* set(place, vma, 'vma_interval_tree_insert');
    return;
  }
  throw new Error(`no place for ${vma.name} in i_mmap: no deed of this world foresees it`);
}
