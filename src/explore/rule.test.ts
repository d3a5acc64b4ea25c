/** The one rule: what changes is a cell, reached through operations, and a body depends on nothing but their results. */

import { describe, expect, test } from 'vitest';
import { type Allocatable, type Cell, cell, mutex } from './cells.ts';
import { derived } from './derived.ts';
import { explore, start } from './explore.ts';
import { programWith, violationOf } from './fixtures/programs.ts';
import type { Program } from './program.ts';
import { allocate, get, read, readAs, spawn, write } from './steps.ts';

const idle = () => ({ *A() {} });

describe('what setup() returns', () => {
  const refused = (world: unknown) => () => start(programWith(() => world, idle));

  test('is plain data, else refused with the path', () => {
    class Page {}
    expect(refused({ pages: [{}, new Map()] })).toThrow('world.pages[1] is a Map');
    expect(refused({ at: /x/ })).toThrow('world.at is a RegExp');
    expect(refused({ a: { b: new Page() } })).toThrow('world.a.b is a Page');
    expect(refused(new Uint8Array(1))).toThrow('world is a Uint8Array');
    expect(
      refused({
        get late() {
          return 1;
        },
      }),
    ).toThrow('world.late is a getter or setter');
    expect(() => start(programWith(() => cell(new Set(), 'x'), idle))).toThrow('the initial value of x is a Set');
  });

  test('may have a getter that is derived', () => {
    const world = Object.defineProperty({}, 'seen', { get: derived(() => 1), enumerable: true });
    expect(refused(world)).not.toThrow();
    const plain = Object.defineProperty({}, 'seen', { get: () => 1, enumerable: true });
    expect(refused(plain)).toThrow('world.seen is a getter or setter');
  });

  test('is frozen all through, and may refer to itself', () => {
    const ring: { deep: { list: number[] }; self?: unknown } = { deep: { list: [1] } };
    ring.self = ring;
    start(programWith(() => ring, idle));
    expect(Object.isFrozen(ring) && Object.isFrozen(ring.deep) && Object.isFrozen(ring.deep.list)).toBe(true);
    const changes = programWith(
      () => ({ list: [1] }),
      (world) => ({
        *A() {
          world.list.push(2);
        },
      }),
    );
    expect(violationOf(changes)).toMatchObject({ kind: 'exception' });
  });
});

test('cells and locks are declared in setup() only', () => {
  expect(() => cell(0, 'x')).toThrow("cell(…, 'x') is called outside setup()");
  const late = programWith(idle, () => ({
    *A() {
      mutex('m');
    },
  }));
  expect(violationOf(late).message).toContain("mutex('m') is called outside setup()");
});

test('task names are letters, and tasks are functions', () => {
  const named = (name: string, body: unknown) => () => start(programWith(idle, () => ({ [name]: body }) as never));
  expect(named('A1', function* () {})).toThrow('task name "A1": use letters and _ only');
  expect(named('A', (function* () {})())).toThrow('task A: give it a function*, or a list of them');
  expect(named('A', [])).toThrow('task A: give it a function*, or a list of them');
  expect(() => start(programWith(idle, () => ({})))).toThrow('has no tasks');
});

test('an object that a body made is not stored, and not learnt', () => {
  const x = () => cell<unknown>(0, 'x');
  const stores = programWith(x, (c) => ({ A: () => write(c, {}) }));
  expect(violationOf(stores).message).toBe(
    'x is given an object that the task made itself: make it with allocate(), or store a number',
  );
  const learns = programWith(x, (c) => ({ A: () => readAs(c, () => [1]) }));
  expect(violationOf(learns).message).toBe(
    'read(x) learns an object that is not of the world: let it learn a number, a string or true and false',
  );
});

