/** The machine's memory: objects that are allocated and freed, and tasks that do one thing after another. */

import { describe, expect, test } from 'vitest';
import { alone, type Everything } from './fixtures/programs.ts';
import {
  type Allocatable,
  again,
  allocate,
  type Cell,
  cell,
  explore,
  free,
  get,
  type Program,
  read,
  replay,
  type Steps,
  set,
  write,
} from './index.ts';

const thing: Allocatable<{ readonly field: unknown }> = {
  name: 'thing',
  fields: (declare) => ({ field: declare(0, 'field') }),
};

/** Allocates in each round, for ever unless somebody stops it. */
const allocating = (round: (made: object) => Steps): Program<unknown> => ({
  name: 'allocating',
  setup: () => ({ flag: cell(0, 'flag') }),
  tasks: (world) => ({
    A: function* () {
      yield* read((world as { flag: ReturnType<typeof cell<number>> }).flag);
      yield* round(yield* allocate(thing));
      yield* again();
    },
  }),
});

test('a task that allocates without end is found, and does not take all memory', () => {
  const { violation, states } = explore(allocating(function* () {}));
  expect(violation).toMatchObject({ kind: 'endless loop', message: 'A allocates without end: 10 objects so far' });
  expect(states).toBeLessThan(200);
});

test('one that gives back what it has allocated goes round in a circle', () => {
  expect(explore(allocating(free)).violation).toMatchObject({ kind: 'livelock' });
});

describe('the names of allocated objects', () => {
  const page: Allocatable<{ readonly size: Cell<number> }> = {
    name: 'page',
    fields: (field) => ({ size: field(1, 'size') }),
  };
  const shown = (body: (w: Everything) => Steps<unknown>) =>
    replay(alone(body), '').steps.flatMap(({ plain }) =>
      plain.flatMap(({ operation, result }) => (operation.startsWith('allocate') ? [result] : [])),
    );

  test('are the task and how many it has allocated', () => {
    const two = shown(function* () {
      const first = yield* allocate(page);
      yield* free(first);
      yield* allocate(page);
    });
    expect(two).toEqual(['page A.1', 'page A.2']);
  });

  test('begin anew when the task starts over, after those that are still there', () => {
    const thrice = shown(function* (w) {
      const round = yield* read(w.x);
      const kept = yield* allocate(page);
      if (round > 0) yield* free(kept);
      yield* write(w.x, round + 1);
      if (round < 2) yield* again();
    });
    expect(thrice).toEqual(['page A.1', 'page A.2', 'page A.2']);
  });

  test('fields have their initial value each time, and a handle of an earlier life is a use after free', () => {
    const program = alone(function* (w) {
      const first = yield* allocate(page);
      yield* set(first.size, 2);
      yield* free(first);
      const second = yield* allocate(page);
      if ((yield* get(second.size)) === 1) yield* get(first.size);
      yield* read(w.x);
    });
    expect(explore(program).violation).toMatchObject({
      kind: 'use after free',
      message: 'page A.1.size belongs to an object that was freed',
    });
  });

  test('many, given back in time, are not allocating without end', () => {
    const program = alone(function* () {
      for (let round = 0; round < 40; round++) yield* free(yield* allocate(page));
    });
    expect(explore(program).verdict).toBe('holds');
  });
});

describe('lists of bodies', () => {
  test('run one after another, each with an empty history', () => {
    const log = (w: Everything) => [1, 2, 3].map((value) => () => write(w.x, value));
    const program = {
      ...alone(() => read({} as never)),
      tasks: (w: Everything) => ({ A: log(w), B: [() => read(w.x)] }),
    };
    const { interleavings, verdict } = explore(program);
    expect({ verdict, interleavings }).toEqual({ verdict: 'holds', interleavings: '4' });
  });

  test('what the last one returns is what the task has returned', () => {
    const bodies = [1, 2].map(
      (value) =>
        function* () {
          return value;
        },
    );
    const program = { ...alone(() => read({} as never)), tasks: () => ({ A: bodies }) };
    const named = {
      ...program,
      outcome: (_: Everything, now: { returned(task: string): unknown }) => `${now.returned('A')}`,
    };
    expect(Object.keys(explore(named).outcomes)).toEqual(['2']);
  });

  test('again() starts over the body it is in, not the list', () => {
    const program = {
      ...alone(() => read({} as never)),
      tasks: (w: Everything) => ({
        A: [
          () => write(w.x, 0),
          function* () {
            const x = yield* read(w.x);
            yield* write(w.x, x + 1);
            if (x < 2) yield* again();
          },
        ],
      }),
    };
    expect(replay(program, '').steps.map(({ operation }) => operation)).toEqual([
      ...['write(x, 0)', 'read(x)', 'write(x, 1)', 'read(x)', 'write(x, 2)', 'read(x)', 'write(x, 3)'],
    ]);
  });
});
