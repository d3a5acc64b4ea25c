/** Walking and growing page tables. Models mm/memory.c and include/linux/mm.h, v5.14. */

import { type Cell, readAs, write } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import {
  isLeaf,
  isNone,
  PGDIR_SHIFT,
  PMD_SHIFT,
  PUD_SHIFT,
  pgd_index,
  pmd_index,
  pte_index,
  type pte_t,
  pud_index,
  TABLE,
  type UpperValue,
} from '../../arch/x86/include/asm/pgtable.ts';
import type { mm_struct, PteTable, pgd_t, pmd_t, pud_t, UpperEntry, UpperTable } from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { should_fail_alloc_page } from '../failslab.ts';

/** The entries that lead to an address, and those after them, in a table where it has a place. */
export interface Path {
  readonly pgd: pgd_t;
  readonly pud: pud_t;
  readonly pmd: pmd_t;
  readonly pte: Cell<pte_t>;
}

/** Where the address stands in the table; undefined where no vma of the world ever was, so that nothing can be there. */
export function pathTo(mm: mm_struct, address: number): Path | undefined {
  const pgd = mm.pgd.entries[pgd_index(address)];
  const pud = pgd?.table.entries[pud_index(address)];
  const pmd = pud?.table.entries[pmd_index(address)];
  const pte = pmd?.table.entries[pte_index(address)];
  return pgd && pud && pmd && pte && { pgd, pud, pmd, pte };
}

/** Where the block of 2^shift bytes begins in which the address lies. */
export const blockOf = (address: number, shift: number): number => Math.floor(address / 2 ** shift) * 2 ** shift;

/** The stretch of one lowest table that a range of addresses covers. */
export interface Stretch {
  readonly pgd: pgd_t;
  readonly pud: pud_t;
  readonly pmd: pmd_t;
  /** The first address that the table could map. */
  readonly base: number;
  readonly pages: readonly { readonly address: number; readonly pte: Cell<pte_t> }[];
}

/**
 * The range, cut at the ends of the lowest tables. Throws for an address that has no place in the table; but of a BAR larger than what can
 * be explored only some pages have one, and the others are left out.
 */
export function stretchesOf(mm: mm_struct, start: number, end: number): Stretch[] {
  if (!mm.isSparse) refuseGaps(mm, start, end);
  const stretches: Stretch[] = [];
  for (const [pgdIndex, pgd] of entriesIn(mm.pgd)) {
    for (const [pudIndex, pud] of entriesIn(pgd.table)) {
      for (const [pmdIndex, pmd] of entriesIn(pud.table)) {
        const base = pgdIndex * 2 ** PGDIR_SHIFT + pudIndex * 2 ** PUD_SHIFT + pmdIndex * 2 ** PMD_SHIFT;
        const pages = Object.entries(pmd.table.entries)
          .map(([index, pte]) => ({ address: base + Number(index) * PAGE_SIZE, pte }))
          .filter(({ address }) => address >= start && address < end);
        if (pages.length > 0) stretches.push({ pgd, pud, pmd, base, pages });
      }
    }
  }
  return stretches;
}
function refuseGaps(mm: mm_struct, start: number, end: number): void {
  for (let address = start; address < end; address += PAGE_SIZE) {
    if (!pathTo(mm, address))
      throw new RangeError(
        `0x${address.toString(16)} is no address of any vma: Linux would not notice, and change whatever is there`,
      );
  }
}

const entriesIn = <Below>({ entries }: UpperTable<Below>): [number, UpperEntry<Below>][] =>
  Object.entries(entries).map(([index, entry]) => [Number(index), entry]);

/** Whether nothing stands there: a look without a lock. Nothing can change where all tables are there from the start. */
export function* isAbsent(entry: UpperEntry<unknown>, called: string): Kernel<boolean> {
  if (!entry.value) return false;
  return yield* readAs(entry.value, isNone, called);
}

