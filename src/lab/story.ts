/** Tells an iteration's events as a person would: what each thread did, with the locks' names and the pages' numbers. */

import type { LockName } from '#fidelity/observation';
import { isHalf, isTold, tellDeed } from '#fidelity/words';
import type { LabEvent } from './recording.ts';

export interface Told {
  readonly thread: string;
  readonly text: string;
}

/** What happened in an iteration until the next one was prepared. */
export function storyOf(iteration: readonly LabEvent[]): Told[] {
  const words: Words = { locks: lockNames(iteration), start: startOf(iteration) };
  const clearing = iteration.findIndex(([, name]) => name === 'unmap_in');
  const told = clearing < 0 ? iteration : iteration.slice(0, clearing);
  return told.flatMap(([thread, name, values]) => {
    const text = OURS[name]?.(values) ?? tell(name.replace('down_read_trylock', 'down_read'), values, words);
    return text === undefined ? [] : [{ thread, text }];
  });
}

interface Words {
  readonly locks: ReadonlyMap<string, LockName>;
  /** Where the mapping begins; undefined where nobody filled it. */
  readonly start: bigint | undefined;
}

type Values = LabEvent[2];

/** The probes give addresses. Which lock is which, the handler's order tells: mmap_lock before it, then vma_lock, then memory_lock. */
function lockNames(events: readonly LabEvent[]): Map<string, LockName> {
  const names = new Map<string, LockName>();
  const inHandler = new Set<string>();
  const known = () => [...names.values()];
  for (const [thread, name, { lock }] of events) {
    if (name === 'fault_in') inHandler.add(thread);
    if (name === 'fault_out') inHandler.delete(thread);
    if (lock === undefined || names.has(lock)) continue;
    const isIn = inHandler.has(thread);
    const meant: LockName | undefined =
      name === 'down_read_trylock_in' && !isIn
        ? 'mmap_lock'
        : name === 'mutex_lock_in' && isIn
          ? 'vma_lock'
          : name === 'down_read_in' && isIn
            ? 'memory_lock'
            : undefined;
    if (meant !== undefined && !known().includes(meant)) names.set(lock, meant);
  }
  return names;
}

function startOf(events: readonly LabEvent[]): bigint | undefined {
  const address = events.find(([, name]) => name === 'remap_in' || name === 'insert_in')?.[2].address;
  return address === undefined ? undefined : BigInt(address);
}

/** What the simulation has a word for too; undefined for one half of what another event tells, and for locks that are not this story's. */
function tell(kind: string, values: Values, { locks, start }: Words): string | undefined {
  const { lock: at, address, ret } = values;
  if (!isTold(kind) || isHalf({ kind })) return undefined;
  const lock = at === undefined ? undefined : locks.get(at);
  if (at !== undefined && lock === undefined) return undefined;
  if (kind === 'down_read_out' && ret === '0') return undefined;
  const isWithin = address !== undefined && start !== undefined && BigInt(address) >= start;
  return tellDeed({
    kind,
    ...(lock && { lock }),
    ...(isWithin && { page: Number((BigInt(address) - start) / 4096n) }),
    ...(ret !== undefined && { ret: Number(ret) }),
  });
}

/** What the lab alone sees, or its marks say. */
const OURS: Readonly<Record<string, (values: Values) => string | undefined>> = {
  mark: markText,
  zaplock_in: () => 'vfio_pci_zap_and_down_write_memory_lock()',
  zap_out: () => 'zap_vma_ptes() is done',
};

const MARKS: Readonly<Record<string, string>> = {
  off: 'switches the memory off ...',
  on: '... the memory is on again',
};

function markText({ text = '' }: Values): string | undefined {
  const page = /^stale=(\d+)$/.exec(text)?.[1];
  return page === undefined ? MARKS[text] : tellDeed({ kind: 'stale', page: Number(page) });
}
