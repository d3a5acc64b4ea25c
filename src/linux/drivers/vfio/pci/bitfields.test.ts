/**
 * B22: bit-fields that share one word of storage. Setting one is a read and a write of the whole word, so two CPUs that set different
 * bits, each under a lock of its own, lose one of them. The word is modelled as a cell. Left out: which flag the other one was (facts
 * 1.6 names none); that compilers may merge or split the accesses.
 */

import { describe, expect, test } from 'vitest';
import { type Cell, cell, explore, mutex, type Program, read, write } from '#explore';
import { mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { get, type Kernel, set } from '../../../kernel.ts';

const ENGAGED = 1;
const OTHER = 2;

/** Low-power entry sets one bit and the other writer another, each under its own lock; then a fault looks at the first. */
function program(setBit: (word: Cell<number>, bit: number) => Kernel, words: 1 | 2): Program<unknown> {
  return {
    name: 'two flags',
    setup: () => {
      const first = cell(0, 'bit-fields');
      return {
        locks: [mutex('memory_lock'), mutex('another lock')] as const,
        engaged: first,
        other: words === 1 ? first : cell(0, 'other flag'),
      };
    },
    tasks: (world) => {
      const { locks, engaged, other } = world as { locks: [never, never]; engaged: Cell<number>; other: Cell<number> };
      const under = (lock: never, code: () => Kernel) =>
        function* () {
          yield* mutex_lock(lock);
          yield* code();
          yield* mutex_unlock(lock);
        };
      return {
        Z: under(locks[0], () => setBit(engaged, ENGAGED)),
        X: under(locks[1], () => setBit(other, OTHER)),
      };
    },
    outcome: (world, now) => {
      const { engaged } = world as { engaged: Cell<number> };
      return now.get(engaged) & ENGAGED ? 'a fault is refused' : 'a fault is wrongly allowed';
    },
  };
}

function* plainly(word: Cell<number>, bit: number): Kernel {
  yield* set(word, (yield* get(word)) | bit);
}
/** The same, with a chance for others between the two halves, as the CPU gives it. */
function* inTwoHalves(word: Cell<number>, bit: number): Kernel {
  yield* write(word, (yield* read(word)) | bit);
}

describe('B22: lost updates in bit-fields', () => {
  test('two read-modify-writes of one word under two locks are a data race', () => {
    expect(explore(program(plainly, 1)).violation).toMatchObject({ kind: 'data race' });
  });
  test('and one of them may be lost: the fault is wrongly allowed', () => {
    const { outcomes } = explore(program(inTwoHalves, 1), { stopAt: 'never' });
    expect(Object.keys(outcomes).sort()).toEqual(['a fault is refused', 'a fault is wrongly allowed']);
  });
  test('the layout of 2026, a bool for each: neither', () => {
    expect(explore(program(plainly, 2)).verdict).toBe('holds');
    expect(Object.keys(explore(program(inTwoHalves, 2), { stopAt: 'never' }).outcomes)).toEqual(['a fault is refused']);
  });
});
