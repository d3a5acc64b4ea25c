/**
 * Events of a real kernel in the simulation's words: pages instead of addresses, locks by name. What a probe at the entry of a function
 * sees is the beginning of something that takes effect later, and what one at its return sees has taken effect before: between the two,
 * nobody can tell.
 */

import { iterationsOf, type RecordedEvent, type Recording } from './recording.ts';

/** One event of one task. */
export interface Observation {
  readonly task: string;
  readonly kind: ObservationKind;
  readonly lock?: LockName;
  /** Of the mapping; for a range, its first. */
  readonly page?: number;
  readonly pages?: number;
  readonly pfn?: number;
  /** What a function returned. */
  readonly ret?: number;
}

export type LockName = (typeof lockNames)[number];
export type ObservationKind = (typeof kinds)[number];

const lockNames = ['vma_lock', 'memory_lock', 'mmap_lock'] as const;

/** The alphabet: each is a probe's name, but for `bug`, where the kernel died, and `stale`, a read that worked while memory was off. */
const kinds = [
  'page_fault_user',
  'pte_none_seen',
  'fault_in',
  'fault_out',
  'mutex_lock_in',
  'mutex_wait',
  'mutex_lock_out',
  'mutex_unlock_in',
  'down_read_in',
  'down_read_out',
  'up_read_in',
  'down_write_in',
  'down_write_out',
  'up_write_in',
  'remap_in',
  'remap_out',
  'insert_in',
  'insert_out',
  'zap_in',
  'bug',
  'stale',
] as const;

/** What happened between two moments at which nobody was in the driver and nothing was mapped. */
export interface Episode {
  /** Frame of the BAR's first mapped page. */
  readonly pfn: number;
  readonly pages: number;
  /** Those that were watched. */
  readonly locks: readonly LockName[];
  readonly observations: readonly Observation[];
}

const PAGE = 4096n;

/** The recording's iterations: each begins with an empty mapping, and with nobody on the way. What concerns other locks is left out. */
export function episodesOf(recording: Recording): Episode[] {
  const names = nameLocks(recording.events);
  const pfn = firstFrame(recording.events);
  const iterations = iterationsOf(recording.events).map(([, ...events]) => untilUnmapped(events));
  const ends = iterations.map((): Observation[] => []);
  const { bug, pages } = recording;
  if (bug) ends.at(-1)?.push({ task: taskOf(bug.thread), kind: 'bug' });
  const locks = [...new Set(names.values())];
  return iterations
    .map((events, at) => ({ pfn, pages, locks, observations: [...observe(events, names, pages), ...(ends[at] ?? [])] }))
    .filter(({ observations }) => observations.length > 0);
}

/** The simulation's tasks have letters: T0 is A. */
const taskOf = (thread: string): string => String.fromCharCode('A'.charCodeAt(0) + Number(thread.replace(/^T/, '')));

/** Who unmaps it does so when all others are done. */
function untilUnmapped(events: readonly RecordedEvent[]): RecordedEvent[] {
  const end = events.findIndex(([, probe]) => probe === 'close_in');
  return events.slice(0, end < 0 ? events.length : end);
}

/** By address. The first fault takes vma_lock, then memory_lock; what it tries to take before is mmap_lock. */
function nameLocks(events: readonly RecordedEvent[]): ReadonlyMap<string, LockName> {
  const names = new Map<string, LockName>();
  const start = events.findIndex(([, probe]) => probe === 'fault_in');
  const thread = events[start]?.[0];
  const own = (from: readonly RecordedEvent[], probe: string) =>
    from.find(([by, what, { lock }]) => by === thread && what === probe && lock !== undefined)?.[2].lock;
  const after = events.slice(start);
  const before = events.slice(0, start).toReversed();
  const found = {
    vma_lock: own(after, 'mutex_lock_in'),
    memory_lock: own(after, 'down_read_in'),
    mmap_lock: own(before, 'down_read_trylock_in'),
  };
  for (const [name, address] of Object.entries(found)) if (address !== undefined) names.set(address, name as LockName);
  return names;
}

function firstFrame(events: readonly RecordedEvent[]): number {
  const vmas = vmasOf(events);
  const isFill = ([, probe, values]: RecordedEvent) => /^(remap|insert)_in$/.test(probe) && !isElsewhere(values, vmas);
  return Number(events.find(isFill)?.[2].pfn ?? 0);
}

