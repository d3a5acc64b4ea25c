/** Walks of page tables that only look, such as a reader's of /proc/pid/numa_maps. Models mm/pagewalk.c, v6.12. */

import { readAs } from '#explore';
import { PUD_SHIFT, pte_present, type pte_t } from '../arch/x86/include/asm/pgtable.ts';
import { BUG_ON } from '../include/asm-generic/bug.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { KERNEL_VERSION } from '../include/linux/version.ts';
import { spin_unlock } from '../kernel/locking/spinlock.ts';
import type { Kernel } from '../kernel.ts';
import { __split_huge_pmd, __split_huge_pud } from './huge_memory.ts';
import {
  blockOf,
  isAbsent,
  lookAt,
  pte_lockptr,
  pte_offset_map_lock,
  type Stretch,
  stretchesOf,
} from './memory/tables.ts';

/**
 * Counts the vma's lowest entries that are present. Such a walk can do nothing with a leaf, so it **splits** what it meets; of memory of a
 * device that takes it away, and another CPU may fault it in again meanwhile.
 * Until v7.0 it takes it that no leaf can come back below its feet, and oopses where one does (CVE-2026-31456). Since then (3b89863c3fa4) it looks.
 * Locks: mmap_lock, at least as a reader. Left out: callbacks, and what a walk does with holes.
 */
export function* walk_page_vma(vma: vm_area_struct): Kernel<number> {
  let count = 0;
  for (const stretch of stretchesOf(vma.vm_mm, vma.vm_start, vma.vm_end)) {
    if (yield* isAbsent(stretch.pgd, 'pgd_none')) continue;
    count += yield* walk_pud_range(vma, stretch);
  }
  return count;
}

/** Splits a leaf of 1 GiB, and goes on below. Returns the count. */
export function* walk_pud_range(vma: vm_area_struct, stretch: Stretch): Kernel<number> {
  const { pud, base } = stretch;
  for (;;) {
    const found = yield* lookAt(pud, 'pudp_get');
    if (found === 'none') return 0;
    if (found === 'leaf') yield* __split_huge_pud(vma, pud, blockOf(base, PUD_SHIFT));
    if (pud.mayBeLeaf && (yield* isAbsent(pud, 'pud_none'))) continue;
    const count = yield* walk_pmd_range(vma, stretch);
    if (count !== AGAIN) return count;
  }
}

/** What stands below has changed. */
const AGAIN = -1;

/** Goes down the pud entry. Returns the count; AGAIN if there is no table there any more. BUGs, until v7.0, if it is a leaf. */
function* walk_pmd_range(vma: vm_area_struct, stretch: Stretch): Kernel<number> {
  const { pud, pmd, base } = stretch;
  if (pud.mayBeLeaf) {
    const found = yield* lookAt(pud, 'pmd_offset');
    const isBlind = vma.vm_mm.version < KERNEL_VERSION(7, 0);
    yield* BUG_ON(
      found === 'leaf' && isBlind,
      'Oops: walk_pmd_range (mm/pagewalk.c) goes down a leaf of 1 GiB as if it were a table',
    );
    if (found !== 'table') return AGAIN;
  }
  for (;;) {
    const found = yield* lookAt(pmd, 'pmdp_get_lockless');
    if (found === 'none') return 0;
    if (found === 'leaf') yield* __split_huge_pmd(vma, pud, pmd, base);
    else if (yield* pte_offset_map_lock(pmd)) return yield* walk_pte_range(stretch);
  }
}

/** Counts one table's entries. Locks: ptl, which it gives back. */
function* walk_pte_range({ pmd, pages }: Stretch): Kernel<number> {
  let count = 0;
  for (const { pte } of pages) {
    if (yield* readAs(pte, (entry: pte_t) => pte_present(entry), 'ptep_get')) count++;
  }
  yield* spin_unlock(pte_lockptr(pmd));
  return count;
}
