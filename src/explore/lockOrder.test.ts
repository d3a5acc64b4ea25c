/** Lock order: rings that no execution closes, and those that are none. */

import { describe, expect, test } from 'vitest';
import { mutex, rwlock } from './cells.ts';
import { explore } from './explore.ts';
import { type Everything, having, programWith } from './fixtures/programs.ts';
import type { Engine, Steps } from './program.ts';
import { play, replay } from './replay.ts';
import { acquire, acquireShared, release, releaseShared, tryAcquire, waitForCompletion, write } from './steps.ts';

const inOrder = (...names: ('m' | 'n')[]) =>
  function* (w: Everything): Steps {
    for (const name of names) yield* acquire(w[name]);
    for (const name of names.toReversed()) yield* release(w[name]);
  };

const abba = having((w) => ({ A: () => inOrder('m', 'n')(w), B: () => inOrder('n', 'm')(w) }));

describe.each(['graph', 'dpor', 'auto'] as Engine[])('%s', (engine) => {
  const found = (program: Parameters<typeof explore<Everything>>[0]) => explore(program, { engine }).violation;

  test('two locks in two orders, though a third keeps them apart', () => {
    const gate = having((w) => ({
      *A() {
        yield* acquire(w.rw);
        yield* inOrder('m', 'n')(w);
        yield* release(w.rw);
      },
      *B() {
        yield* acquire(w.rw);
        yield* inOrder('n', 'm')(w);
        yield* release(w.rw);
      },
    }));
    const violation = found(gate);
    expect(violation).toMatchObject({
      kind: 'lock order',
      message: 'A takes n while it holds m; B takes m while it holds n',
      minimal: false,
    });
    expect(violation?.orders).toMatchObject([
      { task: 'A', holds: 'm', takes: 'n' },
      { task: 'B', holds: 'n', takes: 'm' },
    ]);
    for (const { schedule, holds, takes } of violation?.orders ?? []) {
      const last = play(gate, schedule, { kind: 'lock order' }).trace.steps.at(-1);
      expect(last?.operation).toBe(`acquire(${takes})`);
      expect(last?.locks).toContain(holds);
    }
  });

  test('a real deadlock is said as such', () => expect(found(abba)?.kind).toBe('deadlock'));

  test('one task in both orders, trying, and readers of an unfair lock are none', () => {
    const alone = having((w) => ({
      *A() {
        yield* inOrder('m', 'n')(w);
        yield* inOrder('n', 'm')(w);
      },
      B: () => write(w.x, 1),
    }));
    const trying = having((w) => ({
      A: () => inOrder('m', 'n')(w),
      *B() {
        yield* acquire(w.n);
        if (yield* tryAcquire(w.m)) yield* release(w.m);
        yield* release(w.n);
      },
    }));
    const readers = having((w) => ({
      *A() {
        yield* acquireShared(w.rw);
        yield* inOrder('m')(w);
        yield* releaseShared(w.rw);
      },
      *B() {
        yield* acquire(w.m);
        yield* acquireShared(w.rw);
        yield* releaseShared(w.rw);
        yield* release(w.m);
      },
    }));
    expect([alone, trying, readers].map(found)).toEqual([undefined, undefined, undefined]);
  });
});

