/** Locks of one class, as lockdep sees them: what is taken in both orders, or twice, by whichever of the class. */

import { expect, test } from 'vitest';
import { explore } from '#explore';
import type { Machine } from '../../machine.ts';
import { programOf } from '../../testing.ts';
import { mutex_lock, mutex_trylock, mutex_unlock } from './mutex.ts';

const two = {
  bars: undefined,
  devices: { d0: { bars: { bar0: 1 } }, d1: { bars: { bar0: 1 } } },
  vmas: { v: { bar: 'bar0', device: 'd0', process: 'p' } },
} as never;

test('two devices’ vma_locks, one under the other: lock order, though nobody takes them the other way round', () => {
  const code = function* ({ devices: [d0, d1] }: Machine) {
    if (!d0 || !d1) return;
    yield* mutex_lock(d0.vma_lock);
    yield* mutex_lock(d1.vma_lock);
    yield* mutex_unlock(d1.vma_lock);
    yield* mutex_unlock(d0.vma_lock);
  };
  expect(explore(programOf({ A: code }, two)).violation?.kind).toBe('lock order');
});

test('the second one tried, as a hot reset does: none', () => {
  const code = function* ({ devices: [d0, d1] }: Machine) {
    if (!d0 || !d1) return;
    yield* mutex_lock(d0.vma_lock);
    if (yield* mutex_trylock(d1.vma_lock)) yield* mutex_unlock(d1.vma_lock);
    yield* mutex_unlock(d0.vma_lock);
  };
  expect(explore(programOf({ A: code }, two)).verdict).toBe('holds');
});
