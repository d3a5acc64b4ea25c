/**
 * What the machine looks like at one moment: page tables, locks, list, device. Any other JSON is shown value by value.
 * A picture may come from a forged verdict, so nothing about its form is taken for granted.
 */

import type { Wait } from '#explore';
import { isRecord, recordsIn, textOf } from './any-json.ts';
import { html, type Markup } from './html.ts';
import { entriesOf, entryKey, pageTablesMarkup } from './page-table.ts';

/** One thing in the picture: a name, and what it is now; nothing, if it is empty. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Of a lock: who has it, and who waits for it. */
  readonly lock?: { readonly holders: readonly string[]; readonly waiting: readonly string[] };
}

interface Group {
  readonly title: string;
  readonly facts: readonly Fact[];
}

export interface Moment {
  readonly picture: unknown;
  readonly waits: readonly Wait[];
  /** Of the machine's locks and state, the only ones to show; all, unless given. */
  readonly touched?: ReadonlySet<string>;
  /** By `entryKey`: who wrote the entry last. */
  readonly writers?: ReadonlyMap<string, Writer>;
  /** By the title of a table: whether its reader has opened or folded it. */
  readonly folds?: ReadonlyMap<string, boolean>;
  /** Whose lanes there are: their places are their colours. */
  readonly tasks?: readonly string[];
}

/** The task, and the number of its step in the execution. */
export interface Writer {
  readonly task: string;
  readonly step: number;
}

/** Not so of a program that only has values: they take little room. */
export const showsMachine = (picture: unknown): boolean => isRecord(picture) && picture.tables !== undefined;

/** The picture, with what differs from the moment before marked. */
export function pictureMarkup(now: Moment, before: Moment | undefined): Markup {
  const old = new Map(before && groupsOf(before).map((group) => [group.title, group]));
  const tables = isRecord(now.picture) ? tablesMarkup(now, before && entriesOf(before.picture)) : [];
  return html`${tables}${groupsOf(now).map((group) => groupMarkup(group, before ? old.get(group.title) : group, now))}`;
}

function tablesMarkup({ picture, writers, folds }: Moment, old: ReadonlyMap<string, string> | undefined): Markup[] {
  return pageTablesMarkup((picture as Record<string, unknown>).tables, {
    folds,
    isWritten: (table, index) => writers?.has(entryKey(table, index)) ?? false,
    draw: (table, { index, text }) => {
      const key = entryKey(table, index);
      const writer = writers?.get(key);
      const value = html`${valueMarkup({ name: index, value: text })}${writer && by(writer)}`;
      return factMarkup({ name: index, value: text }, old !== undefined && old.get(key) !== text, value);
    },
  });
}

function groupMarkup({ title, facts }: Group, before: Group | undefined, { tasks }: Moment): Markup | undefined {
  const old = new Map(before?.facts.map(({ name, value }) => [name, value]));
  const rows = facts.map((fact) => factMarkup(fact, old.get(fact.name) !== fact.value, valueMarkup(fact, tasks)));
  return rows.length > 0
    ? html`<section><p class="title">${title}</p><dl class="facts">${rows}</dl></section>`
    : undefined;
}

const factMarkup = ({ name }: Fact, changed: boolean, value: Markup): Markup =>
  html`<div${changed && html` class="changed"`}><dt>${name}</dt><dd>${changed && html`<span class="visually-hidden">now </span>`}${value}</dd></div>`;

function valueMarkup({ value, lock }: Fact, tasks: readonly string[] = []): Markup {
  if (!lock || lock.holders.length + lock.waiting.length === 0)
    return value ? html`${value}` : html`<span class="empty">empty</span>`;
  const bar = (task: string, how: string) =>
    html`<span class="bar ${how} cpu-${tasks.indexOf(task)}">${task}${how === 'waits' && ' waits'}</span>`;
  const bars = [...lock.holders.map((task) => bar(task, 'holds')), ...lock.waiting.map((task) => bar(task, 'waits'))];
  return html`${lock.holders.length === 0 && 'free; '}${bars.map((each, at) => html`${at > 0 && '; '}${each}`)}`;
}

const by = ({ task, step }: Writer): Markup =>
  html` <span class="by"><span class="visually-hidden">by </span>${task}<span class="visually-hidden">, step</span> ${step}</span>`;

function groupsOf(moment: Moment): Group[] {
  const { picture, touched } = moment;
  if (!isRecord(picture)) return [];
  const { tables, vmas, locks, list, device, log, ...others } = picture;
  const machine = machineFacts(moment).filter(({ name }) => touched?.has(name) ?? true);
  return [
    { title: 'Locks and device', facts: machine },
    { title: 'Values', facts: factsIn(others) },
    {
      title: 'Kernel log',
      facts: Array.isArray(log) ? log.map((line, at) => ({ name: String(at + 1), value: textOf(line) })) : [],
    },
  ];
}

/** Locks, list and device; of the vmas those that are gone. */
export function machineFacts({ picture, waits }: Moment): Fact[] {
  if (!isRecord(picture)) return [];
  const { vmas, locks, list, device } = picture;
  return [
    ...recordsIn(locks).map((lock) => lockFact(lock, waits)),
    ...(Array.isArray(list) ? [{ name: 'vma_list', value: list.map(textOf).join(' → ') }] : []),
    ...recordsIn(vmas)
      .filter(({ state }) => state !== 'mapped')
      .map(({ name, state }) => ({ name: textOf(name), value: textOf(state) })),
    ...factsIn(device),
  ];
}

function lockFact({ name, holders: held }: Record<string, unknown>, waits: readonly Wait[]): Fact {
  const holders = Array.isArray(held) ? held.map(textOf) : [];
  const waiting = waits.filter(({ lock }) => lock === name).map(({ task }) => task);
  const value = `${holders.join(', ') || 'free'}${waiting.length > 0 ? `; ${waiting.join(', ')} waits` : ''}`;
  return { name: textOf(name), value, lock: { holders, waiting } };
}

const factsIn = (value: unknown): Fact[] =>
  isRecord(value) ? Object.entries(value).map(([name, inner]) => ({ name, value: textOf(inner) })) : [];
