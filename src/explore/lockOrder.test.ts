/** Lock order: rings that no execution closes, and those that are none. */

import { describe, expect, test } from 'vitest';
import { explore } from './explore.ts';
import { type Everything, having } from './fixtures/programs.ts';
import type { Engine, Steps } from './program.ts';
import { play } from './replay.ts';
import { acquire, acquireShared, release, releaseShared, tryAcquire, write } from './steps.ts';

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
