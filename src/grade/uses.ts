/** What a submission's values may be where they are used: an operation that never ran is refused there, and so is a cell that nobody read. */

import { forgottenCall } from '#explore/calls';
import { Cell } from '#explore/cells';
import { Fault } from '#explore/fault';
import { Operation } from '#explore/operations';
import type { Use } from './compile/uses.ts';

/** Returns the value as it came, or throws what is wrong with using it. `written` is how the learner wrote it. */
type Check = <T>(line: number, value: T, written: string) => T;

export const uses: Readonly<Record<Use, Check>> = {
  value(line, value, written) {
    if (value instanceof Cell) throw unread(line, written);
    return uses.test(line, value, written);
  },

  /** In a condition: whether there is a cell at all may be asked. */
  test(_line, value) {
    const forgotten = isGenerator(value) ? forgottenCall() : undefined;
    if (forgotten) throw forgotten;
    return value;
  },

  /** What a loop goes through. */
  each(line, value, written) {
    if (isListHead(value)) throw notAnArray(line, written);
    return uses.object(line, value, written);
  },

  /** What a member is taken of. */
  object(line, value, written) {
    if (value instanceof Cell) throw unread(line, written);
    return isGenerator(value) ? (withoutOperations(line, written, value) as typeof value) : value;
  },
};

/** A generator of the learner's own may be gone through like any other, unless there are operations in it. */
function* withoutOperations(line: number, written: string, values: Generator): Generator {
  const forgotten = forgottenCall() ?? new Fault('forgotten yield', `${written} in line ${line} lacks its yield*`);
  for (const value of values) {
    if (value instanceof Operation) throw forgotten;
    yield value;
  }
}

const unread = (line: number, written: string) =>
  new Fault(
    'forgotten yield',
    `${written} in line ${line} is the cell, not what it holds: write (yield* get(${written}))`,
  );

const notAnArray = (line: number, written: string) =>
  new Fault(
    'forgotten yield',
    `${written} in line ${line} is the head of a list: write for (const entry of yield* entriesOf(${written}))`,
  );

const isGenerator = (value: unknown): value is Generator =>
  typeof value === 'object' && value !== null && Reflect.get(value, Symbol.toStringTag) === 'Generator';

function isListHead(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Reflect.get(value, 'next') instanceof Cell && Reflect.get(value, 'prev') instanceof Cell;
}
