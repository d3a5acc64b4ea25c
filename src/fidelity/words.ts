/** Observations in the words of a person who looks over the CPUs' shoulders: one wording for the lab, the lessons and the verdicts. */

import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS } from '#linux';
import type { Observation, ObservationKind } from './observation.ts';

/** One of the thread's own, without who did it. */
export type Deed = Omit<Observation, 'task'>;

/** What it was, as far as it is told: a range without its first page is a page. */
export function tellDeed(deed: Deed): string {
  return telling[deed.kind](deed);
}

/** Whether there is a word for it. */
export const isTold = (kind: string): kind is ObservationKind => Object.hasOwn(telling, kind);

/** Nothing is lost by leaving it out: another event tells the same, from the other side of a call. */
export const isHalf = ({ kind }: Deed): boolean => halves.includes(kind);

/** On which line an event stands, where those that are no halves are told, one a line; of a half, that of its other half. */
export function lineOf(observations: readonly Observation[], at: number): number {
  const { task } = observations[at] as Observation;
  const told = observations.findIndex((each, index) => index >= at && each.task === task && !isHalf(each));
  return observations.slice(0, told + 1).filter((each) => !isHalf(each)).length;
}

const halves: readonly ObservationKind[] = ['mutex_lock_in', 'down_read_in', 'insert_out'];

const page = (deed: Deed): string => (deed.page === undefined ? 'a page' : `page ${deed.page}`);

const lock = (deed: Deed): string => deed.lock ?? 'a lock';

const lockCall =
  (call: string) =>
  (deed: Deed): string =>
    `${call}(${lock(deed)})`;

/** include/linux/mm_types.h, v6.1. */
const answers = new Map([
  [VM_FAULT_OOM, 'VM_FAULT_OOM'],
  [VM_FAULT_SIGBUS, 'VM_FAULT_SIGBUS'],
  [VM_FAULT_NOPAGE, 'VM_FAULT_NOPAGE'],
]);

const telling: Readonly<Record<ObservationKind, (deed: Deed) => string>> = {
  page_fault_user: (deed) => `page fault at ${page(deed)}`,
  // The probe stands a little behind the look itself: others may come between.
  pte_none_seen: () => 'has seen the entry empty',
  fault_in: () => 'vfio_pci_mmap_fault()',
  fault_out: ({ ret = 0 }) => `returns ${answers.get(ret) ?? ret}`,
  mutex_lock_in: lockCall('mutex_lock'),
  mutex_wait: (deed) => `waits for ${lock(deed)}`,
  mutex_lock_out: lockCall('mutex_lock'),
  mutex_unlock_in: lockCall('mutex_unlock'),
  down_read_in: lockCall('down_read'),
  down_read_out: lockCall('down_read'),
  up_read_in: lockCall('up_read'),
  down_write_in: (deed) => `wants ${lock(deed)} as the writer`,
  down_write_out: lockCall('down_write'),
  up_write_in: lockCall('up_write'),
  remap_in: () => 'remap_pfn_range() begins',
  remap_out: ({ ret = 0 }) => `remap_pfn_range() is done: ${ret}`,
  insert_in: (deed) => `vmf_insert_pfn(${page(deed)})`,
  insert_out: ({ ret = 0 }) => `vmf_insert_pfn() returns ${answers.get(ret) ?? ret}`,
  zap_in: () => 'zap_vma_ptes() begins',
  bug: () => 'BUG_ON: the entry is not empty',
  stale: (deed) => `reads ${page(deed)}: that works, with the memory off!`,
};
