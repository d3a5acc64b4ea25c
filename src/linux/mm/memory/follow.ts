/** Reading what stands in a process's page table. Models mm/memory.c: v6.1, and v6.12 for `follow_pfnmap_start`. */

import { type Cell, read, readAs } from '#explore';
import { PAGE_MASK, PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import {
  isLeaf,
  isNone,
  PMD_SHIFT,
  PUD_SHIFT,
  pte_pfn,
  pte_present,
  pte_special,
  type pte_t,
  pte_write,
  TABLE,
} from '../../arch/x86/include/asm/pgtable.ts';
import { BUG_ON } from '../../include/asm-generic/bug.ts';
import { EINVAL } from '../../include/linux/errno.ts';
import { VM_IO, VM_PFNMAP } from '../../include/linux/mm.ts';
import type { mm_struct, UpperEntry, vm_area_struct } from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock, type spinlock_t } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { isAbsent, type Path, pathTo, pte_lockptr } from './tables.ts';

/** A present lowest entry, and the lock of its table, held. */
export interface Followed {
  readonly ptep: Cell<pte_t>;
  readonly ptl: spinlock_t;
}

/**
 * Finds the lowest entry of the address. Returns it **with ptl held**; -EINVAL if a table is missing or the entry is not present.
 * BUGs at a huge page: it knows the lowest level only. Locks: mmap_lock, at least as a reader.
 */
export function* follow_pte(mm: mm_struct, address: number): Kernel<Followed | number> {
  const path = pathTo(mm, address & PAGE_MASK);
  if (!path || !(yield* hasTables(path))) return -EINVAL;
  const ptl = pte_lockptr(path.pmd);
  yield* spin_lock(ptl);
  if (yield* readAs(path.pte, pte_present, 'pte_present')) return { ptep: path.pte, ptl };
  yield* spin_unlock(ptl);
  return -EINVAL;
}

function* hasTables({ pgd, pud, pmd }: Path): Kernel<boolean> {
  if (yield* isAbsent(pgd, 'pgd_none')) return false;
  if (pud.value && !(yield* readAs(pud.value, (entry) => entry === TABLE, 'pud_none_or_bad'))) return false;
  if (!pmd.value) return true;
  const found = yield* readAs(pmd.value, (entry) => (isLeaf(entry) ? 'leaf' : entry === TABLE), 'pmd_none');
  yield* BUG_ON(found === 'leaf', 'VM_BUG_ON(pmd_trans_huge(*pmd)): follow_pte (mm/memory.c) meets a huge page');
  return found === true;
}

/** Gives back what `follow_pte` holds. Models pte_unmap_unlock(). */
export function* pte_unmap_unlock({ ptl }: Followed): Kernel {
  yield* spin_unlock(ptl);
}

/**
 * The frame at the address, as a bare number: old as soon as it is there, and it says nothing of what the entry allows. So it was taken
 * out in v6.10. Returns -EINVAL for a vma that is neither VM_IO nor VM_PFNMAP, and as `follow_pte`. Locks: mmap_lock, at least as a reader.
 */
export function* follow_pfn(vma: vm_area_struct, address: number): Kernel<number> {
  if (!(vma.vm_flags & (VM_IO | VM_PFNMAP))) return -EINVAL;
  const followed = yield* follow_pte(vma.vm_mm, address);
  if (typeof followed === 'number') return followed;
  const pfn = yield* readAs(followed.ptep, pte_pfn, 'pte_pfn');
  yield* pte_unmap_unlock(followed);
  return pfn;
}

/** What maps an address, with the lock of its level held until `follow_pfnmap_end`. Models struct follow_pfnmap_args after a success. */
export interface follow_pfnmap_args {
  /** The frame of the address's own page. */
  readonly pfn: number;
  readonly writable: boolean;
  readonly special: boolean;
  /** Clears the offset in what the entry maps (v6.15). */
  readonly addr_mask: number;
  readonly lock: spinlock_t;
}

/**
 * Finds what maps the address, at whichever level it stands. Returns it **with the level's lock held**: end with `follow_pfnmap_end`. -EINVAL
 * for an address outside the vma, a vma that is neither VM_IO nor VM_PFNMAP, and where nothing is mapped.
 * Locks: mmap_lock, at least as a reader (or the file's i_mmap lock). It looks again under the lock, as it does since
 * commit ffef67b93aa3.
 */
export function* follow_pfnmap_start(vma: vm_area_struct, address: number): Kernel<follow_pfnmap_args | number> {
  if (address < vma.vm_start || address >= vma.vm_end) return -EINVAL;
  if (!(vma.vm_flags & (VM_IO | VM_PFNMAP))) return -EINVAL;
  const path = pathTo(vma.vm_mm, address & PAGE_MASK);
  if (!path || (yield* isAbsent(path.pgd, 'pgd_none'))) return -EINVAL;
  const { pgd, pud, pmd } = path;
  const huge =
    (yield* followUpper(pud, pgd.table.lock, PUD_SHIFT, address)) ??
    (yield* followUpper(pmd, pud.table.lock, PMD_SHIFT, address));
  return huge ?? (yield* followLowest(path));
}

/** A leaf, its lock held; -EINVAL: nothing there; null: a table, so look one level down. */
function* followUpper(
  { value }: UpperEntry<unknown>,
  lock: spinlock_t | null,
  shift: number,
  address: number,
): Kernel<follow_pfnmap_args | number | null> {
  for (;;) {
    const seen = value && lock ? yield* readAs(value, kindOf, 'pmdp_get_lockless') : 'table';
    if (!value || !lock || seen === 'table') return null;
    if (seen === 'none') return -EINVAL;
    yield* spin_lock(lock);
    const entry = yield* read(value, 'pmdp_get');
    if (isLeaf(entry)) return told(entry, lock, shift, address);
    yield* spin_unlock(lock);
  }
}

const kindOf = (entry: pte_t | typeof TABLE) => (isNone(entry) ? 'none' : isLeaf(entry) ? 'leaf' : 'table');

function* followLowest({ pmd, pte }: Path): Kernel<follow_pfnmap_args | number> {
  const lock = pte_lockptr(pmd);
  yield* spin_lock(lock);
  const entry = yield* read(pte, 'ptep_get');
  if (pte_present(entry)) return told(entry, lock, Math.log2(PAGE_SIZE), 0);
  yield* spin_unlock(lock);
  return -EINVAL;
}

function told(entry: pte_t, lock: spinlock_t, shift: number, address: number): follow_pfnmap_args {
  const page = Math.floor((address % 2 ** shift) / PAGE_SIZE);
  return {
    pfn: pte_pfn(entry) + page,
    writable: pte_write(entry),
    special: pte_special(entry),
    addr_mask: ~(2 ** shift - 1),
    lock,
  };
}

/** Gives back what `follow_pfnmap_start` holds. */
export function* follow_pfnmap_end({ lock }: follow_pfnmap_args): Kernel {
  yield* spin_unlock(lock);
}
