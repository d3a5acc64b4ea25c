// misconception: swap-without-loop
import { type Cell, compareAndSwap, type Lock, read, type Steps } from '#explore';

export const schedule = 'A-B4-A3';

export const outcomes = 3;

export function* countFault(faults: Cell<number>, _lock: Lock): Steps {
  const n = yield* read(faults);
  yield* compareAndSwap(faults, n, n + 1);
}
