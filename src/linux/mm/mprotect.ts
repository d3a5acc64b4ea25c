/** Changing what may be done to a stretch of addresses. Models mm/mprotect.c, v5.14. */

import { PAGE_MASK } from '../arch/x86/include/asm/page_types.ts';
import { hasPte, type pgprot_t, ptep_modify_prot_commit } from '../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_range } from '../arch/x86/mm/tlb.ts';
import { EACCES, EINVAL, ENOMEM } from '../include/linux/errno.ts';
import { flagsWith, VM_MAYREAD, VM_READ, VM_WRITE } from '../include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/linux/mmap_lock.ts';
import { spin_lock, spin_unlock } from '../kernel/locking/spinlock.ts';
import type { Kernel } from '../kernel.ts';
import { reshape } from '../vma.ts';
import { areTablesAbsent, pte_lockptr, type Stretch, stretchesOf } from './memory/tables.ts';
import { __split_vma, vmasIn } from './mmap.ts';

const VM_ACCESS_FLAGS = VM_READ | VM_WRITE;
/** VM_MAYREAD is VM_READ so many bits up, and VM_MAYWRITE is VM_WRITE. */
const MAY_SHIFT = Math.log2(VM_MAYREAD / VM_READ);

/**
 * The system call: from now on the range allows `prot`, VM_READ and VM_WRITE or fewer.
 * Returns 0; -EINVAL for a range that is none; -ENOMEM where a part of it belongs to no vma, or a vma cannot be cut; -EACCES for what
 * a vma may never allow. What lies before the place of an error is changed. Locks: takes mmap_lock as the writer.
 * Left out: execution, protection keys, PROT_GROWSDOWN.
 */
export function* do_mprotect_pkey(mm: mm_struct, start: number, len: number, prot: number): Kernel<number> {
  if ((start & ~PAGE_MASK) !== 0 || len <= 0) return -EINVAL;
  yield* mmap_write_lock(mm);
  const error = yield* protectEach(mm, start, start + len, prot);
  yield* mmap_write_unlock(mm);
  return error;
}

function* protectEach(mm: mm_struct, start: number, end: number, prot: number): Kernel<number> {
  let at = start;
  for (const vma of yield* vmasIn(mm, start, end)) {
    if (vma.vm_start > at) return -ENOMEM;
    const newflags = flagsWith(vma.vm_flags, prot, VM_ACCESS_FLAGS);
    if (newflags & ~(newflags >> MAY_SHIFT) & VM_ACCESS_FLAGS) return -EACCES;
    const error = yield* mprotect_fixup(vma, at, Math.min(end, vma.vm_end), newflags);
    if (error) return error;
    at = vma.vm_end;
  }
  return at < end ? -ENOMEM : 0;
}

/**
 * One vma's part of it: cut out of the vma if it is not the whole, then its flags and the entries that it has.
 * Returns 0 or -ENOMEM. Locks: mmap_lock as the writer. Left out: merging with neighbours, which vmas of devices never do; accounting.
 */
export function* mprotect_fixup(vma: vm_area_struct, start: number, end: number, newflags: number): Kernel<number> {
  if (newflags === vma.vm_flags) return 0;
  if (start !== vma.vm_start) {
    const error = yield* __split_vma(vma.vm_mm, vma, start, true);
    if (error) return error;
  }
  if (end !== vma.vm_end) {
    const error = yield* __split_vma(vma.vm_mm, vma, end, false);
    if (error) return error;
  }
  yield* reshape(vma, { vm_flags: newflags });
  yield* change_protection(vma, start, end, vma.vm_page_prot);
  return 0;
}

/** Gives the entries in the range another protection. Locks: mmap_lock as the writer. Left out: mmu notifiers, huge pages. */
export function* change_protection(vma: vm_area_struct, start: number, end: number, newprot: pgprot_t): Kernel {
  for (const stretch of stretchesOf(vma.vm_mm, start, end)) {
    if (!(yield* areTablesAbsent(stretch))) yield* change_pte_range(stretch, newprot);
  }
  yield* flush_tlb_range(vma, start, end);
}

/** One table's part of it, under the table's ptl. */
export function* change_pte_range({ pmd, pages }: Stretch, newprot: pgprot_t): Kernel {
  yield* spin_lock(pte_lockptr(pmd));
  for (const { pte } of pages) if (yield* hasPte(pte)) yield* ptep_modify_prot_commit(pte, newprot);
  yield* spin_unlock(pte_lockptr(pmd));
}
