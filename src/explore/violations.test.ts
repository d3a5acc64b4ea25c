/** Each kind of violation: what it says, the least schedule that shows it, and how its trace ends. */

import { describe, expect, test } from 'vitest';
import { called } from './calls.ts';
import { explore } from './explore.ts';
import { allOf, alone, type Everything, having, violationOf } from './fixtures/programs.ts';
import type { Steps } from './program.ts';
import { replay } from './replay.ts';
import {
  acquire,
  acquireShared,
  again,
  bug,
  free,
  get,
  join,
  read,
  readAs,
  release,
  spawn,
  tryAcquire,
  waitFor,
  waitForCompletion,
  warn,
  write,
} from './steps.ts';

test('a lost update is a check that fails, by one preemption', () => {
  const increment = (w: Everything) =>
    function* () {
      yield* write(w.x, (yield* read(w.x)) + 1);
    };
  const program = having((w) => ({ A: increment(w), B: increment(w) }), {
    check: (w: Everything, now: { get(of: Everything['x']): number }) =>
      now.get(w.x) === 2 ? undefined : `lost update: x is ${now.get(w.x)}`,
  });
  const violation = violationOf(program);
  expect(violation).toMatchObject({ kind: 'check', message: 'lost update: x is 1', schedule: 'A-B2-A', minimal: true });
  expect(violation.trace.ending).toEqual({ kind: 'check', message: 'lost update: x is 1' });
  expect(violation.trace.steps.map(({ switched }) => switched)).toEqual(['no', 'preemption', 'no', 'switch']);
  expect(replay(program, violation.schedule).ending).toEqual(violation.trace.ending);
});

test('an invariant is asked in every state, not only at the end', () => {
  const program = having(
    (w) => ({
      *A() {
        yield* write(w.x, 1);
        yield* write(w.x, 0);
      },
    }),
    {
      invariant: (w: Everything, now: { get(of: Everything['x']): number }) =>
        now.get(w.x) ? 'x is 0: it is not' : undefined,
    },
  );
  expect(violationOf(program)).toMatchObject({ kind: 'invariant', message: 'x is 0: it is not', schedule: 'A' });
});

describe('bug and warning', () => {
  test('BUG kills the task with its locks held, and no finally runs', () => {
    let cleaned = 0;
    const violation = violationOf(
      having((w) => ({
        *A() {
          yield* acquire(w.m);
          try {
            yield* bug('list corruption', 'BUG');
          } finally {
            cleaned++;
          }
        },
        *B() {
          yield* acquire(w.m);
          yield* release(w.m);
        },
      })),
    );
    expect(violation).toMatchObject({ kind: 'bug', message: 'list corruption', task: 'A', schedule: 'A' });
    expect(violation.held).toEqual([{ task: 'A', lock: 'm' }]);
    expect(violation.trace.steps[0]?.plain[0]?.operation).toBe('BUG("list corruption")');
    expect(violation.trace.steps[0]?.blocked).toEqual([{ task: 'B', lock: 'm', heldBy: ['A'] }]);
    expect(cleaned).toBe(0);
  });

  test('who is stuck behind the dead is no deadlock: by lock, by join, by a completion that will not come', () => {
    const stuck = having((w) => ({
      *A() {
        yield* acquire(w.m);
        yield* bug('dead');
      },
      *B() {
        yield* acquire(w.n);
        yield* acquire(w.m);
      },
      *C() {
        yield* acquire(w.n);
        yield* release(w.n);
      },
      D: () => waitForCompletion(w.done),
      E: () => join('A'),
    }));
    expect(allOf(stuck).filter((each) => each.startsWith('deadlock'))).toEqual([]);
  });

  test('a WARN is recorded, and the task goes on', () => {
    const program = having((w) => ({
      *A() {
        yield* warn('odd', 'WARN_ON');
        yield* write(w.x, 1);
        yield* bug('and then dead');
      },
    }));
    expect(allOf(program)).toEqual(['warning: odd', 'bug: and then dead']);
  });
});

describe('lock misuse', () => {
  const misuse = (body: (w: Everything) => Steps<unknown>) => violationOf(alone(body));

  test('release of what is not held', () => {
    expect(misuse((w) => release(w.m))).toMatchObject({
      kind: 'lock misuse',
      message: 'release(m), but the task does not hold it',
    });
    const wrongWay = misuse(function* (w) {
      yield* acquireShared(w.rw);
      yield* release(w.rw);
    });
    expect(wrongWay.message).toBe('release(rw), but the task does not hold it');
  });

  test('return, or starting over, with a lock held', () => {
    expect(misuse((w) => acquire(w.m)).message).toBe('A returned while it holds m');
    const over = misuse(function* (w) {
      yield* acquire(w.m);
      yield* again();
    });
    expect(over.message).toBe('starts over while it holds m');
    expect(over.held).toEqual([{ task: 'A', lock: 'm' }]);
  });

  test('sleeping under a spinlock; trying is not sleeping', () => {
    const under = (inside: (w: Everything) => Steps<unknown>) =>
      function* (w: Everything) {
        yield* acquire(w.s);
        yield* inside(w);
        yield* release(w.s);
      };
    expect(misuse(under((w) => acquire(w.m, 'mutex_lock'))).message).toBe(
      'mutex_lock(m) may sleep, and s is a spinlock that the task holds',
    );
    const trying = function* (w: Everything) {
      if (yield* tryAcquire(w.m)) yield* release(w.m);
    };
    expect(explore(alone(under(trying))).verdict).toBe('holds');
  });

  test('sharing a mutex, and a lock operation on what is no lock', () => {
    expect(misuse((w) => acquireShared(w.m)).message).toBe('m is a mutex, which has no readers');
    const noLock = misuse((w) => acquire(w.x as never));
    expect(noLock).toMatchObject({ kind: 'exception', message: 'an operation was given x, which is not a lock' });
  });
});

