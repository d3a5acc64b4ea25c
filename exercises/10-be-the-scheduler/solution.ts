import { acquire, type Cell, type Lock, read, release, type Steps, write } from '#explore';

export const schedule = 'A-B4-A3';

export const outcomes = 3;

export function* countFault(faults: Cell<number>, lock: Lock): Steps {
  yield* acquire(lock);
  const n = yield* read(faults);
  yield* write(faults, n + 1);
  yield* release(lock);
}
