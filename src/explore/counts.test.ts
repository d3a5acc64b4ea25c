/** The exact counts of the engine's specification, confirmed there by other tools and by closed formulas. */

import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import { lastZero, p1, p2, p3, p3cas, p5, p6, readers } from './fixtures/reference.ts';
import { StateGraph } from './graph.ts';
import type { Program } from './program.ts';

/** All reachable states, and how many of them nobody can leave: with every task returned, or with some of them blocked. */
function countStates<World>(program: Program<World>) {
  const graph = new StateGraph(program);
  let [returned, blocked] = [0, 0];
  for (let state = 0; state < graph.table.count; state++) {
    graph.expand(state);
    const { first, end } = graph.edgesOf(state);
    if (first < end) continue;
    graph.rewindTo(state);
    if (graph.machine.tasks.every(({ index }) => graph.automaton.at(index).pending.type === 'returned')) returned++;
    else blocked++;
  }
  return { states: graph.table.count, returned, blocked };
}

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
  expect([1, 2, 3, 4].map((faulters) => statesOf(p6(faulters)))).toEqual([51, 226, 1091, 5690]);
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
