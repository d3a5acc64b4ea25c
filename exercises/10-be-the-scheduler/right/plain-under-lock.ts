import { acquire, type Cell, get, type Lock, release, type Steps, set } from '#explore';

export const schedule = 'A-B';

export const outcomes = 3;

// Under the lock nobody else is there, so plain accesses will do: they are no scheduling points.
export function* countFault(faults: Cell<number>, lock: Lock): Steps {
  yield* acquire(lock);
  yield* set(faults, (yield* get(faults)) + 1);
  yield* release(lock);
}
