/** Random executions: found again from the same seed, and never a proof. */

import { describe, expect, test } from 'vitest';
import { explore } from '../explore.ts';
import { having } from '../fixtures/programs.ts';
import { p1, p2, p5 } from '../fixtures/reference.ts';
import { replay } from '../replay.ts';
import { again, read, spawn, update, write } from '../steps.ts';

const random = { engine: 'random' } as const;

describe('finds', () => {
  test('a bug that one preemption reaches, and a deadlock', () => {
    const bug = explore(p1({ tasks: 4, walks: true, asserts: true }), random);
    expect(bug).toMatchObject({ verdict: 'violated', engine: 'random', violation: { kind: 'bug', minimal: false } });
    const program = p5({ tasks: 5, mmap: 'rwlock' });
    const { violation } = explore(program, random);
    expect(violation?.kind).toBe('deadlock');
    expect(replay(program, violation?.schedule ?? '').ending).toMatchObject({ kind: 'deadlock' });
  });

  test('all outcomes, given time', () => {
    const program = having((w) => ({ A: () => write(w.x, 1), B: () => write(w.x, 2), C: () => write(w.x, 3) }), {
      outcome: (w, now) => `${now.get(w.x)}`,
    });
    expect(Object.keys(explore(program, { ...random, stopAt: 'never', executions: 50 }).outcomes)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  test('what tasks spawned on the way do', () => {
    const program = having(
      (w) => ({
        *A() {
          yield* spawn('Child', () => update(w.x, (x) => x * 2 + 1));
          yield* update(w.x, (x) => x * 2);
        },
      }),
      { outcome: (w, now) => `${now.get(w.x)}` },
    );
    expect(Object.keys(explore(program, { ...random, stopAt: 'never', executions: 50 }).outcomes)).toEqual(['1', '2']);
  });
});

test('never proves anything, and says from which seed it has tried', () => {
  const { verdict, complete, gaveUp, executions } = explore(p2({ tasks: 3 }), { ...random, executions: 20, seed: 4 });
  expect({ verdict, complete, executions }).toEqual({ verdict: 'gave up', complete: false, executions: 20 });
  expect(gaveUp?.why).toBe('20 random executions prove nothing (seed 4)');
});

test('is the same for the same seed', () => {
  const program = p1({ tasks: 4, walks: true, asserts: true });
  const found = (seed: number) => explore(program, { ...random, seed }).violation?.schedule;
  expect(found(3)).toBe(found(3));
  expect(new Set([1, 2, 3, 4, 5, 6].map(found)).size).toBeGreaterThan(1);
});

test('leaves a task that tries for ever', () => {
  const program = having((w) => ({
    *A() {
      if ((yield* read(w.x)) === 0) yield* again();
    },
    B: () => write(w.x, 1),
  }));
  expect(explore(program, { ...random, executions: 20 }).executions).toBe(20);
});
