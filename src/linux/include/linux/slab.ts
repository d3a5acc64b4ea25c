/** Memory for objects. Models kzalloc() and kfree() of include/linux/slab.h and mm/slub.c, v5.14; left out: flags, sizes. */

import { type Allocatable, allocate, free } from '#explore';
import type { Kernel } from '../../kernel.ts';
import { should_failslab } from '../../mm/failslab.ts';

/**
 * Makes an object of the kind `what`, such as `vfio_pci_mmap_vma`, its fields empty.
 * Returns it, or null where the world makes the allocation fail. Locks: may sleep, so no spinlock.
 */
export function* kzalloc<T extends object>(what: Allocatable<T>): Kernel<T | null> {
  if (yield* should_failslab(what)) return null;
  return yield* allocate(what, 'kzalloc');
}

/** Gives an object back. Touching it afterwards, or freeing it again, is `use after free`. */
export function* kfree(object: object): Kernel {
  yield* free(object, 'kfree');
}
