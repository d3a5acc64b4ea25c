/** Data races: what orders two accesses, and what does not. */

import { describe, expect, test } from 'vitest';
import { allOf, alone, type Everything, having, violationOf } from './fixtures/programs.ts';
import type { Steps } from './program.ts';
import {
  acquire,
  acquireShared,
  compareAndSwap,
  free,
  get,
  join,
  read,
  release,
  releaseShared,
  set,
  spawn,
  waitFor,
  write,
} from './steps.ts';

test('two plain accesses, with both places', () => {
  const program = having((w) => ({ A: () => set(w.x, 1), B: () => get(w.x) }));
  const violation = violationOf(program, { stopAt: 'never' });
  expect(violation).toMatchObject({
    kind: 'data race',
    message: 'x: A writes, B reads, and nothing orders the two',
    accesses: [
      { task: 'A', cell: 'x', access: 'write', plain: true },
      { task: 'B', cell: 'x', access: 'read', plain: true },
    ],
  });
});

const pair = (one: (w: Everything) => Steps<unknown>, other: (w: Everything) => Steps<unknown>) =>
  allOf(having((w) => ({ A: () => one(w), B: () => other(w) })));
const underLock = (access: (w: Everything) => Steps<unknown>) =>
  function* (w: Everything) {
    yield* acquire(w.m);
    yield* access(w);
    yield* release(w.m);
  };

test('none under one lock, none between two reads, none between two atomics', () => {
  const writes = underLock((w) => set(w.x, 1));
  expect(pair(writes, writes)).toEqual([]);
  expect(
    pair(
      (w) => get(w.x),
      (w) => get(w.x),
    ),
  ).toEqual([]);
  expect(
    pair(
      (w) => write(w.x, 1),
      (w) => read(w.x),
    ),
  ).toEqual([]);
});

test('one under a lock is not enough, nor are two readers of an rwlock', () => {
  expect(
    pair(
      underLock((w) => set(w.x, 1)),
      (w) => get(w.x),
    ),
  ).toHaveLength(1);
  const shared = function* (w: Everything) {
    yield* acquireShared(w.rw);
    yield* set(w.x, 1);
    yield* releaseShared(w.rw);
  };
  expect(pair(shared, shared)).toEqual(['data race: x: A writes, B writes, and nothing orders the two']);
});

test('an atomic access races with a plain one, also with what an unstarted task does before its first point', () => {
  const readsFirst = function* (w: Everything) {
    yield* get(w.x);
    yield* write(w.y, 1);
  };
  const message = 'data race: x: A writes atomically, B reads, and nothing orders the two';
  expect(pair((w) => write(w.x, 1), readsFirst)).toEqual([message]);
  expect(pair((w) => compareAndSwap(w.x, 5, 1), readsFirst)).toEqual([]);
});

test('whoever waits for a cell reads it all the while', () => {
  const sets = underLock((w) => set(w.x, 1));
  expect(pair((w) => waitFor(w.x, (x) => x === 0), sets)).toContainEqual(expect.stringMatching(/^data race/));
});

test('handing over by an atomic flag, by spawn and by join orders', () => {
  const handOver = having((w) => ({
    *A() {
      yield* read(w.y);
      yield* set(w.x, 1);
      yield* write(w.y, 1);
    },
    *B() {
      yield* waitFor(w.y, (y) => y === 1);
      yield* get(w.x);
    },
  }));
  expect(allOf(handOver)).toEqual([]);
  const children = alone(function* (w) {
    yield* set(w.x, 1);
    yield* spawn('Child', () => set(w.x, 2));
    yield* join('Child');
    yield* set(w.x, 3);
  });
  expect(allOf(children)).toEqual([]);
});

test('freeing is writing', () => {
  const [race] = pair(
    (w) => free(w.thing),
    (w) => get(w.thing.size),
  );
  expect(race).toBe('data race: thing.size: A writes, B reads, and nothing orders the two');
});

describe('what is told of an access', () => {
  function* putting(w: Everything): Steps {
    yield* set(w.x, 1);
  }
  function* looking(w: Everything): Steps<number> {
    return yield* get(w.x);
  }
  const told = (tasks: (w: Everything) => Record<string, () => Steps<unknown>>) =>
    violationOf(
      having(tasks, { source: (name) => (['putting', 'looking', 'waiting'].includes(name) ? 'x.c' : undefined) }),
    );

  test('its place, also if its task has not started, and the locks that were held', () => {
    const violation = told((w) => ({
      *A() {
        yield* acquire(w.m);
        yield* putting(w);
        yield* release(w.m);
      },
      B: () => looking(w),
    }));
    expect(violation.accesses).toMatchObject([
      { task: 'A', stack: [{ function: 'putting', file: 'x.c' }], locks: ['m'] },
      { task: 'B', stack: [{ function: 'looking', file: 'x.c' }], locks: [] },
    ]);
    expect(violation.trace.ending.accesses).toEqual(violation.accesses);
  });

  test('where it is waited for', () => {
    function* waiting(w: Everything): Steps {
      yield* waitFor(w.x, (x) => x === 2);
    }
    const violation = told((w) => ({ A: () => putting(w), B: () => waiting(w) }));
    expect(violation).toMatchObject({ kind: 'data race' });
    expect(violation.accesses?.[1]).toMatchObject({
      plain: false,
      stack: [{ function: 'waiting', file: 'x.c' }],
      locks: [],
    });
  });
});
