/*
 * Two tasks, A and B, count two faults each with countFault:
 * read, write, read, write.
 *
 * 1. schedule: make them lose an update. 'A2-B' says: A makes two
 *    steps, then B makes one.
 * 2. outcomes: over all interleavings, how many different totals?
 * 3. countFault: repair it. With acquire(lock) and release(lock);
 *    update(faults, (n) => …), one step; or
 *    compareAndSwap(faults, from, to), which says whether it did.
 *    Each after yield*.
 */
import { acquire, type Cell, compareAndSwap, type Lock, read, release, type Steps, update, write } from '#explore';

export const schedule = 'A4-B4';

export const outcomes = 0;

export function* countFault(faults: Cell<number>, lock: Lock): Steps {
  const n = yield* read(faults);
  yield* write(faults, n + 1);
}