test('use after free: reading, writing, and freeing twice', () => {
  const after = (use: (w: Everything) => Steps<unknown>) =>
    violationOf(
      alone(function* (w) {
        yield* free(w.thing);
        yield* use(w);
      }),
    );
  const message = 'thing.size belongs to an object that was freed';
  expect(after((w) => get(w.thing.size))).toMatchObject({ kind: 'use after free', message });
  expect(after((w) => write(w.thing.size, 2))).toMatchObject({ kind: 'use after free', message });
  expect(after((w) => waitFor(w.thing.size, () => false))).toMatchObject({ kind: 'use after free', message });
  expect(after((w) => free(w.thing))).toMatchObject({ kind: 'use after free', message: 'world.thing is freed twice' });
});

test('a forgotten yield is found in the step that should have had it', () => {
  const helper = (w: Everything) => called('helper', write(w.x, 1), 7);
  const program = alone(function* (w) {
    helper(w);
    yield* read(w.x);
  });
  const message = 'helper() in line 7 is called without yield*, so it never ran';
  expect(violationOf(program)).toMatchObject({ kind: 'forgotten yield', message, task: 'A', schedule: '' });
});

describe('livelock', () => {
  test('a task that tries for ever, and the steps that repeat', () => {
    const program = alone(function* (w) {
      yield* write(w.y, 1);
      if ((yield* read(w.x)) === 0) yield* again();
    });
    const violation = violationOf(program);
    expect(violation).toMatchObject({ kind: 'livelock', message: 'A can go on for ever without getting anywhere' });
    expect(violation.trace.ending.repeatsFrom).toBeLessThan(violation.trace.steps.length);
    expect(replay(program, violation.schedule).ending).toMatchObject({
      kind: 'livelock',
      repeatsFrom: violation.trace.ending.repeatsFrom,
    });
  });

  test('a spin that only an unfair scheduler keeps going is none', () => {
    const program = having((w) => ({
      *A() {
        if ((yield* read(w.x)) === 0) yield* again();
      },
      B: () => write(w.x, 1),
    }));
    const exploration = explore(program);
    expect(exploration).toMatchObject({ verdict: 'holds', complete: true });
    expect(exploration.interleavings).toBeUndefined();
  });

  test('two that keep stepping back for each other', () => {
    const polite = (mine: 'm' | 'n', other: 'm' | 'n') =>
      function* (w: Everything) {
        yield* acquire(w[mine]);
        const both = yield* tryAcquire(w[other]);
        if (both) yield* release(w[other]);
        yield* release(w[mine]);
        if (!both) yield* again();
      };
    const program = having((w) => ({ A: () => polite('m', 'n')(w), B: () => polite('n', 'm')(w) }));
    expect(violationOf(program)).toMatchObject({
      kind: 'livelock',
      message: 'A, B can go on for ever without getting anywhere',
    });
  });
});

test('an endless loop: starting over without a scheduling point', () => {
  const program = alone(function* (w) {
    yield* get(w.x);
    yield* again();
  });
  expect(violationOf(program)).toMatchObject({
    kind: 'endless loop',
    message: 'the body starts over for ever without a scheduling point',
  });
});

describe('exception', () => {
  const thrown = (body: (w: Everything) => Steps<unknown>) => violationOf(alone(body));
  const text = 'Error: no such page';
  const fail = () => {
    throw new Error('no such page');
  };

  test('thrown by a body, before and after its first operation, and by what it gives to an operation', () => {
    expect(thrown(fail)).toMatchObject({ kind: 'exception', message: text, schedule: '' });
    const late = thrown(function* (w) {
      yield* read(w.x);
      fail();
    });
    expect(late).toMatchObject({ kind: 'exception', message: text, schedule: 'A' });
    expect(thrown((w) => readAs(w.x, fail))).toMatchObject({ kind: 'exception', message: text });
    expect(thrown((w) => waitFor(w.x, fail))).toMatchObject({ kind: 'exception', message: text });
  });

  test('thrown by the program: invariant, check, outcome', () => {
    const body = (w: Everything) => ({ A: () => read(w.x) });
    expect(violationOf(having(body, { invariant: fail })).message).toBe(`invariant: ${text}`);
    expect(violationOf(having(body, { check: fail })).message).toBe(`check: ${text}`);
    expect(violationOf(having(body, { outcome: fail })).message).toBe(`outcome: ${text}`);
  });

  test('a spawned name that is taken, or that is no name', () => {
    expect(thrown((w) => spawn('A', () => read(w.x))).message).toBe('spawn(A): there is a task of that name');
    expect(thrown((w) => spawn('B2', () => read(w.x))).message).toContain('use letters and _ only');
  });

  test('what is yielded is no operation', () => {
    expect(
      thrown(function* () {
        yield 3 as never;
      }).message,
    ).toContain('which is no operation');
  });
});
