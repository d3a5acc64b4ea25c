/** Parts of all traces: each trace is in one of them. */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../cells.ts';
import { countExecutions } from '../fixtures/counting.ts';
import { filesystem } from '../fixtures/literature.ts';
import { crossing, having } from '../fixtures/programs.ts';
import { lastZero, p1, p3, p5, p6, whoIsFirst } from '../fixtures/reference.ts';
import type { Program, Steps } from '../program.ts';
import { acquire, read, release, spawn, tryAcquire, write } from '../steps.ts';
import { partsOf, proofOf } from './parts.ts';
import { DporSearch } from './search.ts';

function* section(lock: Lock): Steps {
  yield* acquire(lock);
  yield* release(lock);
}

/** A child may come first, or nobody. */
const family = having(({ m, x }) => ({
  *A() {
    yield* spawn('Child', () => section(m));
    yield* section(m);
  },
  *B() {
    if ((yield* read(x)) === 0) yield* section(m);
  },
}));

const tries = having(({ m }) => {
  function* attempt() {
    if (yield* tryAcquire(m)) yield* release(m);
  }
  return { A: attempt, B: () => section(m), C: () => section(m) };
});

/** One tries only where it has come to another end than when each takes a step in turn. */
const triesLate = having(({ m, x }) => ({
  *A() {
    yield* write(x, 1);
    if ((yield* read(x)) === 1 && (yield* tryAcquire(m))) yield* release(m);
  },
  B: () => section(m),
  C: () => section(m),
  *D() {
    yield* write(x, 0);
  },
}));

/** Who gives back what it does not hold dies of that, before and after. */
const misuses = having(({ m, rw }) => ({
  A: () => section(m),
  B: () => section(m),
  C: () => release(m),
  D: () => section(rw),
}));

/** Counts of each part: complete executions, those in which somebody waits for ever. */
const inParts = (program: Program<never>) => partsOf(program).map((part) => countExecutions(program, { part }));

describe('the parts are the whole', () => {
  test.each([
    ['P1', p1({ tasks: 3 }), 10],
    ['P1h', p1({ tasks: 3, ptl: 'each', walks: true }), 10],
    ['P3', p3({ tasks: 4 }), 17],
    ['P5, mutexes', p5({ tasks: 4, mmap: 'mutex' }), 17],
    ['P5, an rwlock', p5({ tasks: 4, mmap: 'rwlock' }), 17],
    ['P6', p6(3), 17],
    ['filesystem', filesystem(18), 5],
    ['a child', family, 5],
    ['who misuses the mutex', misuses, 5],
    ['a deadlock', crossing, 10],
  ] as unknown as [string, Program<never>, number][])('%s', (_, program, count) => {
    const parts = inParts(program);
    const sum = (key: keyof (typeof parts)[number]) => parts.reduce((total, part) => total + part[key], 0);
    const { complete, deadlocked } = countExecutions(program);
    expect(parts).toHaveLength(count);
    expect([sum('complete'), sum('deadlocked'), sum('redundant'), sum('mismatches')]).toEqual([
      complete,
      deadlocked,
      0,
      0,
    ]);
    expect(Math.max(...parts.map((part) => part.complete))).toBeLessThan(complete);
  });

  test('what is begun of other parts counts as done', () => {
    const search = (executions: number) => {
      const program = filesystem(18);
      return new DporSearch(program, { executions }, partsOf(program).at(-1)).run(Number.POSITIVE_INFINITY);
    };
    expect(search(16)).toMatchObject({ verdict: 'holds', executions: 0 });
    expect(search(8)?.verdict).toBe('gave up');
  });

  test('where no two tasks take one mutex there are none, nor where one only tries to', () => {
    expect(partsOf(lastZero(4))).toEqual([]);
    expect(partsOf(tries)).toEqual([]);
  });
});

describe('what proves that all holds', () => {
  const found = (program: Program<never>) =>
    partsOf(program).map((part) => {
      const search = new DporSearch(program, { stopAt: 'first' }, part);
      const found = search.run(Number.POSITIVE_INFINITY);
      return { found: found as NonNullable<typeof found>, lockOrders: search.lockOrders, isTried: search.isTried };
    });

  test('are parts that hold, with no more executions than are allowed', () => {
    const parts = found(p3({ tasks: 3 }) as Program<never>);
    expect(proofOf(parts, 90)).toMatchObject({ verdict: 'holds', complete: true, executions: 90, deadlocks: 0 });
    expect(proofOf(parts, 89)).toBeUndefined();
  });

  test('are no parts that hold, but take locks in orders which are a ring together', () => {
    const parts = found(whoIsFirst() as unknown as Program<never>);
    expect(parts.map(({ found }) => found.verdict)).toEqual(Array(5).fill('holds'));
    expect(proofOf(parts, 100)).toBeUndefined();
  });

  test('are no parts of a mutex that is tried after all', () => {
    const parts = found(triesLate as unknown as Program<never>);
    expect(parts).toHaveLength(5);
    expect(parts.some(({ isTried }) => isTried)).toBe(true);
    expect(proofOf(parts, 1_000)).toBeUndefined();
  });

  test('is no part with a deadlock', () => {
    expect(proofOf(found(p5({ tasks: 2, mmap: 'mutex' }) as unknown as Program<never>), 100)).toBeUndefined();
  });
});
