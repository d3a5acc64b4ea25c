import { type Cell, type Lock, type Steps, update } from '#explore';

export const schedule = 'A-B-A-B';

export const outcomes = 3;

// One step: there is no gap left.
export function* countFault(faults: Cell<number>, _lock: Lock): Steps {
  yield* update(faults, (n) => n + 1);
}
