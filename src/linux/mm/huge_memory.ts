/** Making huge entries, and taking them away. Models mm/huge_memory.c, v6.12, for memory of devices ("special" entries). */

import { type Cell, readAs, write } from '#explore';
import {
  isLeaf,
  type LeafLevel,
  PMD_SHIFT,
  PUD_SHIFT,
  pfn_pmd,
  pfn_pud,
  pmd_mkhuge,
  pte_mkspecial,
  pte_pfn,
  type pte_t,
  type UpperValue,
} from '../arch/x86/include/asm/pgtable.ts';
import { track_pfn_insert } from '../arch/x86/mm/pat/memtype.ts';
import { flush_tlb_mm_range } from '../arch/x86/mm/tlb.ts';
import { WARN_ON } from '../include/asm-generic/bug.ts';
import { PMD_MASK, PUD_MASK } from '../include/linux/huge_mm.ts';
import type { vm_fault } from '../include/linux/mm.ts';
import {
  type mm_struct,
  type pmd_t,
  type pud_t,
  type UpperEntry,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
} from '../include/linux/mm_types.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
} from '../include/linux/mmu_notifier.ts';
import { spin_lock, spin_unlock, type spinlock_t } from '../kernel/locking/spinlock.ts';
import type { Kernel } from '../kernel.ts';
import { should_fail_alloc_page } from './failslab.ts';
import { expectNumbers } from './memory/arguments.ts';
import { bugOnWrongVma, dirtied } from './memory/insert.ts';
import { isAbsent, lookAt } from './memory/tables.ts';
import { type mmu_gather, tlb_remove_pmd_tlb_entry, tlb_remove_pud_tlb_entry } from './mmu_gather.ts';

/**
 * Maps the 2 MiB around the fault to the frames from `pfn` on, unless something stands in the entry: a leaf, or a table of lowest entries.
 *
 * Returns VM_FAULT_NOPAGE, also where it has left what was there; VM_FAULT_SIGBUS if the 2 MiB begin outside the vma; VM_FAULT_OOM if there is
 * no memory for the table that is put by for a later split (on x86 Linux puts none by; on powerpc it does).
 * BUGs as `vmf_insert_pfn`, but never asks whether frames have a struct page. Locks: mmap_lock or the vma's lock, as a reader. The frames' alignment is the caller's business: see `pfn_pmd`.
 */
export function* vmf_insert_pfn_pmd(vmf: vm_fault, pfn: number, isWrite: boolean): Kernel<vm_fault_t> {
  const { vma, pmd, pud } = vmf;
  expectNumbers('vmf_insert_pfn_pmd', { pfn });
  yield* bugOnWrongVma('vmf_insert_pfn_pmd (mm/huge_memory.c)', vma);
  const addr = vmf.address & PMD_MASK;
  if (addr < vma.vm_start || addr >= vma.vm_end) return VM_FAULT_SIGBUS;
  if (yield* should_fail_alloc_page()) return VM_FAULT_OOM;
  yield* track_pfn_insert(vma, pfn);
  const leaf = pte_mkspecial(pmd_mkhuge(pfn_pmd(pfn, vma.vm_page_prot)));
  yield* insertLeaf(placeOfPmd(pud, pmd), leaf, isWrite ? dirtied(leaf, vma) : null);
  return VM_FAULT_NOPAGE;
}

/** The same for 1 GiB. Nothing is put by, so it never returns VM_FAULT_OOM. */
export function* vmf_insert_pfn_pud(vmf: vm_fault, pfn: number, isWrite: boolean): Kernel<vm_fault_t> {
  const { vma, pud } = vmf;
  expectNumbers('vmf_insert_pfn_pud', { pfn });
  yield* bugOnWrongVma('vmf_insert_pfn_pud (mm/huge_memory.c)', vma);
  const addr = vmf.address & PUD_MASK;
  if (addr < vma.vm_start || addr >= vma.vm_end) return VM_FAULT_SIGBUS;
  yield* track_pfn_insert(vma, pfn);
  const leaf = pte_mkspecial(pmd_mkhuge(pfn_pud(pfn, vma.vm_page_prot)));
  yield* insertLeaf(placeOfPud(vma.vm_mm, pud), leaf, isWrite ? dirtied(leaf, vma) : null);
  return VM_FAULT_NOPAGE;
}

