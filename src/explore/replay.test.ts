/** Replay: schedules, traces that are plain JSON, and stacks. */

import { describe, expect, test } from 'vitest';
import { cell, type Lock, mutex } from './cells.ts';
import { explore } from './explore.ts';
import { programWith, violationOf } from './fixtures/programs.ts';
import { p1, p2, p5 } from './fixtures/reference.ts';
import type { Program, Trace } from './program.ts';
import { play, positionAfter, replay } from './replay.ts';
import { formatSchedule, parseSchedule } from './schedule.ts';
import { acquire, again, get, progress, read, release, remark, set, spawn, waitFor, warn, write } from './steps.ts';

const world = () => ({ x: cell(0, 'x'), m: mutex('m') });

/** Each adds one to x under the lock. */
const counting = programWith(world, (w) => {
  const body = function* () {
    yield* acquire(w.m);
    yield* set(w.x, (yield* get(w.x)) + 1);
    yield* release(w.m);
  };
  return { A: body, B: body };
});

const inOrder = function* (first: Lock, second: Lock) {
  yield* acquire(first);
  yield* acquire(second);
};

describe('schedules', () => {
  test('are read and written, shortest first', () => {
    expect(parseSchedule(' A3-B2-A ')).toEqual([
      { task: 'A', steps: 3 },
      { task: 'B', steps: 2 },
      { task: 'A', steps: 1 },
    ]);
    expect(formatSchedule(['A', 'A', 'A', 'B', 'B', 'A'])).toBe('A3-B2-A');
    expect([parseSchedule(''), formatSchedule([])]).toEqual([[], '']);
  });

  test('what is none is refused with the place', () => {
    for (const bad of ['A3--B', 'A-3B', 'A0', 'A-B 2', '-A', 'A1000001', 'A.B', 'Ä'])
      expect(() => parseSchedule(bad)).toThrow(/^schedule, part \d \(".*"\): write a task's name/);
    expect(() => parseSchedule('A-x!')).toThrow('schedule, part 2 ("x!")');
  });

  test('name unknown, finished and blocked tasks with the place', () => {
    expect(() => replay(counting, 'A-C')).toThrow(
      'schedule, part 2 (C), step 1: there is no task C here; the tasks are A, B',
    );
    expect(() => replay(counting, 'A3')).toThrow('schedule, part 1 (A), step 3: A has ended');
    expect(() => replay(counting, 'A-B')).toThrow('part 2 (B), step 1: B is blocked: it waits for m, held by A');
    const crossed = programWith(
      () => ({ m: mutex('m'), n: mutex('n') }),
      ({ m, n }) => ({ A: () => inOrder(m, n), B: () => inOrder(n, m) }),
    );
    expect(() => replay(crossed, 'A-B-A')).toThrow(
      'part 3 (A), step 1: A is blocked: it waits for n, held by B; it has gone wrong before that (deadlock): leave out the rest',
    );
    const child = programWith(world, (w) => ({ A: () => spawn('Child', () => write(w.x, 1)) }));
    expect(() => replay(child, 'Child')).toThrow('there is no task Child here; the tasks are A');
    expect(replay(child, 'A-Child').steps).toHaveLength(2);
  });

  test('cut short, they go on without preemption', () => {
    expect(replay(counting, '').schedule).toBe('A2-B2');
    expect(replay(counting, 'B').schedule).toBe('B2-A2');
    expect(replay(counting, 'A2-B').schedule).toBe('A2-B2');
    expect(replay(counting, replay(counting, 'B').schedule).schedule).toBe('B2-A2');
  });

  test('a task that goes round in a circle gives way to the others', () => {
    const spinning = programWith(world, (w) => ({
      *A() {
        if ((yield* read(w.x)) === 0) yield* again();
      },
      B: () => write(w.x, 1),
    }));
    expect(replay(spinning, 'A2')).toMatchObject({ schedule: 'A2-B-A', ending: { kind: 'returned' } });
  });

  test('a history that has no end is given up, not followed for ever', () => {
    const endless = programWith(world, (w) => ({
      *A() {
        while ((yield* read(w.x)) === 0);
      },
      B: () => write(w.x, 1),
    }));
    expect(() => replay(endless, 'A')).toThrow('the execution has not ended after 10000 steps');
    expect(replay(endless, 'A3-B-A').ending).toEqual({ kind: 'returned' });
  });
});

describe('a position', () => {
  test('is played to and no further, with who can move after each step, and how', () => {
    const { trace, choices, found } = positionAfter(counting, 'A');
    expect(trace).toMatchObject({ schedule: 'A', ending: { kind: 'unfinished' } });
    expect(trace.steps[0]?.blocked).toMatchObject([{ task: 'B', lock: 'm', heldBy: ['A'] }]);
    expect(choices).toEqual([
      [
        { task: 'A', operation: 'acquire(m)' },
        { task: 'B', operation: 'acquire(m)' },
      ],
      [{ task: 'A', operation: 'release(m)' }],
    ]);
    expect(found).toEqual([]);
  });

  test('of an execution that is over has nobody who can move', () => {
    const { choices, trace } = positionAfter(counting, 'A2-B2');
    expect(choices.at(-1)).toEqual([]);
    expect(trace.ending).toEqual({ kind: 'returned' });
  });

  test('tells what has gone wrong, and after how many steps, once', () => {
    const stuck = programWith(world, (w) => ({
      A: () => acquire(w.m),
      *B() {
        yield* acquire(w.m);
        yield* release(w.m);
      },
    }));
    const { found, choices } = positionAfter(stuck, 'A');
    expect(found).toMatchObject([{ kind: 'lock misuse', steps: 1 }]);
    expect(choices.at(-1)).toEqual([]);
    const twice = programWith(world, (w) => ({
      *A() {
        yield* warn('look');
        yield* write(w.x, 1);
        yield* write(w.x, 2);
      },
    }));
    const looked = positionAfter(twice, 'A2');
    expect(looked.found).toEqual([{ kind: 'warning', message: 'look', steps: 1 }]);
    expect(looked.choices.map((each) => each.length)).toEqual([1, 1, 0]);
  });

  test('tells the step that a task makes after plain accesses, and that one makes none', () => {
    const plain = programWith(world, (w) => ({
      *A() {
        yield* get(w.x);
        yield* acquire(w.m);
        yield* release(w.m);
      },
      B: () => get(w.x),
    }));
    expect(positionAfter(plain, '').choices).toEqual([
      [
        { task: 'A', operation: 'acquire(m)' },
        { task: 'B', operation: '' },
      ],
    ]);
  });

  test('is refused as a replay is', () => {
    expect(() => positionAfter(counting, 'A-B')).toThrow('B is blocked: it waits for m, held by A');
    expect(() => positionAfter(counting, 'A3')).toThrow('A has ended');
  });
});

describe('counterexamples', () => {
  const lostUpdate = programWith(
    world,
    (w) => {
      const body = function* () {
        yield* write(w.x, (yield* read(w.x)) + 1);
      };
      return { A: body, B: body };
    },
    { check: (w, now) => (now.get(w.x) === 2 ? undefined : 'lost update: x') },
  );
  const programs: Program<never>[] = [
    ...[2, 3].map((tasks) => p1({ tasks, walks: true, asserts: true })),
    ...[2, 3].map((tasks) => p5({ tasks, mmap: 'rwlock' })),
    lostUpdate,
    programWith(world, (w) => ({ A: () => set(w.x, 1), B: () => get(w.x) })),
    programWith(world, (w) => ({ A: () => acquire(w.m) })),
  ] as never[];

  test.each(programs)('$name: replays to the same failure, and no proper prefix of it fails', (program) => {
    const { schedule, trace } = violationOf(program);
    expect(replay(program, schedule)).toEqual(trace);
    const turns = parseSchedule(schedule).flatMap(({ task, steps }) => Array<string>(steps).fill(task));
    for (let length = 0; length < turns.length; length++) {
      const prefix = play(program, formatSchedule(turns.slice(0, length)), { kind: 'returned' });
      expect([length, prefix.reports]).toEqual([length, []]);
    }
  });

  test.each(programs)('$name: a trace is plain JSON', (program) => {
    const { trace } = violationOf(program);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
  });

  test('what goes wrong before the first step is replayed too', () => {
    const program = programWith(world, () => ({
      *A() {
        throw new Error('at once');
      },
    }));
    expect(replay(program, '').ending).toEqual({ kind: 'exception', message: 'Error: at once' });
  });

  test('what went wrong in the middle of a schedule is not forgotten at its end', () => {
    const program = p1({ tasks: 3, walks: true, asserts: true });
    const { schedule, trace } = violationOf(program);
    expect(replay(program, `${schedule}-C`).ending).toEqual(trace.ending);
  });
});

describe('mutations of what is right are caught', () => {
  const right = p2({ tasks: 2, walks: true, asserts: true });
  test('the original holds', () => expect(explore(right).verdict).toBe('holds'));

  test('without looking again', () => {
    expect(violationOf(p1({ tasks: 2, walks: true, asserts: true })).kind).toBe('bug');
  });

  const edited = (edit: (step: string) => boolean): Program<unknown> => ({
    ...(right as Program<unknown>),
    tasks: (w) =>
      Object.fromEntries(
        Object.entries(right.tasks(w as never)).map(([name, body]) => [
          name,
          function* () {
            const generator = (body as () => ReturnType<typeof write>)();
            for (let next = generator.next(); !next.done; ) {
              next = generator.next(
                edit(`${next.value.called} ${(next.value.on as { name: string }).name}`) ? undefined : yield next.value,
              );
            }
          },
        ]),
      ),
  });
  test.each([
    ['release vma', 'lock misuse'],
    ['release ptl', 'deadlock'],
    ['acquire vma', 'lock misuse'],
    ['acquire ptl', 'lock misuse'],
  ])('without "%s": %s', (dropped, kind) => {
    expect(violationOf(edited((step) => step === dropped)).kind).toBe(kind);
  });
});

describe('traces', () => {
  const steps = ({ steps }: Trace) =>
    steps.map(({ task, operation, result, plain, locks, switched, blocked }) => ({
      ...{ task, operation, result, locks, switched },
      plain: plain.map((event) => `${event.operation}${event.result === undefined ? '' : ` = ${event.result}`}`),
      blocked: blocked.map((wait) => wait.task),
    }));

  test('tell each step: operation, result, plain accesses, locks held, who is blocked', () => {
    expect(steps(replay(counting, 'A2-B2'))).toEqual([
      {
        ...{ task: 'A', operation: 'acquire(m)', result: undefined, locks: ['m'], switched: 'no' },
        ...{ plain: ['get(x) = 0', 'set(x, 1)'], blocked: ['B'] },
      },
      { task: 'A', operation: 'release(m)', result: undefined, locks: [], switched: 'no', plain: [], blocked: [] },
      {
        ...{ task: 'B', operation: 'acquire(m)', result: undefined, locks: ['m'], switched: 'switch' },
        ...{ plain: ['get(x) = 1', 'set(x, 2)'], blocked: [] },
      },
      { task: 'B', operation: 'release(m)', result: undefined, locks: [], switched: 'no', plain: [], blocked: [] },
    ]);
  });

  test('what precedes the first point rides with it, and says so; a task without points is one step', () => {
    const program = programWith(world, (w) => ({
      *A() {
        yield* set(w.x, 1);
        yield* waitFor(w.x, (x) => x === 1);
        yield* get(w.x);
      },
      *B() {
        yield* get(w.m as never);
      },
      *C() {},
    }));
    const [first] = replay(program, 'A').steps;
    expect(first).toMatchObject({ operation: 'waitFor(x)', plain: [{ operation: 'set(x, 1)', before: true }, {}] });
    const plainOnly = programWith(world, (w) => ({ A: () => get(w.x), *B() {} }));
    expect(replay(plainOnly, '').steps).toMatchObject([{ task: 'A', operation: '', plain: [{ operation: 'get(x)' }] }]);
  });

  test('a remark has a line of its own, and an operation without a name has none', () => {
    const program = programWith(world, (w) => ({
      *A() {
        yield* set(w.x, (yield* get(w.x, '')) + 1, '');
        yield* remark('the first is to fail');
        yield* write(w.x, 3);
        yield* progress();
      },
    }));
    expect(steps(replay(program, '')).map(({ plain }) => plain)).toEqual([['the first is to fail']]);
  });

  test('pictures are taken before the first step and after each', () => {
    const pictured = {
      ...counting,
      picture: (w: ReturnType<typeof world>, now: { get(x: unknown): unknown }) => now.get(w.x),
    };
    const trace = replay(pictured as typeof counting, '');
    expect([trace.picture, ...trace.steps.map(({ picture }) => picture)]).toEqual([0, 1, 1, 2, 2]);
  });
});
