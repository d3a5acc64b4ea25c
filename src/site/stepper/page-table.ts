/**
 * Page tables as trees, from their tops to the entries that map pages. A table with one way on stands in the line of what it leads
 * to. A branch is folded where nothing is mapped and nobody has written; its reader may have it otherwise.
 * A picture may come from a forged verdict, so nothing about its form is taken for granted.
 */

import { isRecord, recordsIn, textOf } from './any-json.ts';
import { html, type Markup } from './html.ts';

interface Entry {
  /** Its place in its table. */
  readonly index: string;
  /** `pmd[1]` */
  readonly name: string;
  /** What it maps; `table`, where it leads on; nothing, where it is empty. */
  readonly text: string;
  readonly below?: Table | undefined;
}

interface Table {
  /** No other table is called so. */
  readonly title: string;
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** Whose it is, and its top. */
interface Tree {
  readonly process: string | undefined;
  readonly top: Table;
}

/** How an entry is drawn, and whether it is worth a look. */
export interface EntryLook {
  draw(table: string, entry: Pick<Entry, 'index' | 'text'>): Markup;
  /** Somebody has written it. */
  isWritten(table: string, entry: string): boolean;
  /** By the table's title: what its reader wants. */
  readonly folds: ReadonlyMap<string, boolean> | undefined;
}

export const entryKey = (table: string, entry: string): string => `${table}/${entry}`;

/** All entries of the page tables, by `entryKey`. */
export function entriesOf(picture: unknown): ReadonlyMap<string, string> {
  const tables = isRecord(picture) ? recordsIn(picture.tables) : [];
  return new Map(
    tables.flatMap((table) =>
      recordsIn(table.entries).map(
        ({ index, text }) => [entryKey(titleOf(table), textOf(index)), textOf(text)] as const,
      ),
    ),
  );
}

/** A section for each process that has a page table. */
export const pageTablesMarkup = (tables: unknown, look: EntryLook): Markup[] =>
  treesOf(tables).map(
    ({ process, top }) =>
      html`<section><p class="title">Page table${process !== undefined && `, process ${process}`}</p>${branch(top, [], look, true)}</section>`,
  );

const levels = ['pgd', 'pud', 'pmd', 'pte'];

/** The tables of a level stand in the order of the entries that lead to them. */
function treesOf(tables: unknown): Tree[] {
  const all = recordsIn(tables);
  const processes = [...new Set(all.map(({ process }) => process))];
  return processes.flatMap((process) => {
    const own = all.filter((table) => table.process === process);
    /** Those that no entry leads to as yet. */
    const tops: Table[] = [];
    for (const level of levels.toReversed()) {
      const here = own.filter((table) => table.level === level).map((table) => tableOf(table, tops));
      tops.unshift(...here);
    }
    return tops.map((top) => ({ process: process === undefined ? undefined : textOf(process), top }));
  });
}

function tableOf(table: Record<string, unknown>, below: Table[]): Table {
  const entries = recordsIn(table.entries).map(({ index, name, text }): Entry => {
    const own = { index: textOf(index), name: textOf(name ?? index), text: textOf(text) };
    return table.level === 'pte' ? own : { ...own, below: below.shift() };
  });
  return { title: titleOf(table), name: textOf(table.name), entries };
}

const titleOf = ({ name, process }: Record<string, unknown>): string =>
  `${textOf(name)}${process === undefined ? '' : `, process ${textOf(process)}`}`;

const leadsOn = ({ text, below }: Entry): boolean => below !== undefined && text === 'table';

/** `path`: the entries that lead here, from the top. */
function branch(table: Table, path: readonly string[], look: EntryLook, isOnly: boolean): Markup {
  const ways = table.entries.filter(leadsOn);
  const [way] = ways;
  if (way?.below && table.entries.length === 1) return branch(way.below, [...path, way.name], look, isOnly);
  const ends = table.entries.filter((entry) => !leadsOn(entry));
  const isOpen = look.folds?.get(table.title) ?? (isOnly || isWorthALook(table, look));
  return html`<details class="branch" data-fold="${table.title}"${isOpen && html` open`}><summary>${path.map((name) => html`<span class="way">${name} → </span>`)}${table.name} <span class="full">${tally(table)}</span></summary>
    ${ends.length > 0 && html`<dl class="cells">${ends.map((entry) => look.draw(table.title, entry))}</dl>`}
    ${ways.map((each) => each.below && branch(each.below, [each.name], look, false))}</details>`;
}

const isFull = ({ text }: Entry): boolean => text !== '';

const tally = ({ entries }: Table): string => `${entries.filter(isFull).length} of ${entries.length} full`;

/** Something is mapped, or somebody has written; or the way on is missing. */
const isWorthALook = (table: Table, look: EntryLook): boolean =>
  table.entries.some((entry) =>
    leadsOn(entry) && entry.below
      ? isWorthALook(entry.below, look)
      : isFull(entry) || entry.below !== undefined || look.isWritten(table.title, entry.index),
  );
