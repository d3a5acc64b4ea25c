import { expect, test } from 'vitest';
import { warmUp, warmUpBetween } from './warm-up.ts';

test('comes to an end, in slices', () => {
  expect([...warmUp()].length).toBeGreaterThan(10);
});

test('goes on whenever it has a turn, until it is through', () => {
  const turns: (() => void)[] = [];
  warmUpBetween((slice) => turns.push(slice));
  let taken = 0;
  for (let slice = turns.pop(); slice; slice = turns.pop()) {
    slice();
    taken += 1;
  }
  expect(taken).toBe([...warmUp()].length + 1);
});

test('stops as soon as it is told', () => {
  const turns: (() => void)[] = [];
  const stop = warmUpBetween((slice) => turns.push(slice));
  turns.pop()?.();
  expect(turns).toHaveLength(1);
  stop();
  turns.pop()?.();
  expect(turns).toEqual([]);
});
