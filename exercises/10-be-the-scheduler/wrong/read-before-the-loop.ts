// misconception: read-before-the-loop
import { type Cell, compareAndSwap, type Lock, read, type Steps } from '#explore';

export const schedule = 'A-B4-A3';

export const outcomes = 3;

export function* countFault(faults: Cell<number>, _lock: Lock): Steps {
  const n = yield* read(faults);
  while (!(yield* compareAndSwap(faults, n, n + 1)));
}
