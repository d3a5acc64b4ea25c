// misconception: look-again-then-write
import { type Cell, type Lock, read, type Steps, write } from '#explore';

export const schedule = 'A-B4-A3';

export const outcomes = 3;

export function* countFault(faults: Cell<number>, _lock: Lock): Steps {
  let n = yield* read(faults);
  for (let now = yield* read(faults); now !== n; now = yield* read(faults)) n = now;
  yield* write(faults, n + 1);
}
