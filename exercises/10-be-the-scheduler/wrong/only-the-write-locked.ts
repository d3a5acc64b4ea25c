// misconception: only-writes-locked
import { acquire, type Cell, type Lock, read, release, type Steps, write } from '#explore';

export const schedule = 'A-B4-A3';

export const outcomes = 3;

export function* countFault(faults: Cell<number>, lock: Lock): Steps {
  const n = yield* read(faults);
  yield* acquire(lock);
  yield* write(faults, n + 1);
  yield* release(lock);
}
