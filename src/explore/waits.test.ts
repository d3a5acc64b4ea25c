/** Deadlocks: rings of waits, and those whom nobody will wake. */

import { expect, test } from 'vitest';
import { type Lock, rwlock } from './cells.ts';
import { explore } from './explore.ts';
import { alone, type Everything, having, violationOf } from './fixtures/programs.ts';
import type { Program, Steps } from './program.ts';
import {
  acquire,
  acquireShared,
  complete,
  join,
  release,
  releaseShared,
  waitFor,
  waitForCompletion,
  write,
} from './steps.ts';

const take = (one: 'm' | 'n', other: 'm' | 'n') =>
  function* (w: Everything): Steps {
    yield* acquire(w[one]);
    yield* acquire(w[other]);
    yield* release(w[other]);
    yield* release(w[one]);
  };
const abba = having((w) => ({ A: () => take('m', 'n')(w), B: () => take('n', 'm')(w) }));

test('two locks in two orders: found as soon as the ring closes', () => {
  const violation = violationOf(abba);
  const message = 'A waits for n, held by B; B waits for m, held by A';
  expect(violation).toMatchObject({ kind: 'deadlock', message, schedule: 'A-B', minimal: true });
  expect(violation.waits).toEqual([
    { task: 'A', lock: 'n', heldBy: ['B'] },
    { task: 'B', lock: 'm', heldBy: ['A'] },
  ]);
});

test('a ring is found though others can still move', () => {
  const { violation } = explore(having((w) => ({ ...abba.tasks(w), C: () => write(w.x, 1) })));
  expect(violation).toMatchObject({ kind: 'deadlock', schedule: 'A-B' });
});

test('with itself, also by upgrading an rwlock', () => {
  expect(violationOf(alone((w) => take('m', 'm')(w))).message).toBe('A waits for m, held by A');
  const upgrade = alone(function* (w) {
    yield* acquireShared(w.rw);
    yield* acquire(w.rw);
  });
  expect(violationOf(upgrade)).toMatchObject({ kind: 'deadlock', message: 'A waits for rw, held by A' });
});

test('a lost wake-up, and a join of one that nobody has spawned', () => {
  const sleepers = having((w) => ({ A: () => waitForCompletion(w.done), B: () => waitFor(w.x, (x) => x === 1) }));
  expect(violationOf(sleepers)).toMatchObject({
    kind: 'deadlock',
    message: 'A waits for done, which nobody will change; B waits for x, which nobody will change',
  });
  expect(violationOf(alone(() => join('Nobody'))).message).toBe('A waits for Nobody, which nobody will change');
});

test('a ring through a join', () => {
  const program = having((w) => ({
    *A() {
      yield* acquire(w.m);
      yield* join('B');
    },
    *B() {
      yield* acquire(w.m);
    },
  }));
  expect(violationOf(program).message).toBe('A waits for B to return; B waits for m, held by A');
});

test('waiting readers and a completion that comes are none', () => {
  const program = having((w) => ({
    *A() {
      yield* acquire(w.rw);
      yield* complete(w.done);
      yield* release(w.rw);
    },
    *B() {
      yield* waitForCompletion(w.done);
      yield* acquireShared(w.rw);
      yield* releaseShared(w.rw);
    },
  }));
  expect(explore(program).verdict).toBe('holds');
});

test('behind a writer who waits for a fair lock: he is not told of as its holder', () => {
  const program: Program<Lock> = {
    name: 'a fair lock',
    setup: () => rwlock('q', { fair: true }),
    tasks: (q) => ({
      A: function* () {
        yield* acquireShared(q);
        yield* acquireShared(q);
        yield* releaseShared(q);
        yield* releaseShared(q);
      },
      B: function* () {
        yield* acquire(q);
        yield* release(q);
      },
    }),
  };
  const { violation } = explore(program);
  expect(violation?.message).toBe('A waits for q, behind B; B waits for q, held by A');
  expect(violation?.waits).toEqual([
    { task: 'A', lock: 'q', heldBy: [], behind: ['B'] },
    { task: 'B', lock: 'q', heldBy: ['A'] },
  ]);
});
