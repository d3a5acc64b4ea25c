/** What a submission's values may be where they are used: an operation that never ran is refused there, and so is a cell that nobody read. */

import { forgottenCall } from '#explore/calls';
import { Cell } from '#explore/cells';
import { Fault } from '#explore/fault';
import { Operation } from '#explore/operations';
import { members } from './compile/members.ts';
import type { Runtime } from './load.ts';
import { meant } from './unknown-members.ts';

/** Each returns the value as it came, or throws what is wrong with using it. `written` is how the learner wrote it. */
export const uses: Runtime['use'] = {
  value(line, value, written) {
    if (value instanceof Cell) throw unread(line, written);
    return uses.test(line, value, written);
  },

  /** What is reckoned with: nothing comes of undefined, and nobody would say so. */
  number(line, value, written) {
    const [, name] = /\.(\w+)$/.exec(written) ?? [];
    if (value === undefined && name !== undefined) throw new TypeError(noMember(line, written, name));
    return uses.value(line, value, written);
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

  pair(line, one, other, written, otherWritten) {
    refuseHolder(line, one, written, other, otherWritten);
    refuseHolder(line, other, otherWritten, one, written);
  },

  /** What a member is taken of. */
  object(line, value, written) {
    if (value instanceof Cell) throw unread(line, written);
    return isGenerator(value) ? (withoutOperations(line, written, value) as typeof value) : value;
  },
};

/** The one has a cell called as the other is: an entry of a list is never the vma that it holds. */
function refuseHolder(line: number, holder: unknown, written: string, held: unknown, heldWritten: string): void {
  const name = heldWritten.split('.').at(-1) ?? '';
  if (!isPlain(holder) || !isPlain(held) || !(Reflect.get(holder, name) instanceof Cell)) return;
  if (Reflect.get(held, name) instanceof Cell) return;
  throw new Fault(
    'forgotten yield',
    `${written} in line ${line} is what holds a ${name}, not the ${name} itself: write (yield* get(${written}.${name}))`,
  );
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Cell);

/** A generator of the learner's own may be gone through like any other, unless there are operations in it. */
function* withoutOperations(line: number, written: string, values: Generator): Generator {
  const forgotten = forgottenCall() ?? new Fault('forgotten yield', `${written} in line ${line} lacks its yield*`);
  for (const value of values) {
    if (value instanceof Operation) throw forgotten;
    yield value;
  }
}

function noMember(line: number, written: string, name: string): string {
  const guess = meant(
    name,
    members.filter((each) => each !== name),
  );
  return `${written} in line ${line} is undefined: it has no such member.${guess ? ` Did you mean ${guess}?` : ''}`;
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