describe('locks of one class', () => {
  const locks = () => ({
    a: mutex('table of a', { class: 'table' }),
    b: mutex('table of b', { class: 'table' }),
    m: mutex('m'),
    p: rwlock('space of p', { class: 'space', recursive: false }),
    q: rwlock('space of q', { class: 'space', recursive: false }),
  });
  type Locks = ReturnType<typeof locks>;
  const under = (outer: keyof Locks, inner: keyof Locks) =>
    function* (w: Locks): Steps {
      yield* acquire(w[outer]);
      yield* acquire(w[inner]);
      yield* release(w[inner]);
      yield* release(w[outer]);
    };
  const reading = (outer: keyof Locks, inner: keyof Locks) =>
    function* (w: Locks): Steps {
      const [take, give] = outer === 'm' ? [acquire, release] : [acquireShared, releaseShared];
      yield* take(w[outer]);
      yield* acquireShared(w[inner]);
      yield* releaseShared(w[inner]);
      yield* give(w[outer]);
    };
  const foundIn = (tasks: Record<string, (w: Locks) => Steps>, engine: Engine | 'auto' = 'auto') =>
    explore(
      programWith(locks, (w) => Object.fromEntries(Object.entries(tasks).map(([name, of]) => [name, () => of(w)]))),
      { engine },
    ).violation;

  test.each(['graph', 'dpor', 'auto'] as Engine[])('one under another is a ring by itself (%s)', (engine) => {
    expect(foundIn({ A: under('a', 'b') }, engine)).toMatchObject({
      kind: 'lock order',
      message: 'A takes table of b while it holds table of a; table of b and table of a are of one class, table',
      orders: [{ task: 'A', holds: 'table of a', takes: 'table of b', holdsClass: 'table', takesClass: 'table' }],
      schedule: 'A2',
    });
  });

  test('a ring goes from one lock of a class to another', () => {
    expect(foundIn({ A: under('a', 'm'), B: under('m', 'b') })?.message).toBe(
      'A takes m while it holds table of a; B takes table of b while it holds m; table of b and table of a are of one class, table',
    );
    expect(foundIn({ A: under('a', 'm'), B: under('b', 'm') })).toBeUndefined();
  });

  test('trying is none', () => {
    function* trying(w: Locks): Steps {
      yield* acquire(w.a);
      if (yield* tryAcquire(w.b)) yield* release(w.b);
      yield* release(w.a);
    }
    expect(foundIn({ A: trying })).toBeUndefined();
  });

  test('readers that are not recursive count as waiting for readers', () => {
    const twice = 'A takes space of p while it holds space of p';
    expect(foundIn({ A: reading('p', 'p') })).toMatchObject({ kind: 'lock order', message: twice });
    expect(foundIn({ A: reading('p', 'q') })?.kind).toBe('lock order');
    function* readThenLock(w: Locks): Steps {
      yield* acquireShared(w.p);
      yield* acquire(w.m);
      yield* release(w.m);
      yield* releaseShared(w.p);
    }
    expect(foundIn({ A: readThenLock, B: reading('m', 'q') })?.kind).toBe('lock order');
    expect(foundIn({ A: readThenLock, B: readThenLock })).toBeUndefined();
  });
});

describe('where the locks were taken', () => {
  const first = (w: Everything, lock: 'm' | 'n') => acquire(w[lock], 'first');
  const second = (w: Everything, lock: 'm' | 'n') => acquire(w[lock], 'second');
  function* holdFirst(w: Everything, lock: 'm' | 'n'): Steps {
    yield* first(w, lock);
  }
  function* takeSecond(w: Everything, lock: 'm' | 'n'): Steps {
    yield* second(w, lock);
  }
  const crossed = (gate: boolean) =>
    having(
      (w) => {
        const body = (one: 'm' | 'n', other: 'm' | 'n') =>
          function* (): Steps {
            if (gate) yield* acquire(w.rw);
            yield* holdFirst(w, one);
            yield* takeSecond(w, other);
            yield* release(w[other]);
            yield* release(w[one]);
            if (gate) yield* release(w.rw);
          };
        return { A: body('m', 'n'), B: body('n', 'm') };
      },
      { source: (name) => (name === 'holdFirst' || name === 'takeSecond' ? 'order.c' : undefined) },
    );
  const places = {
    holdsAt: [{ function: 'holdFirst', file: 'order.c' }],
    takesAt: [{ function: 'takeSecond', file: 'order.c' }],
  };

  test('is told of a deadlock', () => {
    const violation = explore(crossed(false)).violation;
    expect(violation?.kind).toBe('deadlock');
    expect(violation?.orders).toEqual([
      { task: 'A', holds: 'm', takes: 'n', schedule: violation?.schedule, ...places },
      { task: 'B', holds: 'n', takes: 'm', schedule: violation?.schedule, ...places },
    ]);
    expect(violation?.trace.ending.orders).toEqual(violation?.orders);
    expect(replay(crossed(false), violation?.schedule ?? '').ending.orders).toEqual(violation?.orders);
  });

  test('is told of an order that no execution closes', () => {
    const violation = explore(crossed(true)).violation;
    expect(violation?.kind).toBe('lock order');
    expect(violation?.orders).toMatchObject([
      { task: 'A', holds: 'm', takes: 'n', ...places },
      { task: 'B', holds: 'n', takes: 'm', ...places },
    ]);
    expect(violation?.trace.ending.orders).toEqual(violation?.orders);
  });

  test('not of tasks that wait for something else', () => {
    const waiting = having((w) => ({ A: () => waitForCompletion(w.done) }));
    expect(explore(waiting).violation).toMatchObject({ kind: 'deadlock' });
    expect(explore(waiting).violation).not.toHaveProperty('orders');
  });
});