/** An entry in which a leaf may stand, and the lock of the table that it is in. */
interface LeafPlace {
  readonly level: LeafLevel;
  readonly entry: UpperEntry<unknown>;
  readonly lock: spinlock_t | null;
}

const placeOfPmd = (pud: pud_t, pmd: pmd_t): LeafPlace => ({ level: 'pmd', entry: pmd, lock: pud.table.lock });
/** Above the pmd all of an address space have one lock, page_table_lock. */
const placeOfPud = (mm: mm_struct, pud: pud_t): LeafPlace => ({ level: 'pud', entry: pud, lock: mm.pgd.lock });

/** `written` is the leaf as a write wants it; null for a read. */
function* insertLeaf({ level, entry, lock }: LeafPlace, leaf: pte_t, written: pte_t | null): Kernel {
  const { value } = entry;
  if (!value || !lock) return; // a table from the start and for ever
  yield* spin_lock(lock);
  if (yield* isAbsent(entry, `${level}_none`)) yield* write(value, written ?? leaf, `set_${level}_at`);
  else if (written !== null) yield* dirtyLeaf(level, value, written);
  yield* spin_unlock(lock);
}

/** What an insert for a write does with what it meets. WARNs at other frames. Locks: the table's. */
function* dirtyLeaf(level: LeafLevel, value: Cell<UpperValue>, written: pte_t): Kernel {
  const isSame = (found: UpperValue) => isLeaf(found) && pte_pfn(found) === pte_pfn(written);
  const mapsTheSame = yield* readAs(value, isSame, `${level}_pfn`);
  if (yield* WARN_ON(!mapsTheSame, `insert_pfn_${level} (mm/huge_memory.c): other frames are mapped`)) return;
  yield* write(value, written, `set_${level}_at`);
}

/**
 * Takes a leaf away whose whole 2 MiB go, and notes in the zap's collection that TLBs may have it; `addr` is where it begins.
 * Returns whether it did; false: none stands there any more. Locks: takes the table's.
 */
export function* zap_huge_pmd(tlb: mmu_gather, pud: pud_t, pmd: pmd_t, addr: number): Kernel<boolean> {
  const isGone = yield* clearLeaf(placeOfPmd(pud, pmd));
  if (isGone) tlb_remove_pmd_tlb_entry(tlb, addr);
  return isGone;
}

/** The same for 1 GiB. */
export function* zap_huge_pud(tlb: mmu_gather, pud: pud_t, addr: number): Kernel<boolean> {
  const isGone = yield* clearLeaf(placeOfPud(tlb.mm, pud));
  if (isGone) tlb_remove_pud_tlb_entry(tlb, addr);
  return isGone;
}

/**
 * "Splits" a leaf: memory of a device has no small pages to go on with, so the **whole** of it is gone, and what is still mapped faults anew.
 * So those who listen hear of all 2 MiB, which begin at `addr`, and TLBs forget them before the lock is given back.
 * Returns and locks: as `zap_huge_pmd`.
 */
export function* __split_huge_pmd({ vm_mm }: vm_area_struct, pud: pud_t, pmd: pmd_t, addr: number): Kernel<boolean> {
  return yield* splitLeaf(vm_mm, placeOfPmd(pud, pmd), addr, addr + 2 ** PMD_SHIFT);
}

/** The same for 1 GiB. */
export function* __split_huge_pud({ vm_mm }: vm_area_struct, pud: pud_t, addr: number): Kernel<boolean> {
  return yield* splitLeaf(vm_mm, placeOfPud(vm_mm, pud), addr, addr + 2 ** PUD_SHIFT);
}

function* splitLeaf(mm: mm_struct, place: LeafPlace, start: number, end: number): Kernel<boolean> {
  yield* mmu_notifier_invalidate_range_start(mm, start, end);
  const isGone = yield* clearLeaf(place, () => flush_tlb_mm_range(mm, start, end));
  yield* mmu_notifier_invalidate_range_end(mm);
  return isGone;
}

/** `flush` runs under the lock, once the leaf is gone. */
function* clearLeaf({ level, entry, lock }: LeafPlace, flush?: () => Kernel): Kernel<boolean> {
  if (!entry.value || !lock) return false;
  yield* spin_lock(lock);
  const isThere = (yield* lookAt(entry, `${level}_trans_huge_lock`)) === 'leaf';
  if (isThere) yield* write(entry.value, 0, `${level}p_huge_get_and_clear`);
  if (isThere && flush) yield* flush();
  yield* spin_unlock(lock);
  return isThere;
}