test('an object of the world may be stored and learnt', () => {
  const setup = () => ({ page: { pfn: 7 }, mapped: cell<{ pfn: number } | null>(null, 'mapped') });
  const program = programWith(setup, (world) => ({
    *A() {
      yield* write(world.mapped, world.page);
      return (yield* read(world.mapped))?.pfn;
    },
  }));
  const seen = {
    ...program,
    outcome: (_: unknown, now: { returned(task: string): unknown }) => `${now.returned('A')}`,
  };
  expect(Object.keys(explore(seen).outcomes)).toEqual(['7']);
});

describe('a body that depends on more than its results', () => {
  const unstable = (program: Program<Cell<number>>) => {
    const { verdict, violation } = explore(program, { stopAt: 'never' });
    expect(verdict).toBe('violated');
    return violation;
  };

  test('counts its runs in an outer variable', () => {
    let runs = 0;
    const program = programWith(
      () => cell(0, 'x'),
      (x) => ({ A: () => write(x, ++runs) }),
    );
    expect(unstable(program)).toMatchObject({
      kind: 'non-determinism',
      message:
        'A did write(x, 1) and, after the same 0 results, write(x, 2): it depends on more than what its operations return',
    });
  });

  test('keeps what it has read for the next execution: found when its history is run again', () => {
    let seen = 0;
    const program = programWith(
      () => cell(0, 'x'),
      (x) => ({
        *A() {
          seen += yield* read(x);
          yield* write(x, seen);
        },
        B: () => write(x, 1),
        C: () => write(x, 2),
      }),
    );
    expect(unstable(program)?.kind).toBe('non-determinism');
  });

  test('fails in the search and not in the replay: that is no verdict', () => {
    let runs = 0;
    const program = programWith(
      () => cell(0, 'x'),
      (x) => ({
        *A() {
          yield* read(x);
          if (runs++ === 0) throw new Error('only once');
        },
      }),
    );
    expect(unstable(program)).toMatchObject({
      kind: 'non-determinism',
      message: expect.stringContaining('exception: Error: only once: a replay of A does not show it again'),
    });
  });

  test('shares an object with another task by a closure: each is judged on a setup of its own', () => {
    const program = programWith(
      () => cell(0, 'x'),
      (x) => {
        const shared: number[] = [];
        return {
          *A() {
            yield* read(x);
            shared.push(1);
          },
          *B() {
            yield* read(x);
            yield* write(x, shared.length);
          },
        };
      },
    );
    expect(unstable(program)?.kind).toBe('non-determinism');
  });
});

test('what others have allocated is known by name in the check of determinism: parts of it too, and a child’s', () => {
  interface Entry {
    readonly link: { readonly next: Cell<unknown> };
  }
  const entry: Allocatable<Entry> = { name: 'entry', fields: (field) => ({ link: { next: field(null, 'next') } }) };
  const publishes = function* (head: Cell<unknown>) {
    const made = yield* allocate(entry);
    yield* write(head, made.link);
  };
  const program = programWith(
    () => cell<unknown>(null, 'head'),
    (head) => ({
      A: () => publishes(head),
      *B() {
        const link = (yield* read(head)) as Entry['link'] | null;
        if (link) yield* get(link.next);
      },
      C: () => spawn('Child', () => publishes(head)),
    }),
  );
  expect(explore(program, { stopAt: 'never' })).toMatchObject({ verdict: 'holds', complete: true });
});

test('a kind of object may be part of the world, and what is allocated then knows that world alone', () => {
  interface Node {
    readonly home: object;
    readonly link: Cell<Node | null>;
  }
  const setup = () => {
    const home = { x: cell(0, 'x'), y: cell(0, 'y') };
    const kind: Allocatable<Node> = { name: 'node', fields: (declare) => ({ home, link: declare(null, 'link') }) };
    return { home, kind, head: cell<Node | null>(null, 'head') };
  };
  const program = programWith(setup, ({ home, kind, head }) => ({
    *A() {
      yield* write(head, yield* allocate(kind));
    },
    *B() {
      const node = yield* read(head);
      yield* write(node?.home === home ? home.x : home.y, 1);
    },
  }));
  expect(explore(program)).toMatchObject({ verdict: 'holds', complete: true });
});
