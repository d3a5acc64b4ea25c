/** The life of vmas. Models kernel/fork.c, v5.14 (the vmas of a world are there from its start, and only freed). */

import { free, get } from '#explore';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import type { Kernel } from '../kernel.ts';
import { look } from '../vma.ts';
import { call_rcu } from './rcu/tree.ts';

/** Frees the vma, since v6.4 once no reader without mmap_lock can have it: to touch it afterwards is `use after free`. Locks: mmap_lock as writer; nobody else may still find the vma. */
export function* vm_area_free(vma: vm_area_struct): Kernel {
  yield* vma.vm_lock ? call_rcu(() => free(vma, 'vm_area_free')) : free(vma, 'vm_area_free');
}

/** A look into a vma that was found by other ways than through mmap_lock. A freed one: `use after free`. */
export function* touchVma(vma: vm_area_struct): Kernel {
  yield* get(vma.memory, 'not freed');
  yield* look(vma);
}
