import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { warmUp, warmUpBetween } from './warm-up.ts';

const evaluate = (expression: string) => runInThisContext(expression);

test('comes to an end, in slices', () => {
  expect([...warmUp(evaluate)].length).toBeGreaterThan(10);
});

test('goes on whenever it has a turn, until it is through', () => {
  const turns: (() => void)[] = [];
  warmUpBetween(evaluate, (slice) => turns.push(slice));
  let taken = 0;
  for (let slice = turns.pop(); slice; slice = turns.pop()) {
    slice();
    taken += 1;
  }
  expect(taken).toBe([...warmUp(evaluate)].length + 1);
});

test('stops as soon as it is told', () => {
  const turns: (() => void)[] = [];
  const stop = warmUpBetween(evaluate, (slice) => turns.push(slice));
  turns.pop()?.();
  expect(turns).toHaveLength(1);
  stop();
  turns.pop()?.();
  expect(turns).toEqual([]);
});
