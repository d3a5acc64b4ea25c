/**
 * The exact counts of the engine's specification, confirmed there by other tools and by closed formulas: Mazurkiewicz traces,
 * states, interleavings. Larger sizes are in the benchmarks.
 */

import { describe, expect, test } from 'vitest';
import { explore } from './explore.ts';
import { countExecutions, countStates } from './fixtures/counting.ts';
import { filesystem, indexer, indexerCas } from './fixtures/literature.ts';
import { lastZero, p1, p2, p3, p3cas, p5, p6, readers } from './fixtures/reference.ts';
import type { Program } from './program.ts';

/** Of which sizes, and what there must be of each: complete executions, and deadlocked ones if there are any. */
interface Row {
  readonly make: (size: number) => Program<never>;
  readonly sizes: readonly number[];
  readonly complete: readonly number[];
  readonly deadlocked?: readonly number[];
}

const row = <World>(
  make: (size: number) => Program<World>,
  sizes: readonly number[],
  complete: readonly number[],
  deadlocked?: readonly number[],
): Row => ({ make: make as unknown as Row['make'], sizes, complete, ...(deadlocked ? { deadlocked } : {}) });

const traces: Readonly<Record<string, Row>> = {
  P1: row((tasks) => p1({ tasks }), [2, 3, 4], [12, 540, 60_480]),
  'P1, a lock for each entry': row((tasks) => p1({ tasks, ptl: 'each' }), [2, 3, 4], [8, 216, 13_824]),
  'P1, one lock throughout': row((tasks) => p1({ tasks, ptl: 'throughout' }), [2, 3, 4], [4, 36, 576]),
  'P1, one lock taken apart': row((tasks) => p1({ tasks, ptl: 'apart' }), [2], [140]),
  P1h: row((tasks) => p1({ tasks, walks: true }), [2, 3, 4], [14, 615, 67_252]),
  'P1h, a lock for each entry': row((tasks) => p1({ tasks, ptl: 'each', walks: true }), [2, 3, 4], [10, 267, 16_612]),
  'P1h, one lock throughout': row((tasks) => p1({ tasks, ptl: 'throughout', walks: true }), [2, 3], [6, 63]),
  P2: row((tasks) => p2({ tasks }), [2, 3, 4, 5, 6, 7], [2, 6, 24, 120, 720, 5040]),
  P2h: row((tasks) => p2({ tasks, walks: true }), [2, 3, 4, 5], [4, 15, 64, 325]),
  P3: row((tasks) => p3({ tasks }), [2, 3, 4, 5], [6, 90, 2520, 113_400]),
  'P3, a lock for each entry': row((tasks) => p3({ tasks, ptl: 'each' }), [2, 3, 4, 5], [4, 36, 576, 14_400]),
  'P3, three entries': row((tasks) => p3({ tasks, pages: 3, ptl: 'each' }), [3], [216]),
  'P3, four entries': row((tasks) => p3({ tasks, pages: 4 }), [2], [70]),
  'P3cas, two entries': row((tasks) => p3cas({ tasks }), [3, 4], [9, 16]),
  'P3cas, three entries': row((tasks) => p3cas({ tasks, pages: 3 }), [4, 5], [64, 125]),
  'P3cas, five entries': row((tasks) => p3cas({ tasks, pages: 5 }), [3], [243]),
  P5m: row((tasks) => p5({ tasks, mmap: 'mutex' }), [2, 3, 4, 5, 6], [2, 6, 24, 120, 720], [1, 4, 15, 64, 325]),
  P5: row((tasks) => p5({ tasks, mmap: 'rwlock' }), [2, 3, 4, 5, 6], [2, 6, 24, 120, 720], [1, 3, 10, 41, 206]),
  P6: row(p6, [1, 2, 3, 4, 5], [2, 6, 24, 120, 720]),
  readers: row(readers, [2, 8, 13], [4, 256, 8192]),
  lastzero: row(lastZero, [1, 2, 3, 4, 5, 10], [2, 5, 12, 28, 64, 3328]),
  filesystem: row(filesystem, [14, 16, 18, 19], [2, 8, 32, 64]),
  indexer: row(indexer, [11, 12, 13, 14, 15], [1, 8, 64, 512, 4096]),
  indexercas: row(indexerCas, [12, 13], [8, 64]),
};

describe('DPOR has one execution for each trace, and none in vain', () => {
  test.each(Object.entries(traces))('%s', (_, { make, sizes, complete, deadlocked }) => {
    for (const [at, size] of sizes.entries()) {
      const none = { elsewhere: 0, redundant: 0, mismatches: 0 };
      const counts = { complete: complete[at], deadlocked: deadlocked?.[at] ?? 0, ...none };
      expect(countExecutions(make(size))).toEqual(counts);
    }
  });
});

