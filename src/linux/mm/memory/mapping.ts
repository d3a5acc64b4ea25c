/** Taking back what is mapped of a file, wherever it is. Models mm/memory.c, v6.10. */

import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { type address_space, i_mmap_lock_read, i_mmap_unlock_read } from '../../include/linux/fs.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import { look } from '../../vma.ts';
import { mappedVmas } from '../interval_tree.ts';
import { expectNumbers } from './arguments.ts';
import { unmap_single_vma } from './zap.ts';

/**
 * Takes away the entries for `holelen` bytes of the file from `holebegin` on, in all processes; 0 bytes: to the end.
 * Nothing keeps later faults from making new ones: that is for the caller to prevent.
 * Locks: takes i_mmap_rwsem as a reader; no mmap_lock, neither its own nor the caller's.
 * `even_cows` also takes private copies, which these worlds have none of.
 */
export function* unmap_mapping_range(
  mapping: address_space,
  holebegin: number,
  holelen: number,
  even_cows: boolean,
): Kernel {
  expectNumbers('unmap_mapping_range', { holebegin, holelen });
  const pages = holelen === 0 ? Number.POSITIVE_INFINITY : Math.ceil(holelen / PAGE_SIZE);
  yield* unmap_mapping_pages(mapping, Math.floor(holebegin / PAGE_SIZE), pages, even_cows);
}

/** The same, in pages. Locks: as `unmap_mapping_range`. */
export function* unmap_mapping_pages(mapping: address_space, start: number, nr: number, _even_cows: boolean): Kernel {
  yield* i_mmap_lock_read(mapping);
  for (const vma of yield* mappedVmas(mapping)) {
    yield* look(vma);
    yield* unmap_mapping_range_vma(vma, start, start + nr);
  }
  yield* i_mmap_unlock_read(mapping);
}

/** The part of it that the vma maps: offsets from `start` up to `end`. Locks: i_mmap_rwsem. */
function* unmap_mapping_range_vma(vma: vm_area_struct, start: number, end: number): Kernel {
  const addressOf = (pgoff: number) => vma.vm_start + (pgoff - vma.vm_pgoff) * PAGE_SIZE;
  const first = Math.max(addressOf(start), vma.vm_start);
  const last = Math.min(addressOf(end), vma.vm_end);
  if (first < last) yield* unmap_single_vma(vma, first, last);
}