function observe(events: readonly RecordedEvent[], names: ReadonlyMap<string, LockName>, pages: number): Observation[] {
  const vmas = vmasOf(events);
  const start = startOfMapping(events, vmas);
  /** Tasks whose insert is into some other mapping. */
  const inserting = new Set<string>();
  /** By task: the lock that it is about to take. */
  const wanted = new Map<string, LockName | undefined>();
  /** Tasks in a fault on the mapping, and those that take mappings back: elsewhere mmap_lock is taken too. */
  const faulting = new Set<string>();
  const zapping = new Set<string>();
  return events.flatMap(([thread, probe, values]): Observation[] => {
    const task = taskOf(thread);
    if (probe === 'mark') return stale(task, values);
    if (probe === 'zaplock_in') zapping.add(task);
    if (probe === 'zaplock_out') zapping.delete(task);
    const kind = probe.replace('down_read_trylock', 'down_read');
    if (!isKind(kind)) return [];
    if (isOfLock(kind)) {
      if (values.lock !== undefined) wanted.set(task, names.get(values.lock));
      const lock = wanted.get(task);
      const isOurs = lock !== 'mmap_lock' || faulting.has(task) || zapping.has(task);
      if (kind === 'up_read_in' && lock === 'mmap_lock') faulting.delete(task);
      return lock && isOurs ? [{ task, kind, lock }] : [];
    }
    if (isElsewhere(values, vmas)) {
      if (kind === 'insert_in') inserting.add(task);
      return [];
    }
    if (kind === 'insert_out' && inserting.delete(task)) return [];
    const place = placeOf(values, start);
    if (kind === 'page_fault_user') {
      const isOurs = place.page !== undefined && place.page >= 0 && place.page < pages;
      if (!isOurs) return [];
      faulting.add(task);
    }
    return [{ task, kind, ...place, ...returned(kind, values) }];
  });
}

const isKind = (text: string): text is ObservationKind => (kinds as readonly string[]).includes(text);

const isOfLock = (kind: ObservationKind): boolean => /^(mutex|down|up)_/.test(kind);

/** The driver's mappings: whatever else has faults and entries concerns others. */
function vmasOf(events: readonly RecordedEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap(([, probe, { vma }]) => (probe === 'fault_in' && vma !== undefined ? [vma] : [])));
}

const isElsewhere = ({ vma }: Readonly<Record<string, string>>, vmas: ReadonlySet<string>): boolean =>
  vma !== undefined && !vmas.has(vma);

/** The first address of the mapping: that of the fills, or else the lowest that anybody touched. */
function startOfMapping(events: readonly RecordedEvent[], vmas: ReadonlySet<string>): bigint {
  const addresses = events.flatMap(([, probe, values]) =>
    values.address !== undefined && /^(fault|remap|insert|zap)_in$/.test(probe) && !isElsewhere(values, vmas)
      ? [BigInt(values.address)]
      : [],
  );
  return addresses.reduce((least, each) => (each < least ? each : least), addresses[0] ?? 0n);
}

function placeOf({ address, pfn, size }: Readonly<Record<string, string>>, start: bigint) {
  return {
    ...(address === undefined ? {} : { page: Number((BigInt(address) - start) / PAGE) }),
    ...(size === undefined ? {} : { pages: Number(BigInt(size) / PAGE) }),
    ...(pfn === undefined ? {} : { pfn: Number(pfn) }),
  };
}

const returned = (kind: ObservationKind, { ret }: Readonly<Record<string, string>>) =>
  ret !== undefined && kind.endsWith('_out') ? { ret: Number(ret) } : {};

function stale(task: string, { text = '' }: Readonly<Record<string, string>>): Observation[] {
  const [, page] = /^stale=(\d+)/.exec(text) ?? [];
  return page === undefined ? [] : [{ task, kind: 'stale', page: Number(page) }];
}

/** How an observation reads: `T1 mutex_lock_out(vma_lock)`. */
export function tellObservation({ task, kind, lock, page, pages, pfn, ret }: Observation): string {
  const range =
    page === undefined ? [] : [pages === undefined ? `page ${page}` : `pages ${page} to ${page + pages - 1}`];
  const values = [lock, ...range, pfn === undefined ? undefined : `pfn 0x${pfn.toString(16)}`].filter(Boolean);
  return `${task} ${kind}(${values.join(', ')})${ret === undefined ? '' : ` = ${ret}`}`;
}

/** Reads what `tellObservation` wrote. Throws for anything else. */
export function readObservation(text: string): Observation {
  const [, task = '', kind = '', values = '', ret] = /^(\w+) (\w+)\((.*)\)(?: = (-?\d+))?$/.exec(text.trim()) ?? [];
  if (!isKind(kind)) throw new Error(`this is no event of a recording: ${text}`);
  const lock = lockNames.find((name) => values.startsWith(name));
  const [, page] = /^pages? (\d+)/.exec(values) ?? [];
  const [, last] = / to (\d+)/.exec(values) ?? [];
  const [, pfn] = /pfn (0x[0-9a-f]+)/.exec(values) ?? [];
  return {
    task,
    kind,
    ...(lock && { lock }),
    ...(page !== undefined && { page: Number(page) }),
    ...(last !== undefined && { pages: Number(last) - Number(page) + 1 }),
    ...(pfn !== undefined && { pfn: Number(pfn) }),
    ...(ret !== undefined && { ret: Number(ret) }),
  };
}

/** The episode of these events, one a line, as `tellObservation` writes them. */
export function readEpisode({
  pages,
  pfn,
  events,
}: Pick<Episode, 'pages' | 'pfn'> & { readonly events: string }): Episode {
  const observations = events.trim().split('\n').map(readObservation);
  const locks = lockNames.filter((name) => observations.some(({ lock }) => lock === name));
  return { pages, pfn, locks, observations };
}
