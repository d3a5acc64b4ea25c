/** What the oracle has found wrong in the engines: each case small, and by the name of what it was. */

import { describe, expect, test } from 'vitest';
import { explore } from '../explore.ts';
import { agreementOn } from '../fixtures/agreement.ts';
import { type Everything, having } from '../fixtures/programs.ts';
import { type Command, programOf } from '../fixtures/scripts.ts';
import type { Engine, Program, Steps } from '../program.ts';
import { acquire, allocate, complete, free, get, join, read, spawn, write } from '../steps.ts';

type Commands = readonly Command[];

/** Nothing that is said of the script by one is denied by another. */
function agree(tasks: readonly Commands[], child: Commands = []): void {
  const { problems } = agreementOn({ tasks, child }, { partialTraces: 20_000, executions: 20_000, states: 20_000 });
  expect(problems).toEqual([]);
}

const idle = function* () {};

/** All kinds of violations that the engine finds. */
const kindsBy = (engine: Engine, tasks: readonly Commands[], child: Commands = []) =>
  explore(programOf({ tasks, child }), { engine, stopAt: 'never' }).violations.map(({ kind }) => kind);

describe('what a race decides is not in the order of what happens before what', () => {
  test('a race that shows as a use after free', () => {
    const tasks: Commands[] = [[['free']], [['getField']]];
    agree(tasks);
    expect(kindsBy('dpor', tasks)).toContain('data race');
  });

  test('a race whose replay shows another one', () => {
    agree([
      [['tryAcquire', 0], ['skipIf', 0, 2], ['getField'], ['setField']],
      [['skipIf', 0, 1], ['acquire', 0], ['free']],
    ]);
  });

  test('a plain access that kills its task is one of the two', () => {
    const tasks: Commands[] = [
      [['read', 0], ['free']],
      [['read', 0], ['getField']],
    ];
    agree(tasks);
    for (const engine of ['graph', 'dpor'] as const)
      expect(kindsBy(engine, tasks)).toEqual(expect.arrayContaining(['data race', 'use after free']));
  });

  test('a race with one who waits only because of it', () => {
    agree([[], [['free'], ['set', 1, 1], ['getField']], [['waitFor', 1, 0]]]);
  });

  test('a race with an atomic access that dies of it, by one who dies of something else', () => {
    agree([[['writeField', 0]], [['read', 0], ['free'], ['getField']]]);
  });

  test('a lock misuse that comes of what another task has written plainly', () => {
    agree([
      [['set', 0, 1]],
      [
        ['tryAcquire', 0],
        ['skipIf', 0, 1],
        ['updateUnless', 0, 0],
      ],
    ]);
  });
});

test('what a body throws after a result that was known before it was had', () => {
  const tasks: Commands[] = [[['write', 0, 1]], [['compareAndSwap', 0, 0, 2], ['skipIf', 0, 1], ['throw']]];
  agree(tasks);
  for (const engine of ['graph', 'dpor'] as const) expect(kindsBy(engine, tasks)).toEqual(['exception']);
});

describe('what must be left out so that a reader comes sooner', () => {
  test('are not those who read already', () => {
    agree([
      [
        ['tryAcquireShared', 3],
        ['skipIf', 0, 0],
      ],
      [['acquire', 3]],
      [['acquireShared', 3]],
    ]);
    agree([
      [['acquireShared', 3]],
      [
        ['tryAcquireShared', 3],
        ['skipIf', 0, 0],
        ['tryAcquire', 3],
        ['acquire', 3],
      ],
    ]);
  });

  test('is who holds the lock, and not who queues for it because of that: the queue goes with the holder', () => {
    agree([
      [
        ['acquire', 3],
        ['write', 0, 1],
        ['write', 1, 0],
      ],
      [
        ['waitFor', 0, 1],
        ['acquire', 3],
        ['release', 3],
      ],
      [
        ['acquireShared', 3],
        ['releaseShared', 3],
      ],
    ]);
  });
});

describe('rings of waits', () => {
  test('stay rings when one more task that keeps them dies', () => {
    const tasks: Commands[] = [
      [
        ['acquireShared', 1],
        ['acquire', 1],
      ],
      [['acquireShared', 1]],
    ];
    agree(tasks);
    for (const engine of ['graph', 'dpor'] as const)
      expect(kindsBy(engine, tasks)).toEqual(expect.arrayContaining(['deadlock', 'lock misuse']));
  });
});

