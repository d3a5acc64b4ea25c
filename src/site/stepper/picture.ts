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
}

/** Not so of a program that only has values: they take little room. */
export const showsMachine = (picture: unknown): boolean => isRecord(picture) && picture.tables !== undefined;

/** The picture, with what differs from the moment before marked. */
export function pictureMarkup(now: Moment, before: Moment | undefined): Markup {
  const old = new Map(before && groupsOf(before).map((group) => [group.title, group]));
  return html`${groupsOf(now).map((group) => groupMarkup(group, before ? old.get(group.title) : group))}`;
}

function groupMarkup({ title, form, facts }: Group, before: Group | undefined): Markup | undefined {
  const old = new Map(before?.facts.map(({ name, value }) => [name, value]));
  const rows = facts.map((fact) => factMarkup(fact, old.get(fact.name) !== fact.value));
  return rows.length > 0 ? html`<section><h4>${title}</h4><dl class="${form}">${rows}</dl></section>` : undefined;
}

const factMarkup = ({ name, value }: Fact, changed: boolean): Markup =>
  html`<div${changed && html` class="changed"`}><dt>${name}</dt><dd>${changed && html`<span class="visually-hidden">now </span>`}${
    value || html`<span class="empty">empty</span>`
  }</dd></div>`;

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

function lockFact({ name, holders }: Record<string, unknown>, waits: readonly Wait[]): Fact {
  const held = Array.isArray(holders) ? holders.map(textOf).join(', ') : '';
  const waiting = waits.filter(({ lock }) => lock === name).map(({ task }) => task);
  return { name: textOf(name), value: `${held || 'free'}${waiting.length > 0 ? `; ${waiting.join(', ')} waits` : ''}` };
}

const factsIn = (value: unknown): Fact[] =>
  isRecord(value) ? Object.entries(value).map(([name, inner]) => ({ name, value: textOf(inner) })) : [];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const recordsIn = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
