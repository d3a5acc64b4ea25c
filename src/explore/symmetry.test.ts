/** Symmetry: like states are one, and tasks that are not alike are found out. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Allocatable, type Cell, cell, mutex } from './cells.ts';
import { explore } from './explore.ts';
import { type Everything, having, programWith } from './fixtures/programs.ts';
import { p1, p2, p3 } from './fixtures/reference.ts';
import { type Command, programOf } from './fixtures/scripts.ts';
import { StateGraph } from './graph.ts';
import type { Program, Snapshot, Steps } from './program.ts';
import { acquire, again, allocate, get, read, release, set, update, write } from './steps.ts';
import { groupsOf, NotAlike } from './symmetry.ts';

/** All like states of a program, or why its tasks are not alike. */
function likes<World>(program: Program<World>): number | string {
  try {
    const graph = new StateGraph(program, groupsOf(program, new StateGraph(program).machine));
    for (let state = 0; state < graph.table.count; state++) graph.expand(state);
    graph.verifySymmetry();
    return graph.table.count;
  } catch (error) {
    if (error instanceof NotAlike) return error.message;
    throw error;
  }
}

const states = <World>(program: Program<World>) => {
  const graph = new StateGraph(program);
  for (let state = 0; state < graph.table.count; state++) graph.expand(state);
  return graph.table.count;
};

/** Tasks A, B, C of one body, said to be alike. */
const three = (body: (w: Everything, task: number) => Steps<unknown>, rest: Partial<Program<Everything>> = {}) =>
  having((w) => ({ A: () => body(w, 0), B: () => body(w, 1), C: () => body(w, 2) }), {
    symmetric: [['A', 'B', 'C']],
    ...rest,
  });

describe('like states are one', () => {
  test('the counts of the engine’s specification', () => {
    expect([4, 5].map((tasks) => likes(p1({ tasks, alike: true })))).toEqual([4589, 26_477]);
    expect(likes(p2({ tasks: 8, alike: true }))).toBe(34);
    expect([6, 8, 10].map((tasks) => likes(p3({ tasks, alike: true })))).toEqual([274, 499, 792]);
  });

  test('cells and locks that each has of its own', () => {
    const setup = () => ({
      shared: cell(0, 'shared'),
      own: [0, 1, 2].map((i) => cell(0, `own${i}`)),
      locks: [0, 1, 2].map((i) => mutex(`lock${i}`)),
    });
    const program = programWith(
      setup,
      (w) => {
        const body = (i: number) =>
          function* () {
            yield* acquire(w.locks[i] as never);
            yield* write(w.own[i] as Cell<number>, (yield* read(w.shared)) + 1);
            yield* update(w.shared, (value) => value + 1);
            yield* release(w.locks[i] as never);
          };
        return { A: body(0), B: body(1), C: body(2) };
      },
      { symmetric: [['A', 'B', 'C']] },
    );
    const [all, few] = [states(program), likes(program)];
    expect(few).toBeTypeOf('number');
    expect(few as number).toBeLessThan(all / 3);
    expect(few as number).toBeGreaterThanOrEqual(all / 6);
  });

  interface Entry {
    readonly next: Cell<unknown>;
    readonly value: Cell<number>;
  }
  const entry: Allocatable<Entry> = {
    name: 'entry',
    fields: (field) => ({ next: field<unknown>(null, 'next'), value: field(0, 'value') }),
  };

  test('objects that tasks allocate, and that others come to know', () => {
    const program = programWith(
      () => ({ head: cell<unknown>(null, 'head'), m: mutex('m') }),
      (w) => {
        const body = function* () {
          const made = yield* allocate(entry);
          yield* acquire(w.m);
          const first = (yield* get(w.head)) as Entry | null;
          if (first) yield* set(first.value, (yield* get(first.value)) + 1);
          yield* set(made.next, first);
          yield* set(w.head, made);
          yield* release(w.m);
        };
        return { A: body, B: body, C: body };
      },
      { symmetric: [['A', 'B', 'C']] },
    );
    const [all, few] = [states(program), likes(program)];
    expect(few).toBeTypeOf('number');
    expect(few as number).toBeLessThan(all); // whose objects are known is not a part of the order, so some are told apart
    expect(explore(program).verdict).toBe('holds');
  });
});