describe('what an operation cannot be done with is an exception, in words', () => {
  const nothing = undefined as never;
  const said = (makes: (w: Everything) => Steps<unknown>, engine: Engine) => {
    const program = having((w) => ({
      *A() {
        yield* read(w.x);
        yield* makes(w);
      },
      *B() {
        yield* makes(w);
        yield* write(w.x, 1);
      },
    }));
    const { violations, redundant } = explore(program, { engine, stopAt: 'never' });
    return [violations.map(({ kind, message }) => `${kind}: ${message}`).join(), redundant ?? 0];
  };

  test.each([
    [
      'get',
      () => get(nothing),
      'an operation was given undefined, which is not a cell: is its name spelled as in setup()?',
    ],
    [
      'acquire',
      () => acquire(nothing),
      'an operation was given undefined, which is not a lock: is its name spelled as in setup()?',
    ],
    ['a cell for a lock', (w) => acquire(w.x as never), 'an operation was given x, which is not a lock'],
    [
      'complete',
      () => complete(nothing),
      'an operation was given undefined, which is not a cell: is its name spelled as in setup()?',
    ],
    ['allocate', () => allocate(nothing), 'allocate(undefined): that is no kind of object, with a name and fields'],
    ['free', () => free(nothing), 'free(undefined): it was never allocated'],
    ['join', () => join(nothing), "join(undefined): give it a task's name"],
    ['spawn', () => spawn(nothing, idle), 'spawn(undefined): task name undefined: use letters and _ only'],
    ['an impossible name', () => spawn('A1', idle), 'spawn(A1): task name "A1": use letters and _ only'],
    [
      'spawn nothing',
      () => spawn('C', nothing),
      'spawn(C): task C: give it a function*, or a list of them; not what calling one returns',
    ],
  ] as [string, (w: Everything) => Steps<unknown>, string][])('%s', (_, makes, message) => {
    for (const engine of ['graph', 'dpor'] as const) expect(said(makes, engine)).toEqual([`exception: ${message}`, 0]);
  });
});

describe('who waits for ever before the first point', () => {
  test('has accessed what it accesses before, and two such tasks may race', () => {
    const tasks: Commands[] = [
      [
        ['set', 0, 1],
        ['waitFor', 1, 1],
      ],
      [
        ['set', 0, 2],
        ['waitFor', 1, 1],
      ],
    ];
    agree(tasks);
    expect(kindsBy('dpor', tasks)).toEqual(['data race', 'deadlock']);
  });

  test('warns before it, and nobody else does', () => {
    const tasks: Commands[] = [
      [['warn'], ['waitFor', 0, 1]],
      [
        ['write', 1, 1],
        ['write', 0, 1],
      ],
    ];
    agree(tasks);
    for (const engine of ['graph', 'dpor'] as const) {
      const { violations } = explore(programOf({ tasks, child: [] }), { engine, stopAt: 'never' });
      expect(violations.map(({ kind, task, schedule }) => [kind, task, schedule])).toEqual([['warning', 'A', 'B2-A']]);
    }
  });
});

test('a plain write that decides whether an atomic access writes races with it', () => {
  const tasks: Commands[] = [[['set', 0, 1]], [['compareAndSwap', 0, 0, 2]]];
  agree(tasks);
  expect(kindsBy('dpor', tasks)).toEqual(['data race']);
});

describe('who dies at a point', () => {
  test('has come to it: what came before is ordered by it', () => {
    const tasks: Commands[] = [
      [
        ['read', 1],
        ['set', 0, 1],
        ['updateUnless', 1, 0],
      ],
      [
        ['waitFor', 1, 1],
        ['get', 0],
      ],
      [
        ['acquire', 0],
        ['write', 1, 1],
      ],
    ];
    agree(tasks);
  });

  test('has read what it died of, and not written it', () => {
    agree([
      [['updateUnless', 0, 0]],
      [
        ['updateUnless', 0, 0],
        ['write', 0, 1],
      ],
      [['read', 0]],
    ]);
    agree([[['get', 0]], [['updateUnless', 0, 0]]]);
  });
});

test('an invariant is asked after each step, also after one of which all was known before', () => {
  const tasks = ({ x, y }: Everything) => ({
    *A() {
      yield* write(x, 1);
      yield* write(x, 0);
    },
    *B() {
      if ((yield* read(x)) === 0) yield* write(y, 1);
    },
  });
  const isKept: NonNullable<Program<Everything>['invariant']> = ({ x, y }, { get }) =>
    get(x) === 1 && get(y) === 1 ? 'both are 1' : undefined;
  const { violation } = explore(having(tasks, { invariant: isKept }), { engine: 'dpor' });
  expect(violation).toMatchObject({ kind: 'invariant', schedule: 'B2-A' });
});

describe('interchangeable tasks', () => {
  const body: Commands = [['take'], ['allocate'], ['publish']];

  test('of which one has allocated what no other has yet: its place is left empty when they change places', () => {
    agree([[], body, body]);
    agree([body, body, body]);
  });

  test('and a child that learns what one of them has allocated', () => {
    const gives: Commands = [['allocate'], ['publish']];
    agree([gives, gives, [['spawn']]], [['take']]);
  });
});
