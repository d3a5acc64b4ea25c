import { expect, test } from 'vitest';
import { exploredOf } from './explored.ts';
import { puzzles } from './puzzles.ts';

const sum = (counts: readonly (bigint | undefined)[]) => counts.reduce<bigint>((all, count) => all + (count ?? 0n), 0n);

test('every interleaving is in one outcome, the commonest first', () => {
  const { interleavings, executions, outcomes } = exploredOf('reproduce-the-bug/by-hand');
  expect([interleavings, executions]).toEqual([1_265_125n, 8]);
  expect(outcomes.map(({ name, kind }) => [name, kind])).toEqual([
    ['A mapped, B never returned', 'bug'],
    ['A never returned, B mapped', 'bug'],
    ['A mapped, B mapped', 'returned'],
  ]);
  expect(sum(outcomes.map((each) => each.interleavings))).toBe(interleavings);
  expect(outcomes.reduce((all, { share = 0 }) => all + share, 0)).toBeCloseTo(100, 0);
});

test('where an execution can go in a circle, outcomes have no number', () => {
  const { interleavings, executions, states, outcomes } = exploredOf('what-was-merged/unbroken');
  expect([interleavings, executions]).toEqual([undefined, undefined]);
  expect(states).toBeGreaterThan(1000);
  expect(outcomes).toHaveLength(4);
  expect(outcomes.map(({ share }) => share)).toEqual([undefined, undefined, undefined, undefined]);
});

test.each(Object.keys(puzzles))('%s: each outcome has a whole execution to open', (id) => {
  for (const { name, schedule, kind } of exploredOf(id).outcomes)
    expect([name, kind === 'returned']).toEqual([name, !name.includes('never returned') && schedule !== '']);
});
