/**
 * Page-table entries and the levels of the table: four of them, the p4d being folded into the pgd.
 * Source: arch/x86/include/asm/{pgtable,pgtable_types,pgtable_64_types}.h, v5.14. Left out: swapped entries.
 */

import { type Cell, read, readAs, update, write } from '#explore';
import type { Kernel } from '../../../../kernel.ts';
import { PAGE_SHIFT, PAGE_SIZE } from './page_types.ts';

/** A lowest entry: the frame number above bit 12, flags below; 0 is no entry. */
export type pte_t = number;
export type pgprot_t = number;

export const _PAGE_PRESENT = 0x001;
export const _PAGE_RW = 0x002;
export const _PAGE_USER = 0x004;
export const _PAGE_PCD = 0x010;
/** Somebody has gone through the entry. Set when it is made, as x86's protections do; nobody here takes it away. */
export const _PAGE_ACCESSED = 0x020;
/** Somebody has written through the entry. */
export const _PAGE_DIRTY = 0x040;
/** An upper entry that maps a huge page itself. Of a lowest entry the bit means something else. */
export const _PAGE_PSE = 0x080;
/** The memory is encrypted (SME, bit 47 there). Devices' never is. */
export const _PAGE_ENC = 0x800;
/** No struct page stands behind the frame. */
export const _PAGE_SPECIAL = 0x200;

/** What an upper entry holds: nothing (0), the way to the table below it, or, as a leaf, a mapping of its own. */
export type UpperValue = pte_t | typeof TABLE;
/** Left out: where the table is; an entry always leads to the same one. */
export const TABLE = 'table';

/**
 * Who has written: of the dirty bit, the model has one more for each CPU, above all physical addresses. The entry goes where the page's
 * content goes, so they tell which writes that content has.
 */
const WRITERS_SHIFT = 48;
const WRITERS = 2 ** WRITERS_SHIFT;

export const PMD_SHIFT = 21;
export const PUD_SHIFT = 30;
export const PGDIR_SHIFT = 39;
const PTRS_PER_TABLE = 512;

const indexAt = (shift: number) => (address: number) => Math.floor(address / 2 ** shift) % PTRS_PER_TABLE;

/** Which entry of the topmost table. Right beyond 2^32 too: it divides where C shifts. */
export const pgd_index = indexAt(PGDIR_SHIFT);
export const pud_index = indexAt(PUD_SHIFT);
export const pmd_index = indexAt(PMD_SHIFT);
export const pte_index = indexAt(PAGE_SHIFT);

/** Whether there is no entry at all: neither a mapping nor a note about one. */
export const pte_none = (pte: pte_t): boolean => pte === 0;
/** Whether the CPU can go through it. */
export const pte_present = (pte: pte_t): boolean => (pte & _PAGE_PRESENT) !== 0;
export const pte_special = (pte: pte_t): boolean => (pte & _PAGE_SPECIAL) !== 0;
/** Whether a program may write through it. */
export const pte_write = (pte: pte_t): boolean => (pte & _PAGE_RW) !== 0;
export const pte_dirty = (pte: pte_t): boolean => (pte & _PAGE_DIRTY) !== 0;
export const pte_young = (pte: pte_t): boolean => (pte & _PAGE_ACCESSED) !== 0;
/** The frame that the entry maps. */
export const pte_pfn = (pte: pte_t): number => Math.floor((pte % WRITERS) / PAGE_SIZE);
export const pfn_pte = (pfn: number, prot: pgprot_t): pte_t => pfn * PAGE_SIZE + prot;
export const pte_mkspecial = (pte: pte_t): pte_t => withFlag(pte, _PAGE_SPECIAL);
export const pte_mkwrite = (pte: pte_t): pte_t => withFlag(pte, _PAGE_RW);
export const pte_mkdirty = (pte: pte_t): pte_t => withFlag(pte, _PAGE_DIRTY);
export const pte_mkyoung = (pte: pte_t): pte_t => withFlag(pte, _PAGE_ACCESSED);
export const pte_wrprotect = (pte: pte_t): pte_t => withoutFlag(pte, _PAGE_RW);
export const pte_mkclean = (pte: pte_t): pte_t => withoutFlag(pte, _PAGE_DIRTY);

/** They add and take away, as an entry is wider than what `|` and `&` keep. */
const withFlag = (pte: pte_t, flag: number) => (pte & flag ? pte : pte + flag);
const withoutFlag = (pte: pte_t, flag: number) => (pte & flag ? pte - flag : pte);

/** Whether the CPU with that number has written to what the entry maps. */
export const hasWritten = (pte: pte_t, cpu: number): boolean => Math.floor(pte / WRITERS / 2 ** cpu) % 2 === 1;
/** The entry after a write by that CPU: what the hardware makes of it. */
export const afterWrite = (pte: pte_t, cpu: number): pte_t =>
  pte_mkdirty(hasWritten(pte, cpu) ? pte : pte + 2 ** cpu * WRITERS);
