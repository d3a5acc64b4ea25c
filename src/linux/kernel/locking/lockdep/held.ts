/** How lockdep names locks and tasks. Models kernel/locking/lockdep.c, v5.14; left out: addresses, and the marks of a lock's usage. */

import type { Frame, Trace } from '#explore';
import { locksHeld, takerIn, takerText, taskName } from '../../../incident.ts';

export const SOURCE = 'Linux with lockdep (CONFIG_PROVE_LOCKING)';

/** `(vma_lock), at: vfio_pci_mmap_fault (line 12)`; in front, the class that the lock counts for, if it has one. */
export function lockText(name: string, lockClass: string | undefined, stack: readonly Frame[]): string {
  return `(${labelOf(name, lockClass)})${takerText(takerIn(stack))}`;
}

export const labelOf = (name: string, lockClass: string | undefined): string =>
  lockClass === undefined || lockClass === name ? name : `${lockClass}: ${name}`;

/** The locks that the task holds at the end, the first taken first; `then`: those that it held at another moment. */
export function heldLines(trace: Trace, task: string, then?: readonly string[]): string[] {
  const atEnd = locksHeld(trace, task);
  const isAtEnd = (lock: string) => atEnd.some((each) => each.lock === lock);
  const released = (then ?? []).filter((lock) => !isAtEnd(lock)).map((lock) => ({ lock, at: undefined }));
  const held = [...atEnd.filter(({ lock }) => then?.includes(lock) ?? true), ...released];
  const name = taskName(trace, task);
  if (held.length === 0) return [`no locks held by ${name}.`];
  return [
    `${held.length} ${held.length === 1 ? 'lock' : 'locks'} held by ${name}:`,
    ...held.map(({ lock, at }, index) => ` #${index}: (${lock})${takerText(at)}`),
  ];
}

/** A title between two rules of its length. */
export function banner(title: string): string[] {
  return ['='.repeat(title.length), title, '-'.repeat(title.length)];
}
