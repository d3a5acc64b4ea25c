/**
 * What the machine looks like at one moment: page tables, locks, list, device. Any other JSON is shown value by value.
 * A picture may come from a forged verdict, so nothing about its form is taken for granted.
 */

import type { Wait } from '#explore';
import { html, type Markup } from './html.ts';

/** One thing in the picture: a name, and what it is now; nothing, if it is empty. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Of a lock: who has it, and who waits for it. */
  readonly lock?: { readonly holders: readonly string[]; readonly waiting: readonly string[] };
}

interface Group {
  readonly title: string;
  readonly form: 'cells' | 'facts';
  readonly facts: readonly Fact[];
}

export interface Moment {
  readonly picture: unknown;
  readonly waits: readonly Wait[];
  /** Of the machine's locks and state, the only ones to show; all, unless given. */
  readonly touched?: ReadonlySet<string>;
  /** By `entryKey`: who wrote the entry last. */
  readonly writers?: ReadonlyMap<string, Writer>;
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
  return html`${groupsOf(now).map((group) => groupMarkup(group, before ? old.get(group.title) : group, now))}`;
}

function groupMarkup({ title, form, facts }: Group, before: Group | undefined, moment: Moment): Markup | undefined {
  const old = new Map(before?.facts.map(({ name, value }) => [name, value]));
  const rows = facts.map((fact) => {
    const writer = moment.writers?.get(entryKey(title, fact.name));
    return factMarkup(
      fact,
      old.get(fact.name) !== fact.value,
      html`${valueMarkup(fact, moment.tasks)}${writer && by(writer)}`,
    );
  });
  return rows.length > 0
    ? html`<section><p class="title">${title}</p><dl class="${form}">${rows}</dl></section>`
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

export const entryKey = (table: string, entry: string): string => `${table}/${entry}`;

/** The entries of the page tables that are worth a look, by `entryKey`. */
export function entriesOf(picture: unknown): ReadonlyMap<string, string> {
  if (!isRecord(picture)) return new Map();
  const groups = recordsIn(picture.tables).flatMap(tableGroup);
  return new Map(groups.flatMap(({ title, facts }) => facts.map(({ name, value }) => [entryKey(title, name), value])));
}

function groupsOf(moment: Moment): Group[] {
  const { picture, touched } = moment;
  if (!isRecord(picture)) return [];
  const { tables, vmas, locks, list, device, log, ...others } = picture;
  const machine = machineFacts(moment).filter(({ name }) => touched?.has(name) ?? true);
  return [
    ...recordsIn(tables).flatMap(tableGroup),
    { title: 'Locks and device', form: 'facts', facts: machine },
    { title: 'Values', form: 'facts', facts: factsIn(others) },
    {
      title: 'Kernel log',
      form: 'facts',
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

/** Of the upper levels only what is missing is worth a look. */
function tableGroup({ level, name, process, entries }: Record<string, unknown>): Group[] {
  const facts = recordsIn(entries).map(({ index, text }) => ({ name: textOf(index), value: textOf(text) }));
  if (level !== 'pte' && facts.every(({ value }) => value !== '')) return [];
  return [
    { title: `${textOf(name)}${process === undefined ? '' : `, process ${textOf(process)}`}`, form: 'cells', facts },
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
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const recordsIn = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
