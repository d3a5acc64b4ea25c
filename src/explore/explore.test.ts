/** What a search is asked for, and what it says of how far it came. */

import { describe, expect, test } from 'vitest';
import { cell, mutex } from './cells.ts';
import { explore, start } from './explore.ts';
import { having, programWith } from './fixtures/programs.ts';
import { lastZero, p1, p2, p5 } from './fixtures/reference.ts';
import { Operation } from './operations.ts';
import type { Engine, Exploration, ExploreOptions, Program, Progress, Violation } from './program.ts';
import { acquire, bug, read, spawn, write } from './steps.ts';

const right = p2({ tasks: 3, walks: true, asserts: true });
const wrong = p1({ tasks: 3, walks: true, asserts: true });

describe('slices', () => {
  const inSlices = <World>(program: Program<World>, steps: (turn: number) => number, options?: ExploreOptions) => {
    const search = start(program, options);
    for (let turn = 0; ; turn++) {
      const result = search.run(steps(turn));
      if (result) return { result, turns: turn + 1 };
    }
  };

  test.each([
    ['right', right, {}],
    ['wrong', wrong, {}],
    ['wrong, everything', wrong, { stopAt: 'never' }],
    ['bounded', wrong, { preemptions: 0, stopAt: 'never' }],
    ['too large', p1({ tasks: 3 }), { states: 100 }],
  ] as [string, Program<unknown>, ExploreOptions][])('%s: any slicing gives the same', (_, program, options) => {
    const whole = explore(program, options);
    for (const steps of [() => 0, () => 1, () => 17, (turn: number) => turn]) {
      const sliced = inSlices(program, steps, options);
      expect(sliced.result).toEqual(whole);
      expect(sliced.turns).toBeGreaterThan(1);
    }
  });

  test('a finished search keeps its result', () => {
    const search = start(right);
    const result = search.run(Number.POSITIVE_INFINITY);
    expect(search.run(1)).toBe(result);
    expect(search.states).toBe(result?.states);
  });

  test('searches do not disturb each other', () => {
    const [one, other] = [start(wrong), start(right)];
    for (let turn = 0; turn < 20; turn++) [one.run(5), other.run(7)];
    expect(one.run(Number.POSITIVE_INFINITY)).toEqual(explore(wrong));
    expect(other.run(Number.POSITIVE_INFINITY)).toEqual(explore(right));
  });
});

describe('bounds', () => {
  test('preemptions: all executions with so many, and no more', () => {
    expect(explore(wrong, { preemptions: 0 })).toMatchObject({
      verdict: 'gave up',
      complete: false,
      gaveUp: { why: 'looked only at executions with at most 0 preemptions', preemptionsProven: 0 },
    });
    expect(explore(wrong, { preemptions: 1 })).toMatchObject({ verdict: 'violated', violation: { minimal: true } });
    expect(explore(right, { preemptions: 1 }).gaveUp?.preemptionsProven).toBe(1);
    const without = explore(right, { preemptions: 99 });
    expect(without).toMatchObject({ verdict: 'holds', complete: true });
    expect(without.gaveUp).toBeUndefined();
  });

  test('states: gave up, with what is proven all the same', () => {
    const { verdict, complete, gaveUp, interleavings, states } = explore(p1({ tasks: 3 }), {
      engine: 'graph',
      states: 2000,
    });
    expect({ verdict, complete, interleavings }).toEqual({
      verdict: 'gave up',
      complete: false,
      interleavings: undefined,
    });
    expect(gaveUp?.why).toBe('there are more than 2000 states');
    expect(gaveUp?.preemptionsProven).toBeGreaterThanOrEqual(0);
    expect(states).toBeLessThan(2010);
  });

  test('nothing is proven before the first preemption bound is done', () => {
    expect(explore(p1({ tasks: 3 }), { engine: 'graph', states: 5 }).gaveUp?.preemptionsProven).toBe(-1);
  });

  test('engines that there are not are refused', () => {
    expect(() => explore(right, { engine: 'magic' as never })).toThrow("there is no engine 'magic'");
    expect(explore(right, { engine: 'graph' })).toEqual(explore(right));
  });
});

test.each([{ engine: 'graph' }, { engine: 'dpor' }] as const)(
  'without traces, the same violations: $engine',
  (engine) => {
    const options = { ...engine, stopAt: 'never' } as const;
    const told = ({ kind, message, schedule }: Violation) => ({ kind, message, schedule });
    const [traced, without] = [true, false].map((traces) => explore(wrong, { ...options, traces }).violations);
    expect(without?.map(told)).toEqual(traced?.map(told));
    expect(without?.every(({ trace }) => trace.steps.length === 0)).toBe(true);
  },
);

