/** Filling a range with the frames of a device, at once. Models mm/memory.c, v5.14. */

import { PAGE_ALIGN, PAGE_MASK, PAGE_SHIFT } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte, pfn_pte, type pgprot_t, pte_mkspecial, set_pte_at } from '../../arch/x86/include/asm/pgtable.ts';
import { pfn_modify_allowed } from '../../arch/x86/mm/mmap.ts';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug.ts';
import { EACCES, EINVAL, ENOMEM } from '../../include/linux/errno.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { expectNumbers } from './arguments.ts';
import { allocateTables, pte_lockptr, type Stretch, stretchesOf } from './tables.ts';

/**
 * Maps `size` bytes from `addr` on to the frames from `pfn` on: for ranges where **nobody else** makes entries, as in an `mmap` method.
 *
 * Returns 0; -EINVAL for an address within a page (and WARNs); -ENOMEM where a table cannot be had; -EACCES at a frame that
 * the task may not map. After an error the entries made so far **stay** (until 2024).
 * BUGs at an entry that is not empty, with ptl held, and at an empty range.
 * Locks: mmap_lock (the design wants it as the writer). Throws for a range beyond every vma, which Linux would not notice.
 * Left out: the reservation of caching attributes (PAT), the setting of vm_flags, copy-on-write vmas.
 */
export function* remap_pfn_range(
  vma: vm_area_struct,
  addr: number,
  pfn: number,
  size: number,
  prot: pgprot_t,
): Kernel<number> {
  expectNumbers('remap_pfn_range', { addr, pfn, size, prot });
  if (yield* WARN_ON((addr & ~PAGE_MASK) !== 0, 'remap_pfn_range: addr is not the start of a page')) return -EINVAL;
  const end = addr + PAGE_ALIGN(size);
  yield* BUG_ON(addr >= end, 'BUG_ON(addr >= end): remap_pfn_range (mm/memory.c) is given an empty range');
  for (const stretch of stretchesOf(vma.vm_mm, addr, end)) {
    if (!(yield* allocateTables(vma.vm_mm, stretch))) return -ENOMEM;
    const first = pfn + (((stretch.pages[0]?.address ?? addr) - addr) >> PAGE_SHIFT);
    const error = yield* remap_pte_range(stretch, first, prot);
    if (error) return error;
  }
  return 0;
}

/** One table's part of it, under the table's ptl from first to last. Returns 0 or -EACCES. BUGs at an entry that is not empty. */
export function* remap_pte_range({ pmd, pages }: Stretch, pfn: number, prot: pgprot_t): Kernel<number> {
  let error = 0;
  yield* spin_lock(pte_lockptr(pmd));
  for (const [i, { pte }] of pages.entries()) {
    yield* BUG_ON(
      yield* hasPte(pte),
      'BUG_ON(!pte_none(*pte)): remap_pte_range (mm/memory.c) meets an entry that is there already',
    );
    if (!(yield* pfn_modify_allowed(pfn + i))) {
      error = -EACCES;
      break;
    }
    yield* set_pte_at(pte, pte_mkspecial(pfn_pte(pfn + i, prot)));
  }
  yield* spin_unlock(pte_lockptr(pmd));
  return error;
}

/** `remap_pfn_range` for the memory of a device. Source: include/linux/mm.h, v5.14. Left out: memory encryption (pgprot_decrypted). */
export function* io_remap_pfn_range(
  vma: vm_area_struct,
  addr: number,
  pfn: number,
  size: number,
  prot: pgprot_t,
): Kernel<number> {
  return yield* remap_pfn_range(vma, addr, pfn, size, prot);
}