const statesOf = <World>(program: Program<World>) => explore(program, { stopAt: 'never' }).states;
const interleavingsOf = <World>(program: Program<World>) => explore(program, { stopAt: 'never' }).interleavings;

test('P1: fill after letting go of the lock', () => {
  expect(statesOf(p1({ tasks: 2 }))).toBe(205);
  expect(statesOf(p1({ tasks: 3 }))).toBe(5425);
  expect(interleavingsOf(p1({ tasks: 2 }))).toBe('1276');
  expect(interleavingsOf(p1({ tasks: 3 }))).toBe('8174736');
  expect(interleavingsOf(p1({ tasks: 3, walks: true }))).toBe('709426222');
});

test('P1 and P1h with a lock for each entry: what the tasks have read tells every Mazurkiewicz trace from the others', () => {
  expect([2, 3].map((tasks) => countStates(p1({ tasks, ptl: 'each' })).returned)).toEqual([8, 216]);
  expect([2, 3].map((tasks) => countStates(p1({ tasks, ptl: 'each', walks: true })).returned)).toEqual([10, 267]);
});

test('P2: look again under the lock', () => {
  expect(statesOf(p2({ tasks: 4 }))).toBe(173);
  expect(statesOf(p2({ tasks: 8 }))).toBe(8281);
  expect([2, 3, 4, 5, 6].map((tasks) => interleavingsOf(p2({ tasks })))).toEqual(['2', '6', '24', '120', '720']);
});

test('P3: look at each entry under its lock', () => {
  expect([4, 5].map((tasks) => statesOf(p3({ tasks })))).toEqual([1929, 10181]);
  expect([2, 3, 4].map((tasks) => interleavingsOf(p3({ tasks })))).toEqual(['6', '90', '2520']);
  expect(interleavingsOf(p3({ tasks: 2, pages: 4 }))).toBe('70');
});

test('P3cas: one atomic step for each entry', () => {
  const ends = (tasks: number, pages: number) => countStates(p3cas({ tasks, pages })).returned;
  expect([ends(3, 2), ends(4, 2), ends(4, 3), ends(5, 3), ends(3, 5)]).toEqual([9, 16, 64, 125, 243]);
});

test('P5: two locks in two orders, one of them an rwlock', () => {
  const counted = [2, 3, 4, 5, 6].map((tasks) => countStates(p5({ tasks, mmap: 'rwlock' })));
  expect(counted.map(({ states }) => states)).toEqual([19, 77, 323, 1377, 5907]);
  expect(counted.map(({ blocked }) => blocked)).toEqual([1, 3, 7, 15, 31]);
  expect(interleavingsOf(p5({ tasks: 4, mmap: 'rwlock' }))).toBe(String(31_176 + 2_796));
  expect(interleavingsOf(p5({ tasks: 5, mmap: 'rwlock' }))).toBe(String(14_591_232 + 902_952));
});

test('P5m: the same with two mutexes', () => {
  expect(countStates(p5({ tasks: 5, mmap: 'mutex' }))).toMatchObject({ states: 368, blocked: 32 });
});

test('P6: unmap against faults', () => {
  expect([1, 2, 3, 4, 5].map((faulters) => statesOf(p6(faulters)))).toEqual([51, 226, 1091, 5690, 30_739]);
  expect([1, 2, 3, 4].map((faulters) => countStates(p6(faulters)).blocked)).toEqual([0, 0, 0, 0]);
});

test('readers and lastzero', () => {
  expect(countStates(readers(8)).returned).toBe(256);
  expect(interleavingsOf(readers(8))).toBe('362880');
  expect([1, 2, 3, 4, 5].map((count) => countStates(lastZero(count)).returned)).toEqual([2, 5, 12, 28, 64]);
  expect(interleavingsOf(lastZero(5))).toBe('3487880');
});

test('P1h stops at the least bug: one preemption, one switch, sixteen steps', () => {
  for (const tasks of [2, 3, 4]) {
    const { violation } = explore(p1({ tasks, walks: true, asserts: true }));
    const steps = violation?.trace.steps ?? [];
    const counted = (kind: string) => steps.filter(({ switched }) => switched === kind).length;
    expect({ kind: violation?.kind, minimal: violation?.minimal }).toEqual({ kind: 'bug', minimal: true });
    expect([counted('preemption'), counted('switch'), steps.length]).toEqual([1, 0, 16]);
  }
});

test('P2h holds: the loser finds the entry filled, or the vma listed', () => {
  expect(explore(p2({ tasks: 4, walks: true, asserts: true }))).toMatchObject({ verdict: 'holds', complete: true });
});
