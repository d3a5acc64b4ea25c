/** Bodies that cheat: whatever they keep outside the cells, each engine says so and gives no verdict. */

import { describe, expect, test } from 'vitest';
import { explore, start } from './explore.ts';
import { type Everything, having } from './fixtures/programs.ts';
import type { Body, Program } from './program.ts';
import { acquire, compareAndSwap, get, read, release, set, update, write } from './steps.ts';

type Tasks = (world: Everything) => Record<string, Body>;

/** Each makes what it keeps, when it is called. */
const cheats: Readonly<Record<string, () => Tasks>> = {
  'a counter of runs': () => {
    let runs = 0;
    return (w) => ({ A: () => write(w.x, ++runs), B: () => write(w.x, 0) });
  },
  'a counter that only one branch moves': () => {
    let swapped = 0;
    return (w) => ({
      *A() {
        if (yield* compareAndSwap(w.x, 0, 1)) yield* write(w.y, ++swapped);
      },
      *B() {
        if (yield* compareAndSwap(w.x, 0, 2)) yield* write(w.y, ++swapped);
      },
    });
  },
  'random numbers': () => (w) => ({
    *A() {
      yield* read(w.x);
      yield* write(w.y, Math.random());
    },
    B: () => write(w.x, 1),
  }),
  'a Map that tasks share by their closures': () => {
    const owners = new Map<string, string>();
    const body = (w: Everything, name: string) =>
      function* () {
        yield* acquire(w.m);
        const before = owners.get('page');
        owners.set('page', name);
        yield* write(w.x, before === undefined || before === name ? 1 : 2);
        yield* release(w.m);
      };
    return (w) => ({ A: body(w, 'A'), B: body(w, 'B') });
  },
  'a Map that only grows': () => {
    const seen = new Map<number, boolean>();
    return (w) => ({
      *A() {
        const value = yield* read(w.x);
        if (seen.has(value)) return;
        seen.set(value, true);
        yield* write(w.y, value);
      },
      B: () => update(w.x, (x) => x + 1),
      C: () => update(w.x, (x) => x + 1),
    });
  },
  'a list that only grows, made with the tasks': () => (w) => {
    const log: string[] = [];
    const body = (name: string) =>
      function* () {
        yield* read(w.x);
        log.push(name);
        yield* write(w.x, log.length);
      };
    return { A: body('A'), B: body('B') };
  },
  'a counter, next to a data race': () => {
    let runs = 0;
    return (w) => ({
      *A() {
        yield* set(w.y, 1);
        yield* write(w.x, ++runs);
      },
      *B() {
        yield* get(w.y);
        yield* read(w.x);
      },
    });
  },
};

describe.each(['graph', 'dpor'] as const)('%s', (engine) => {
  test.each(Object.entries(cheats))('%s', (_, cheat) => {
    const { verdict, violations } = explore(having(cheat()) as Program<Everything>, { engine, stopAt: 'never' });
    expect([verdict, violations.map(({ kind }) => kind)]).toEqual(['violated', ['non-determinism']]);
  });
});

describe('a loop that never ends', () => {
  test('has its history had again up to a length, so that giving up is not the longest slice of all', () => {
    let rounds = 0;
    const endless = having((w) => ({
      *A() {
        for (; ; rounds++) yield* read(w.x);
      },
    }));
    const search = start(endless, { engine: 'graph', states: 120_000 });
    let most = 0;
    for (let done = false; !done; ) {
      const before = rounds;
      done = search.run(1000) !== undefined;
      most = Math.max(most, rounds - before);
    }
    expect(most).toBeGreaterThanOrEqual(100_000);
    expect(most).toBeLessThan(110_000);
  });
});