/** The entry of a page whose content is a copy of what `from` maps. */
export const withContentOf = (pte: pte_t, from: pte_t): pte_t => (pte % WRITERS) + (from - (from % WRITERS));

/** What a change of protection leaves alone: how it is cached, and whether it is special. */
const _PAGE_CHG_MASK = _PAGE_PCD | _PAGE_SPECIAL;

/** The entry with another protection. The frame stays, and what protections have no say in. */
export const pte_modify = (pte: pte_t, newprot: pgprot_t): pte_t =>
  pfn_pte(pte_pfn(pte), (pte & _PAGE_CHG_MASK) | (newprot & ~_PAGE_CHG_MASK));
/** The same of a protection. */
export const pgprot_modify = (oldprot: pgprot_t, newprot: pgprot_t): pgprot_t =>
  (oldprot & _PAGE_CHG_MASK) | (newprot & ~_PAGE_CHG_MASK);

/** The levels at which a leaf may stand. */
export type LeafLevel = 'pmd' | 'pud';
const frameMasked =
  (shift: number) =>
  (pfn: number, prot: pgprot_t): pte_t =>
    Math.floor(pfn / 2 ** (shift - PAGE_SHIFT)) * 2 ** shift + prot;
/** An entry for 2 MiB. The entry has no bits for where in the 2 MiB a frame lies: of an unaligned one they are lost, **silently**. */
export const pfn_pmd = frameMasked(PMD_SHIFT);
/** An entry for 1 GiB, likewise. */
export const pfn_pud = frameMasked(PUD_SHIFT);
/** Makes an upper entry a leaf; pud_mkhuge() does the same. */
export const pmd_mkhuge = (entry: pte_t): pte_t => withFlag(entry, _PAGE_PSE);

/** Whether an upper entry maps a huge page itself. Models pmd_leaf() and pud_leaf(), v6.12. */
export const isLeaf = (entry: UpperValue): entry is pte_t => entry !== TABLE && (entry & _PAGE_PSE) !== 0;
/** Whether nothing stands in an upper entry. Models pmd_none() and pud_none(). */
export const isNone = (entry: UpperValue): boolean => entry === 0;

/** The caching of device memory: none. Models pgprot_noncached(). */
export const pgprot_noncached = (prot: pgprot_t): pgprot_t => prot | _PAGE_PCD;
/** Memory that is not encrypted. Models pgprot_decrypted(). */
export const pgprot_decrypted = (prot: pgprot_t): pgprot_t => prot & ~_PAGE_ENC;

/** Whether there is an entry. Without ptl the answer may be old as soon as it is there. */
export function* hasPte(pte: Cell<pte_t>): Kernel<boolean> {
  return !(yield* readAs(pte, pte_none, 'pte_none'));
}

/** Writes an entry; CPUs that walk the table see it at once. Locks: ptl of the table. */
export function* set_pte_at(pte: Cell<pte_t>, value: pte_t): Kernel {
  yield* write(pte, value, 'set_pte_at');
}

/** Takes an entry away in one access. Locks: ptl of the table. Returns what stood there. */
export function* ptep_get_and_clear(pte: Cell<pte_t>): Kernel<pte_t> {
  return yield* update(pte, () => 0, 'ptep_get_and_clear');
}

/** The same, and forgets what stood there. */
export function* clearEntry(pte: Cell<pte_t>): Kernel {
  yield* write(pte, 0, 'ptep_get_and_clear');
}

/** Takes the right to write from an entry, in one access: a CPU may set its dirty bit meanwhile. Returns what stood there. Locks: ptl of the table. */
export function* ptep_set_wrprotect(pte: Cell<pte_t>): Kernel<pte_t> {
  return yield* update(pte, pte_wrprotect, 'ptep_set_wrprotect');
}

/** Whether the entry is still what it was. Locks: ptl of the table. Models pte_same() of what a fault has seen without the lock. */
export function* isStill(pte: Cell<pte_t>, seen: pte_t): Kernel<boolean> {
  return yield* readAs(pte, (entry) => entry === seen, 'pte_same');
}
/** The entry, taken away in one access. Locks: ptl of the table. */
export function* native_ptep_get_and_clear(pte: Cell<pte_t>): Kernel<pte_t> {
  return yield* update(pte, () => 0, 'native_ptep_get_and_clear');
}

/** The entry. Locks: ptl of the table. */
export function* ptep_get(pte: Cell<pte_t>): Kernel<pte_t> {
  return yield* read(pte, 'ptep_get');
}

/**
 * Gives an entry another protection. Locks: ptl of the table, and mmap_lock as the writer. Left out: that it is empty for a moment
 * (ptep_modify_prot_start): a CPU that met it would fault, and wait for mmap_lock.
 */
export function* ptep_modify_prot_commit(pte: Cell<pte_t>, newprot: pgprot_t): Kernel {
  yield* update(pte, (old) => pte_modify(old, newprot), 'ptep_modify_prot_commit');
}
