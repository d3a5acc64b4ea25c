/** Filling a range with the frames of a device, at once. Models mm/memory.c, v6.12. */

import { PAGE_ALIGN, PAGE_MASK, PAGE_SHIFT } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte, pfn_pte, type pgprot_t, pte_mkspecial, set_pte_at } from '../../arch/x86/include/asm/pgtable.ts';
import { pfn_modify_allowed } from '../../arch/x86/mm/mmap.ts';
import { track_pfn_remap, untrack_pfn } from '../../arch/x86/mm/pat/memtype.ts';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug.ts';
import { EACCES, EINVAL, ENOMEM } from '../../include/linux/errno.ts';
import { is_cow_mapping, VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_PFNMAP, vm_flags_set } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { KERNEL_VERSION } from '../../include/linux/version.ts';
import { spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { expectNumbers } from './arguments.ts';
import { allocateTables, pte_lockptr, pte_offset_map_lock, type Stretch, stretchesOf } from './tables.ts';
import { unmap_page_range } from './zap.ts';

/**
 * Maps `size` bytes from `addr` on to the frames from `pfn` on: for ranges where **nobody else** makes entries, as in an `mmap` method.
 *
 * Returns 0; -EINVAL for an address within a page (and WARNs), a part of a copy-on-write vma, or frames that cannot be reserved; -ENOMEM where a
 * table cannot be had; -EACCES at a frame that the task may not map. After an error the entries made so far **stay** until v6.12; since then
 * (79a61cc3fc04) the whole range is taken away, whoever has made its entries.
 * BUGs at an entry that is not empty, with ptl held, and at an empty range.
 * Locks: mmap_lock; as a mere reader `vm_flags_set` WARNs since v6.10.
 * Left out: a copy-on-write vma's `vm_pgoff`, which becomes the first frame. Throws for a range beyond every vma, which Linux would not notice.
 */
export function* remap_pfn_range(
  vma: vm_area_struct,
  addr: number,
  pfn: number,
  size: number,
  prot: pgprot_t,
): Kernel<number> {
  expectNumbers('remap_pfn_range', { addr, pfn, size, prot });
  const end = addr + PAGE_ALIGN(size);
  if (yield* track_pfn_remap(vma, pfn, addr, end - addr)) return -EINVAL;
  let error = yield* prepare(vma, addr, end);
  if (!error) {
    for (const stretch of stretchesOf(vma.vm_mm, addr, end)) {
      const first = pfn + (((stretch.pages[0]?.address ?? addr) - addr) >> PAGE_SHIFT);
      error = (yield* allocateTables(vma.vm_mm, stretch)) ? yield* remap_pte_range(stretch, first, prot) : -ENOMEM;
      if (error) break;
    }
  }
  if (error) yield* cleanUp(vma, addr, end);
  return error;
}

/** What comes before the first entry. Returns 0 or -EINVAL. BUGs at an empty range. */
function* prepare(vma: vm_area_struct, addr: number, end: number): Kernel<number> {
  if (yield* WARN_ON((addr & ~PAGE_MASK) !== 0, 'remap_pfn_range: addr is not the start of a page')) return -EINVAL;
  if (is_cow_mapping(vma.vm_flags) && (addr !== vma.vm_start || end !== vma.vm_end)) return -EINVAL;
  if (vma.vm_mm.version >= KERNEL_VERSION(6, 3)) {
    yield* vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
  }
  yield* BUG_ON(addr >= end, 'BUG_ON(addr >= end): remap_pfn_range (mm/memory.c) is given an empty range');
  return 0;
}

/** What comes after an error. */
function* cleanUp(vma: vm_area_struct, addr: number, end: number): Kernel {
  if (vma.vm_mm.version >= KERNEL_VERSION(6, 12)) yield* unmap_page_range(vma, addr & PAGE_MASK, end);
  yield* untrack_pfn(vma);
}

/** One table's part of it, under the table's ptl from first to last. Returns 0; -EACCES; -ENOMEM where a leaf has taken the table's place. BUGs at an entry that is not empty. */
export function* remap_pte_range({ pmd, pages }: Stretch, pfn: number, prot: pgprot_t): Kernel<number> {
  let error = 0;
  if (!(yield* pte_offset_map_lock(pmd))) return -ENOMEM;
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

/** `remap_pfn_range` for the memory of a device. Source: include/linux/mm.h, v6.12. Left out: memory encryption (pgprot_decrypted). */
export function* io_remap_pfn_range(
  vma: vm_area_struct,
  addr: number,
  pfn: number,
  size: number,
  prot: pgprot_t,
): Kernel<number> {
  return yield* remap_pfn_range(vma, addr, pfn, size, prot);
}
