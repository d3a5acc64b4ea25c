/** Tells an iteration's events as a person would: what each thread did, with the locks' names and the pages' numbers. */

import type { LabEvent } from './recording.ts';

export interface Deed {
  readonly thread: string;
  readonly text: string;
}

/** What happened in an iteration until the next one was prepared. */
export function storyOf(iteration: readonly LabEvent[]): Deed[] {
  const words: Words = { locks: lockNames(iteration), start: startOf(iteration) };
  const clearing = iteration.findIndex(([, name]) => name === 'unmap_in');
  const told = clearing < 0 ? iteration : iteration.slice(0, clearing);
  return told.flatMap(([thread, name, values]) => {
    const text = TELLING[name]?.(values, words);
    return text === undefined ? [] : [{ thread, text }];
  });
}

interface Words {
  readonly locks: ReadonlyMap<string, string>;
  /** Where the mapping begins; undefined where nobody filled it. */
  readonly start: bigint | undefined;
}

type Values = LabEvent[2];

/** The probes give addresses. Which lock is which, the handler's order tells: mmap_lock before it, then vma_lock, then memory_lock. */
function lockNames(events: readonly LabEvent[]): Map<string, string> {
  const names = new Map<string, string>();
  const inHandler = new Set<string>();
  const known = () => [...names.values()];
  for (const [thread, name, { lock }] of events) {
    if (name === 'fault_in') inHandler.add(thread);
    if (name === 'fault_out') inHandler.delete(thread);
    if (lock === undefined || names.has(lock)) continue;
    const isIn = inHandler.has(thread);
    const meant =
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

function pageAt({ address }: Values, { start }: Words): string {
  if (address === undefined || start === undefined || BigInt(address) < start) return 'a page';
  return `page ${(BigInt(address) - start) / 4096n}`;
}

/** A call with the lock it is about; undefined for locks that are not this story's. */
function lockCall(call: string) {
  return ({ lock = '' }: Values, { locks }: Words) => (locks.has(lock) ? `${call}(${locks.get(lock)})` : undefined);
}

// include/linux/mm_types.h, v6.1.
const RETURNED: Readonly<Record<string, string>> = {
  '0x1': 'VM_FAULT_OOM',
  '0x2': 'VM_FAULT_SIGBUS',
  '0x100': 'VM_FAULT_NOPAGE',
};

const MARKS: Readonly<Record<string, string>> = {
  off: 'switches the memory off ...',
  on: '... the memory is on again',
};

function markText({ text = '' }: Values): string | undefined {
  const stale = /^stale=(\d+)$/.exec(text)?.[1];
  return stale === undefined ? MARKS[text] : `reads page ${stale}: that works, with the memory off!`;
}

/** Events without a telling are one half of what another tells. */
const TELLING: Readonly<Record<string, (values: Values, words: Words) => string | undefined>> = {
  mark: markText,
  page_fault_user: (values, words) => `page fault at ${pageAt(values, words)}`,
  // The probe stands a little behind the look itself: others may come between.
  pte_none_seen: () => 'has seen the entry empty',
  fault_in: () => 'vfio_pci_mmap_fault()',
  fault_out: ({ ret = '' }) => `returns ${RETURNED[ret] ?? ret}`,
  mutex_wait: (values, words) => lockCall('waits')(values, words)?.replace(/\((.*)\)/, ' for $1'),
  mutex_lock_out: lockCall('mutex_lock'),
  mutex_unlock_in: lockCall('mutex_unlock'),
  down_read_out: lockCall('down_read'),
  down_read_trylock_out: (values, words) => (values.ret === '1' ? lockCall('down_read')(values, words) : undefined),
  up_read_in: lockCall('up_read'),
  down_write_in: (values, words) => lockCall('wants')(values, words)?.replace(/\((.*)\)/, ' $1 as the writer'),
  down_write_out: lockCall('down_write'),
  up_write_in: lockCall('up_write'),
  remap_in: () => 'remap_pfn_range() begins',
  remap_out: ({ ret = '' }) => `remap_pfn_range() is done: ${ret}`,
  insert_in: (values, words) => `vmf_insert_pfn(${pageAt(values, words)})`,
  zaplock_in: () => 'vfio_pci_zap_and_down_write_memory_lock()',
  zap_in: () => 'zap_vma_ptes() begins',
  zap_out: () => 'zap_vma_ptes() is done',
};
