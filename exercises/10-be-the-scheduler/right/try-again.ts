import { type Cell, compareAndSwap, type Lock, read, type Steps, write } from '#explore';

export const schedule = 'B3-A-B';

export const outcomes = 3;

// It may be too late to write what it has read. Then it looks again.
export function* countFault(faults: Cell<number>, _lock: Lock): Steps {
  for (;;) {
    const n = yield* read(faults);
    if (yield* compareAndSwap(faults, n, n + 1)) return;
  }
}
