/**
 * Page-table entries and the levels of the table: four of them, the p4d being folded into the pgd.
 * Source: arch/x86/include/asm/{pgtable,pgtable_types,pgtable_64_types}.h, v5.14. Left out: swapped entries.
 */

import { type Cell, readAs, write } from '#explore';
import type { Kernel } from '../../../../kernel.ts';
import { PAGE_SHIFT, PAGE_SIZE } from './page_types.ts';

/** A lowest entry: the frame number above bit 12, flags below; 0 is no entry. */
export type pte_t = number;
export type pgprot_t = number;

export const _PAGE_PRESENT = 0x001;
export const _PAGE_RW = 0x002;
export const _PAGE_USER = 0x004;
export const _PAGE_PCD = 0x010;
export const _PAGE_ACCESSED = 0x020;
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
/** The frame that the entry maps. */
export const pte_pfn = (pte: pte_t): number => Math.floor(pte / PAGE_SIZE);
export const pfn_pte = (pfn: number, prot: pgprot_t): pte_t => pfn * PAGE_SIZE + prot;

const withFlag =
  (flag: number) =>
  (pte: pte_t): pte_t =>
    pte & flag ? pte : pte + flag;
export const pte_mkspecial = withFlag(_PAGE_SPECIAL);
export const pte_mkyoung = withFlag(_PAGE_ACCESSED);
export const pte_mkdirty = withFlag(_PAGE_DIRTY);
export const pte_mkwrite = withFlag(_PAGE_RW);

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
export const pmd_mkhuge = withFlag(_PAGE_PSE);

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

/** Takes an entry away in one access. Locks: ptl of the table. Left out: it returns the old entry. */
export function* ptep_get_and_clear(pte: Cell<pte_t>): Kernel {
  yield* write(pte, 0, 'ptep_get_and_clear');
}