describe('stopAt', () => {
  const race = programWith(
    () => cell(0, 'x'),
    (x) => ({
      *A() {
        yield* write(x, 1);
        yield* write(x, 2);
      },
      *B() {
        yield* write(x, 3);
      },
    }),
    { outcome: (x, now) => `x = ${now.get(x)}`, check: (x, now) => (now.get(x) === 3 ? 'odd: x is 3' : undefined) },
  );

  test('one that is wanted is gone on to, past others, and no further', () => {
    const wrong = having(({ x }) => ({
      *A() {
        yield* write(x, 1);
        yield* write(x, 2);
        yield* bug('late');
      },
      *B() {
        if ((yield* read(x)) === 1) yield* bug('early');
      },
    }));
    const find = (wanted: string) => explore(wrong, { stopAt: ({ message }) => message === wanted });
    const all = explore(wrong, { stopAt: 'never' });
    const late = find('late');
    const of = ({ violations }: Exploration, wanted: string) => violations.find(({ message }) => message === wanted);
    for (const wanted of ['late', 'early']) expect(of(find(wanted), wanted)).toEqual(of(all, wanted));
    expect(late.complete).toBe(false);
    expect(late.states ?? 0).toBeLessThan(all.states ?? 0);
    // Where there is none, all is looked at. What it was not for has its trace all the same, also as plain data.
    expect(find('never')).toMatchObject({ complete: true, violations: all.violations });
    expect(structuredClone(find('never').violations)).toEqual(all.violations);
    expect(Operation.capturesStacks).toBe(false); // nor are stacks kept of what comes after
    expect(all.violations.every(({ trace }) => trace.steps.length > 0)).toBe(true);
  });

  test('one that was met on the way says all that it otherwise says, orders of locks too', () => {
    const deadlock = programWith(
      () => [mutex('a'), mutex('b')] as const,
      ([a, b]) => ({
        *A() {
          yield* acquire(a);
          yield* acquire(b);
        },
        *B() {
          yield* acquire(b);
          yield* acquire(a);
        },
      }),
    );
    const { violations } = explore(deadlock, { stopAt: ({ kind }) => kind === 'bug' });
    expect(violations).toEqual(explore(deadlock, { stopAt: 'never' }).violations);
    expect(violations.find(({ kind }) => kind === 'deadlock')?.orders).toHaveLength(2);
  });

  test("'never' finds every outcome, with how many interleavings lead to it, and every violation", () => {
    const { outcomes, interleavings, violations, verdict, complete } = explore(race, { stopAt: 'never' });
    expect(outcomes).toEqual({
      'x = 2': { schedule: 'B-A2', interleavings: '2' },
      'x = 3': { schedule: 'A2-B', interleavings: '1' },
    });
    expect({ interleavings, verdict, complete }).toEqual({ interleavings: '3', verdict: 'violated', complete: true });
    expect(violations.map(({ message, schedule }) => [message, schedule])).toEqual([['odd: x is 3', 'A2-B']]);
  });

  test("'first' stops at the least violation", () => {
    const { complete, violations, violation } = explore(race);
    expect(complete).toBe(false);
    expect(violations).toEqual([violation]);
  });
});

test('deadlocks end executions too: they have outcomes and count as interleavings', () => {
  const { interleavings, outcomes } = explore(
    { ...p5({ tasks: 4, mmap: 'rwlock' }), outcome: (w, now) => (now.holders(w.vma).length > 0 ? 'stuck' : 'done') },
    { stopAt: 'never' },
  );
  expect(interleavings).toBe(String(31_176 + 2_796));
  expect([outcomes.done?.interleavings, outcomes.stuck?.interleavings]).toEqual(['31176', '2796']);
});

test('tasks spawned along the way do not mix up what has been visited', () => {
  const program = having((w) => ({
    *A() {
      yield* read(w.y);
      yield* spawn('One', () => write(w.x, 1));
      yield* spawn('Two', () => write(w.x, 2));
    },
    B: () => read(w.y),
  }));
  const { interleavings, outcomes } = explore(
    { ...program, outcome: (w, now) => `x = ${now.get(w.x)}` },
    { stopAt: 'never' },
  );
  expect(Object.keys(outcomes)).toEqual(['x = 1', 'x = 2']);
  expect(interleavings).toBe('18'); // One at one of 3 places in A's third step and Two, and B at one of 6
});

describe('while it runs', () => {
  const large = p1({ tasks: 4 });

  test('says how far it has come, of executions with an estimate that grows better', () => {
    const seen: Progress[] = [];
    explore(large, { engine: 'dpor', onProgress: (progress) => seen.push(progress) });
    const steps = seen.map((progress) => progress.steps);
    expect(steps).toEqual(steps.toSorted((one, other) => one - other));
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.at(-1)?.executions).toBeGreaterThan(50_000);
    const error = ({ estimate = 0 }: Progress) => Math.abs(estimate - 60_480) / 60_480;
    expect(error(seen.at(-1) as Progress)).toBeLessThan(0.05);
  });

  test('says how many interleavings there are at least', () => {
    const seen: number[] = [];
    const { interleavings } = explore(large, {
      engine: 'graph',
      onProgress: ({ interleavings: atLeast }) => seen.push(atLeast ?? 0),
    });
    expect(seen.filter((each) => each > 0).length).toBeGreaterThan(3);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect(seen.at(-1)).toBeLessThan(Number(interleavings));
  });

  test('can be cancelled', () => {
    for (const engine of ['auto', 'graph', 'dpor', 'random'] as Engine[]) {
      const signal = { aborted: false };
      const found = explore(large, {
        engine,
        signal,
        onProgress: () => {
          signal.aborted = true;
        },
      });
      expect(found).toMatchObject({ verdict: 'gave up', complete: false });
      if (engine !== 'random') expect(found.gaveUp?.why).toContain('it was cancelled');
    }
  });

  test.each(['auto', 'graph', 'dpor', 'random'] as Engine[])('%s keeps to a number of steps', (engine) => {
    const { verdict, gaveUp, steps } = explore(large, { engine, steps: 5000 });
    expect([verdict, gaveUp?.preemptionsProven]).toEqual(['gave up', expect.any(Number)]);
    expect(steps).toBeLessThan(5100);
    if (engine !== 'random') expect(gaveUp?.why).toContain('it would take more than 5000 steps');
  });
});

test('engines take turns, and what one has proven is enough', () => {
  const few = explore(p2({ tasks: 4 }));
  expect([few.verdict, few.engine]).toEqual(['holds', 'graph']);
  const loose = explore(lastZero(12));
  expect([loose.verdict, loose.engine, loose.executions, loose.redundant]).toEqual(['holds', 'dpor', 15_360, 0]);
});
