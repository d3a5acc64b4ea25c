/** Estimates: right on average, and the same for the same seed. */

import { expect, test } from 'vitest';
import { having } from '../fixtures/programs.ts';
import { p1, p2, p3, p5, readers } from '../fixtures/reference.ts';
import type { Program } from '../program.ts';
import { again, join, read, spawn, write } from '../steps.ts';
import { estimate } from './estimate.ts';

/** Whether the known number lies within four standard errors of what is estimated. */
const near = (known: number, { mean, standardError }: { mean: number; standardError: number }) =>
  Math.abs(mean - known) <= 4 * standardError + 1e-9;

test.each([
  [p1({ tasks: 2 }), 1276, 12],
  [p1({ tasks: 3 }), 8_174_736, 540],
  [p2({ tasks: 4 }), 24, 24],
  [p3({ tasks: 3 }), 90, 90],
  [p5({ tasks: 4, mmap: 'rwlock' }), 31_176 + 2796, 34],
  [readers(8), 362_880, 256],
] as [Program<unknown>, number, number][])('$name', (program, interleavings, traces) => {
  const found = estimate(program, { probes: 2000 });
  expect(near(interleavings, found.interleavings)).toBe(true);
  expect(near(traces, found.traces as never)).toBe(true);
});

test('is exact where nothing is left to chance', () => {
  const { interleavings, traces } = estimate(p2({ tasks: 4 }), { probes: 10 });
  expect([interleavings, traces]).toEqual(Array(2).fill({ mean: 24, standardError: 0 }));
});

test('is the same for the same seed, and another for another', () => {
  const mean = (seed: number) => estimate(p1({ tasks: 3 }), { probes: 20, seed }).interleavings.mean;
  expect(mean(7)).toBe(mean(7));
  expect(mean(7)).not.toBe(mean(8));
});

test('counts spawned tasks and those who wait for them, and leaves out what has no end', () => {
  const family = having((w) => ({
    *A() {
      yield* spawn('Child', () => write(w.x, 1));
      yield* write(w.y, 1);
      yield* join('Child');
    },
  }));
  expect(estimate(family).interleavings.mean).toBe(2);
  const endless = having((w) => ({
    *A() {
      if ((yield* read(w.x)) === 0) yield* again();
    },
  }));
  expect(estimate(endless, { probes: 2 }).probes).toBe(0);
});