/** Whether some table on the way to the lowest one is not there: looks without a lock. */
export function* areTablesAbsent({ pgd, pud, pmd }: Omit<Path, 'pte'>): Kernel<boolean> {
  if (yield* isAbsent(pgd, 'pgd_none')) return true;
  if (yield* isAbsent(pud, 'pud_none')) return true;
  return yield* isAbsent(pmd, 'pmd_none');
}

/** What stands in an upper entry. */
export type Standing = 'none' | 'table' | 'leaf';

const standingOf = (value: UpperValue): Standing => (isNone(value) ? 'none' : isLeaf(value) ? 'leaf' : 'table');

/** What stands there: a look without a lock, unless the caller holds that of the table. */
export function* lookAt(entry: UpperEntry<unknown>, called: string): Kernel<Standing> {
  return entry.value ? yield* readAs(entry.value, standingOf, called) : 'table';
}

/** Fills in an upper entry. Returns false if there is no memory for the table. Another CPU may have done it first: then the new page is dropped. */
function* allocateTable(entry: UpperEntry<unknown>, above: UpperTable<unknown>, level: string): Kernel<boolean> {
  if (!(yield* isAbsent(entry, `${level}_none`)) || !entry.value || !above.lock) return true;
  if (yield* should_fail_alloc_page()) return false;
  yield* spin_lock(above.lock);
  if (yield* isAbsent(entry, `${level}_none`)) yield* write(entry.value, TABLE, `${level}_populate`);
  yield* spin_unlock(above.lock);
  return true;
}

/**
 * Sees to it that there is a pud table below the pgd entry. The p4d between them is folded: it never is a step.
 * Returns whether there is one now; false: no memory. Locks: mmap_lock.
 */
export function* pud_alloc(mm: mm_struct, pgd: pgd_t): Kernel<boolean> {
  return yield* allocateTable(pgd, mm.pgd, 'pgd');
}

/** Sees to it that there is a pmd table below the pud entry. Returns and locks: as `pud_alloc`. */
export function* pmd_alloc(pgd: pgd_t, pud: pud_t): Kernel<boolean> {
  return yield* allocateTable(pud, pgd.table, 'pud');
}

/** Sees to it that there is a table of lowest entries below the pmd entry. Returns and locks: as `pud_alloc`. */
export function* pte_alloc(pud: pud_t, pmd: pmd_t): Kernel<boolean> {
  return yield* allocateTable(pmd, pud.table, 'pmd');
}

/** Makes all tables of the path. Returns false at the first that there is no memory for; those above it stay. */
export function* allocateTables(mm: mm_struct, { pgd, pud, pmd }: Omit<Path, 'pte'>): Kernel<boolean> {
  return (yield* pud_alloc(mm, pgd)) && (yield* pmd_alloc(pgd, pud)) && (yield* pte_alloc(pud, pmd));
}

/** The lock of the table below the pmd entry: one for each table of lowest entries, as with CONFIG_SPLIT_PTLOCK_CPUS. */
export function pte_lockptr(pmd: pmd_t): PteTable['lock'] {
  return pmd.table.lock;
}

/**
 * Takes the lock of the table below the pmd entry. Returns false, without it, if there is no table: nothing, or a leaf in its place.
 * Left out: another look once it has the lock, as no table goes away here.
 */
export function* pte_offset_map_lock(pmd: pmd_t): Kernel<boolean> {
  if (pmd.mayBeLeaf && (yield* lookAt(pmd, 'pte_offset_map')) !== 'table') return false;
  yield* spin_lock(pte_lockptr(pmd));
  return true;
}

/**
 * Makes the tables down to the page's entry, and takes the lowest one's lock. Returns false, without it, if there is no memory,
 * **or** if another CPU has just put a leaf where the table should be: the caller cannot tell.
 * Models get_locked_pte(), v6.12. Locks: mmap_lock.
 */
export function* get_locked_pte(mm: mm_struct, path: Path): Kernel<boolean> {
  return (yield* allocateTables(mm, path)) && (yield* pte_offset_map_lock(path.pmd));
}
