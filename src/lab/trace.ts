/** Reads what ftrace printed: from the trace's own file, or from the log of a kernel that dumped it while it died. */

import { iterationsOf } from '#fidelity/recording';
import type { LabEvent } from './recording.ts';

export interface RawEvent {
  /** Its place in the order of all CPUs: the trace's clock is a counter. */
  readonly at: number;
  readonly thread: string;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface Trace {
  readonly events: readonly RawEvent[];
  /** Events that the kernel had no room for: then the trace proves nothing. */
  readonly lost: number;
}

// "  T0-127   [000] .....   19: fault_in: (where) vma=0x…", and in a dump "[  3.9]   <...>-127   0.....   19: fault_in: …"
const LINE = /(?:^|\s)\S+-(\d+)\s+(?:\[\d+\]\s+\S+|\d+\S*)\s+(\d+): (\w+): (.*)$/;
const LOST = /LOST (\d+) EVENTS/;
// The trace file's own head: where the second is more, the first events were overwritten.
const ENTRIES = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/;
const VALUE = /(\w+)=(\S+)/g;

/** The events of these threads, in order. `threads`: their names by their numbers, as the racer told them. */
export function parseTrace(text: string, threads: ReadonlyMap<string, string>): Trace {
  const events: RawEvent[] = [];
  let lost = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    lost += lostBy(line);
    const [, id = '', at, name, rest] = LINE.exec(line) ?? [];
    const thread = threads.get(id);
    if (thread && at && name && rest !== undefined) events.push(eventOf(Number(at), thread, name, rest));
  }
  return { events: events.sort((a, b) => a.at - b.at), lost };
}

function lostBy(line: string): number {
  const [, inBuffer, written] = ENTRIES.exec(line) ?? [];
  return Number(LOST.exec(line)?.[1] ?? 0) + Number(written ?? 0) - Number(inBuffer ?? 0);
}

function eventOf(at: number, thread: string, name: string, rest: string): RawEvent {
  if (name === 'tracing_mark_write') return { at, thread, name: 'mark', values: { text: rest } };
  const values = Object.fromEntries([...rest.matchAll(VALUE)].map(([, key = '', value = '']) => [key, value]));
  return { at, thread, name, values };
}

export interface Cut {
  readonly events: readonly LabEvent[];
  /** How many events stood before the first iteration and after the last, and so were left out. */
  readonly dropped: number;
}

/**
 * The iterations alone, in a recording's form: locks named also where they are got, exceptions only where the racer's mapping is,
 * and of each event what the probe was asked for.
 */
export function cutToIterations(events: readonly RawEvent[]): Cut {
  const end = events.findIndex(({ name, values }) => name === 'mark' && values.text === 'end');
  const within = withLocks(end < 0 ? events : events.slice(0, end));
  const kept = iterationsOf(ofTheMapping(within)).flat();
  return { events: kept, dropped: events.length - kept.length };
}

const WAITED_FOR: Readonly<Record<string, string>> = {
  mutex_lock_in: 'mutex_lock_out',
  mutex_trylock_in: 'mutex_trylock_out',
  down_read_in: 'down_read_out',
  down_write_in: 'down_write_out',
  down_read_trylock_in: 'down_read_trylock_out',
};

/** A probe at a function's return does not know its arguments; the thread's last call does. */
function withLocks(events: readonly RawEvent[]): RawEvent[] {
  const pending = new Map<string, string>();
  return events.map((event) => {
    const { thread, name, values } = event;
    const returned = WAITED_FOR[name];
    if (returned !== undefined && values.lock !== undefined) pending.set(`${thread} ${returned}`, values.lock);
    const lock = pending.get(`${thread} ${name}`);
    if (lock === undefined) return event;
    pending.delete(`${thread} ${name}`);
    return { ...event, values: { lock, ...values } };
  });
}

const PAGE = 4096n;

/** Leaves out the exceptions elsewhere (a thread's stack, say), and the marks that say where the mapping is. */
function ofTheMapping(events: readonly RawEvent[]): LabEvent[] {
  let [from, to] = [0n, 0n];
  const kept: LabEvent[] = [];
  for (const { thread, name, values } of events) {
    const [, start, pages] = (name === 'mark' && /^map=(\w+) pages=(\d+)$/.exec(values.text ?? '')) || [];
    if (start !== undefined && pages !== undefined) {
      from = BigInt(start);
      to = from + BigInt(pages) * PAGE;
    } else if (name !== 'page_fault_user') kept.push([thread, name, values]);
    else if (isBetween(from, to, values.address)) kept.push([thread, name, { address: values.address ?? '' }]);
  }
  return kept;
}

function isBetween(from: bigint, to: bigint, address = '0'): boolean {
  return BigInt(address) >= from && BigInt(address) < to;
}