describe('tasks that are not alike', () => {
  test('write what tells them apart', () => {
    expect(likes(three((w, task) => write(w.x, task)))).toBe('A: write(x, 0) and B: write(x, 1) are not the same');
    expect(likes(three((w, task) => update(w.x, (value) => value + task)))).toContain('does not come to the same');
  });

  test('are told apart by what is said of them', () => {
    const one = (_: Everything, now: Snapshot) => `${now.returned('A')}`;
    const body = (w: Everything) => update(w.x, (value) => value + 1);
    expect(likes(three(body, { outcome: one }))).toContain('the program tells them apart');
    expect(likes(three(body, { check: (w, now) => (now.get(w.x) === 3 ? undefined : 'x: wrong') }))).toBeTypeOf(
      'number',
    );
  });

  test('have cells of their own that somebody else knows', () => {
    const program = programWith(
      () => [0, 1].map((i) => cell(0, `own${i}`)),
      (own) => ({
        A: () => write(own[0] as Cell<number>, 1),
        B: () => write(own[1] as Cell<number>, 1),
        C: () => write(own[0] as Cell<number>, 2),
      }),
      { symmetric: [['A', 'B']] },
    );
    expect(likes(program)).toBe('another task uses own0');
  });

  test('are no tasks, or named twice', () => {
    const named = (...symmetric: string[][]) => likes({ ...three((w) => read(w.x)), symmetric });
    expect(named(['A', 'D'])).toBe('there is no task D');
    expect(named(['A', 'B'], ['B', 'C'])).toBe('B is named twice');
  });
});

describe('explore', () => {
  const big = (rest: Partial<Program<unknown>> = {}) =>
    ({ ...p1({ tasks: 4, alike: true }), ...rest }) as Program<unknown>;

  test('takes like states as one, and says nothing of it', () => {
    const { states: few, verdict, interleavings, notes } = explore(big(), { engine: 'graph' });
    expect({ few, verdict, interleavings, notes }).toEqual({
      few: 4589,
      verdict: 'holds',
      interleavings: undefined,
      notes: [],
    });
  });

  test('says why a group is not used, and explores each task as itself', () => {
    const told = p1({ tasks: 4 });
    const { states: all, notes } = explore({ ...told, symmetric: [['A', 'B', 'C', 'D']] }, { engine: 'graph' });
    expect(all).toBe(291_961);
    expect(notes).toEqual([
      expect.stringMatching(/^symmetry is not used, every task is explored as itself: D: write\(pte0, 4\)/),
    ]);
    expect(explore(big(), { engine: 'graph', stopAt: 'never', states: 300_000 }).notes[0]).toContain(
      'all is to be found',
    );
  });

  test('comes back to the tasks themselves where executions go round', () => {
    const round = three(function* (w) {
      yield* update(w.x, (value) => (value + 1) % 3);
      for (let i = 0; i < 5; i++) yield* read(w.y);
      if ((yield* read(w.x)) === 1) yield* again();
    });
    expect(explore(round, { engine: 'graph' })).toMatchObject({ verdict: 'violated', violation: { kind: 'livelock' } });
  });
});

test('of random programs of equal tasks it says what is said without', () => {
  const commands = fc.array(
    fc.oneof(
      fc.constantFrom<Command>(['acquire', 0], ['release', 0], ['acquireShared', 1], ['releaseShared', 1], ['bug']),
      fc.constantFrom<Command>(
        ['read', 0],
        ['update', 0],
        ['write', 0, 1],
        ['compareAndSwap', 0, 0, 2],
        ['skipIf', 0, 1],
      ),
    ),
    { minLength: 2, maxLength: 5 },
  );
  fc.assert(
    fc.property(commands, (list) => {
      const { outcome: _, ...program } = programOf({ tasks: [list, list, list], child: [] });
      const likesOf = { ...program, symmetric: [['A', 'B', 'C']] };
      const alike = new StateGraph(likesOf, [[0, 1, 2]]);
      for (let state = 0; state < alike.table.count && alike.reports.size === 0; state++) alike.expand(state);
      const all = new StateGraph(program);
      for (let state = 0; state < all.table.count; state++) all.expand(state);
      expect(alike.reports.size > 0).toBe(all.reports.size > 0);
      if (all.reports.size > 0) return;
      alike.verifySymmetry();
      expect(alike.table.count).toBeLessThanOrEqual(all.table.count);
      expect(alike.table.count).toBeGreaterThanOrEqual(all.table.count / 6);
    }),
    { numRuns: 100, seed: 3 },
  );
});
