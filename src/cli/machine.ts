/** The picture of a machine at one moment, in lines: page tables, who holds which lock, and the rest of its state. */

import type { Trace, Wait } from '#explore';
import { type Look, paint } from './look.ts';
import { widthOf, wrap } from './prose.ts';

/**
 * The picture that a step carries, and who waits then; nothing where there is no picture. With a trace, of what the course has not
 * told of everywhere only that which the trace touches: locks that somebody takes or waits for, the rest where it changes.
 */
export function machineLines(
  look: Look,
  picture: unknown,
  waits: readonly Wait[] = [],
  trace?: Pick<Trace, 'picture' | 'steps'>,
): string[] {
  if (!isRecord(picture)) return [];
  const shown = trace ? touched(picture, trace) : picture;
  const facts = Array.isArray(picture.tables) ? machineFacts(shown, waits) : plainFacts(picture);
  const width = Math.max(...facts.map(({ name }) => widthOf(name)), 0);
  return facts.flatMap(({ name, values }) => {
    const lines = fitted(values, look.width - width - 4);
    return lines.map((line, index) =>
      `  ${paint(look, 'dim', (index === 0 ? name : '').padEnd(width))}  ${line}`.trimEnd(),
    );
  });
}

// What a trace may leave alone from its first step to its last.
const RESTING = ['vmas', 'list', 'device'];

function touched(picture: Picture, { picture: first, steps }: Pick<Trace, 'picture' | 'steps'>): Picture {
  const pictures = [first, ...steps.map((step) => step.picture)].filter(isRecord);
  const changes = (name: string) => new Set(pictures.map((each) => JSON.stringify(each[name]))).size > 1;
  const waited = new Set(steps.flatMap(({ blocked }) => blocked.map(({ lock }) => lock)));
  const held = pictures.flatMap(({ locks }) => records(locks)).filter(({ holders }) => `${holders}` !== '');
  const taken = new Set(held.map(({ name }) => name));
  const isTouched = ({ name }: Picture) => taken.has(name) || waited.has(`${name}`);
  const kept = Object.entries(picture).filter(([name]) => !RESTING.includes(name) || changes(name));
  return { ...Object.fromEntries(kept), locks: records(picture.locks).filter(isTouched) };
}

interface Fact {
  readonly name: string;
  readonly values: readonly string[];
}

type Picture = Readonly<Record<string, unknown>>;

/** Values side by side, each whole where a line has room for it. */
function fitted(values: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const value of values) {
    const last = lines.at(-1);
    const joined = last === undefined ? value : `${last}, ${value}`;
    if (last !== undefined && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(...wrap(value, width));
  }
  return lines;
}

function machineFacts(picture: Picture, waits: readonly Wait[]): Fact[] {
  const { tables, vmas, locks, list, device, ...rest } = picture;
  const entries = records(tables).flatMap((table) => records(table.entries));
  return [
    // What merely leads to the next table says nothing.
    fact(
      'pages',
      entries.filter(({ text }) => text !== 'table').map(({ name, text }) => `${name} ${text || 'empty'}`),
    ),
    fact(
      'vmas',
      records(vmas).map(({ name, state }) => `${name} ${state}`),
    ),
    fact(
      'locks',
      records(locks).map((lock) => lockText(lock, waits)),
    ),
    fact('vma_list', Array.isArray(list) ? [list.length === 0 ? 'empty' : list.join(' ')] : []),
    fact('device', pairs(device)),
    ...plainFacts(rest),
  ].filter(({ values }) => values.length > 0);
}

function lockText({ name, holders }: Picture, waits: readonly Wait[]): string {
  const held = Array.isArray(holders) ? holders : [];
  const waiting = waits.filter(({ lock }) => lock === name).map(({ task }) => task);
  const state = held.length === 0 ? 'free' : `held by ${held.join(' and ')}`;
  return `${name} ${state}${waiting.length === 0 ? '' : ` (${waiting.join(' and ')} waits)`}`;
}

const fact = (name: string, values: readonly string[]): Fact => ({ name, values });

/** Of a program that is no kernel: its names and values. */
function plainFacts(picture: Picture): Fact[] {
  return Object.entries(picture).map(([name, value]) => {
    if (Array.isArray(value)) return fact(name, [value.length === 0 ? 'empty' : value.map(textOf).join(' ')]);
    return fact(name, isRecord(value) ? pairs(value) : [textOf(value)]);
  });
}

function pairs(value: unknown): string[] {
  return isRecord(value) ? Object.entries(value).map(([name, each]) => `${name} ${textOf(each)}`) : [];
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function isRecord(value: unknown): value is Picture {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const records = (value: unknown): Picture[] => (Array.isArray(value) ? value.filter(isRecord) : []);
