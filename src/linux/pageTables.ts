/** Declares page tables: sparse, with entries only where the pages of vmas are. */

import { type Cell, cell, type Lock, type LockOptions, type Snapshot, spinlock } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import {
  isLeaf,
  PMD_SHIFT,
  PUD_SHIFT,
  pgd_index,
  pmd_index,
  pte_index,
  pte_pfn,
  pte_present,
  type pte_t,
  pud_index,
  TABLE,
  type UpperValue,
} from './arch/x86/include/asm/pgtable.ts';
import type { mm_struct, PgdTable, PteTable, UpperEntry, UpperTable } from './include/linux/mm_types.ts';
import type { MappedPage } from './machine.ts';

/** A page that will have an entry. */
export interface PageToMap {
  readonly vma: string;
  readonly page: number;
  readonly address: number;
  /** What stands in it at boot; nothing, unless given. */
  readonly entry?: pte_t;
}

export interface TableOptions {
  /** What tells this process's tables from another's: '' or ' of p'. */
  readonly of: string;
  /** Which upper entries are filled in by faults: those that lead to the lowest tables, or all. */
  readonly onDemand: 'none' | 'lowest' | 'all';
  /** Entries above the lowest ones may map huge pages; then they are empty at boot. */
  readonly hasHugePages: boolean;
  /** What lockdep calls the lock of a table; it has none where tasks rightly take two of them at once, which Linux says by a subclass. */
  readonly lockClass: (name: string) => LockOptions;
}

/** An address space's table, from the top. */
export function declarePageTable(
  pages: readonly PageToMap[],
  { of, onDemand, hasHugePages, lockClass }: TableOptions,
): PgdTable {
  /** Guards all but the lowest two levels, as in Linux. */
  const page_table_lock =
    onDemand === 'all' || hasHugePages ? spinlock(`page_table_lock${of}`, lockClass('page_table_lock')) : null;

  function upper<Below>(
    name: string,
    lock: Lock | null,
    within: readonly PageToMap[],
    index: (address: number) => number,
    isEmpty: boolean,
    below: (pages: readonly PageToMap[]) => Below,
  ): UpperTable<Below> {
    const entries: Record<number, UpperEntry<Below>> = {};
    for (const [i, inside] of groupBy(within, index)) {
      const entry = `${name}[${i}]${of}`;
      const value = isEmpty ? cell<UpperValue>(0, entry) : null;
      entries[i] = { name: entry, value, mayBeLeaf: hasHugePages && name !== 'pgd', table: below(inside) };
    }
    return { name: `${name}${of}`, lock, entries };
  }

  const pmdTable = (within: readonly PageToMap[]) => {
    const isEmpty = onDemand !== 'none' || hasHugePages;
    const lock = isEmpty ? spinlock(`pmd lock of ${nameOf(within[0])}`, lockClass('pmd lock')) : null;
    return upper('pmd', lock, within, pmd_index, isEmpty, (below) => declarePteTable(below, lockClass('ptl')));
  };
  const pudTable = (within: readonly PageToMap[]) =>
    upper('pud', page_table_lock, within, pud_index, onDemand === 'all' || hasHugePages, pmdTable);
  return upper('pgd', page_table_lock, pages, pgd_index, onDemand === 'all', pudTable);
}

function declarePteTable(pages: readonly PageToMap[], options: LockOptions): PteTable {
  const entries: Record<number, Cell<pte_t>> = {};
  for (const each of pages)
    entries[pte_index(each.address)] = cell<pte_t>(each.entry ?? 0, `${each.vma}[${each.page}]`);
  return { name: `pte table of ${nameOf(pages[0])}`, lock: spinlock(`ptl of ${nameOf(pages[0])}`, options), entries };
}

/** A table is named by the first page that it maps. */
const nameOf = (first: PageToMap | undefined) => (first?.page ? `${first.vma}[${first.page}]` : String(first?.vma));

function groupBy(pages: readonly PageToMap[], index: (address: number) => number): Map<number, PageToMap[]> {
  const groups = new Map<number, PageToMap[]>();
  for (const each of [...pages].sort((a, b) => a.address - b.address)) {
    const group = groups.get(index(each.address));
    if (group) group.push(each);
    else groups.set(index(each.address), [each]);
  }
  return groups;
}

/** One table as viewers see it. */
export interface TableView {
  readonly level: 'pgd' | 'pud' | 'pmd' | 'pte';
  readonly name: string;
  readonly lock: Lock | null;
  readonly entries: readonly {
    readonly index: number;
    readonly name: string;
    readonly value?: Cell<UpperValue> | null;
    readonly pte?: Cell<pte_t>;
  }[];
}

/** All tables of an address space, from the top. */
export function tablesOf({ pgd }: mm_struct): TableView[] {
  const puds = below(pgd);
  const pmds = puds.flatMap(below);
  const ptes = pmds.flatMap(below);
  const lowest = ptes.map(({ name, lock, entries }) => {
    const found = Object.entries(entries).map(([index, pte]) => ({ index: Number(index), name: pte.name, pte }));
    return { level: 'pte' as const, name, lock, entries: found };
  });
  return [
    upperView('pgd', pgd),
    ...puds.map((each) => upperView('pud', each)),
    ...pmds.map((each) => upperView('pmd', each)),
    ...lowest,
  ];
}

const below = <Below>(table: UpperTable<Below>): Below[] => Object.values(table.entries).map((entry) => entry.table);

function upperView(level: 'pgd' | 'pud' | 'pmd', { name, lock, entries }: UpperTable<unknown>): TableView {
  return {
    level,
    name,
    lock,
    entries: Object.entries(entries).map(([index, entry]) => ({
      index: Number(index),
      name: entry.name,
      value: entry.value,
    })),
  };
}

/** The entry that maps the page at that moment: its own, or a leaf above it; undefined if none does. */
export function mappingOf({ pud, pmd, pte, address }: MappedPage, now: Snapshot): Mapping | undefined {
  for (const [upper, shift] of [
    [pud, PUD_SHIFT],
    [pmd, PMD_SHIFT],
  ] as const) {
    const entry = upper.value ? now.get(upper.value) : TABLE;
    if (entry === 0) return undefined;
    if (isLeaf(entry)) return { entry, pfn: pte_pfn(entry) + Math.floor((address % 2 ** shift) / PAGE_SIZE) };
  }
  const entry = now.get(pte);
  return pte_present(entry) ? { entry, pfn: pte_pfn(entry) } : undefined;
}

export interface Mapping {
  readonly entry: pte_t;
  /** The frame that the page is at. */
  readonly pfn: number;
}
