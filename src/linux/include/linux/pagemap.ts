/** Offsets in what is mapped, and the locks of pages. Source: include/linux/pagemap.h, v5.14. */

import { acquire, release, tryAcquire } from '#explore';
import { PAGE_SHIFT } from '../../arch/x86/include/asm/page_types.ts';
import type { Kernel } from '../../kernel.ts';
import type { page, vm_area_struct } from './mm_types.ts';

/** The page of what is mapped that stands at the address: `vm_pgoff`, and the page's number in the vma. */
export function linear_page_index(vma: vm_area_struct, address: number): number {
  return vma.vm_pgoff + ((address - vma.vm_start) >> PAGE_SHIFT);
}

/** Locks a page of a file; sleeps while another task holds it. Anonymous pages are never locked here. Locks: no spinlock. */
export function* lock_page({ ofFile }: page): Kernel {
  if (ofFile) yield* acquire(ofFile.lock, 'lock_page');
}

/** Locks the page if nobody holds its lock. Returns whether it did. */
export function* trylock_page({ ofFile }: page): Kernel<boolean> {
  return !ofFile || (yield* tryAcquire(ofFile.lock, 'trylock_page'));
}

/** Unlocks the page. Locks: held. */
export function* unlock_page({ ofFile }: page): Kernel {
  if (ofFile) yield* release(ofFile.lock, 'unlock_page');
}
