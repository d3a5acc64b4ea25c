/**
 * Locks that reach vfio by ways of their own (facts, B9 and B10). Of KVM, of the irq bypass and of memory reclaim the simulation has
 * nothing: here they are their locks alone, taken in the order that the facts give, beside real memory_lock and mmap_lock.
 */

import { describe, expect, test } from 'vitest';
import { explore, type Lock, mutex, type Program, rwlock } from '#explore';
import { mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { down_read, down_write, up_read, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';

const nothing = function* (): Kernel {};

function* holding(lock: Lock, code: () => Kernel): Kernel {
  yield* mutex_lock(lock);
  yield* code();
  yield* mutex_unlock(lock);
}
function* reading(lock: Lock, code: () => Kernel): Kernel {
  yield* down_read(lock);
  yield* code();
  yield* up_read(lock);
}
function* writing(lock: Lock, code: () => Kernel): Kernel {
  yield* down_write(lock);
  yield* code();
  yield* up_write(lock);
}

const fair = (name: string) => rwlock(name, { fair: true });

/**
 * lockdep reported both from runs in which the moments were far apart. Here `apart` keeps them so: a lock of the user's program, or
 * luck. Without it the ring closes, and the exploration says so first.
 */
const APART = 'kept apart';

/** The rings of locks that the exploration has found, each from this lock on. */
function ringsOf(program: Program<unknown>, first: string): string[] {
  const { violations } = explore(program, { stopAt: 'never' });
  return violations
    .filter(({ kind }) => kind === 'lock order')
    .map(({ orders = [] }) => {
      const locks = orders.map(({ holds }) => holds);
      const at = locks.indexOf(first);
      return [...locks.slice(at), ...locks.slice(0, at), first].join(' -> ');
    });
}

describe('B9: the chain of five locks of May 2020', () => {
  const setup = () => ({
    memory_lock: fair('memory_lock'),
    bypass: mutex('irqbypass lock'),
    kvm: mutex('kvm->lock'),
    vcpu: mutex('vcpu->mutex'),
    mmap_lock: fair('mmap_lock'),
    apart: mutex(APART),
  });
  type Locks = ReturnType<typeof setup>;

  /** Sets vectors up: touches their table, and tells KVM of them. */
  const v2 = ({ memory_lock, bypass, kvm }: Locks) =>
    writing(memory_lock, () => holding(bypass, () => holding(kvm, nothing)));
  const v3 = function* ({ memory_lock, bypass, kvm }: Locks) {
    yield* writing(memory_lock, nothing);
    yield* holding(bypass, () => holding(kvm, nothing));
  };

  const program = (ioctl: (locks: Locks) => Kernel, isApart: boolean): Program<Locks> => ({
    name: 'MSI-X ioctl, vcpu, fault',
    setup,
    tasks: (locks) => ({
      I: () => (isApart ? holding(locks.apart, () => ioctl(locks)) : ioctl(locks)),
      K: () => {
        const code = () => holding(locks.kvm, () => holding(locks.vcpu, nothing));
        return isApart ? holding(locks.apart, code) : code();
      },
      V: () => holding(locks.vcpu, () => reading(locks.mmap_lock, nothing)),
      F: () => reading(locks.mmap_lock, () => reading(locks.memory_lock, nothing)),
      M: () => writing(locks.mmap_lock, nothing),
    }),
  });

  test('memory_lock held over the whole ioctl: the shortest ring leaves out the irq bypass, which lies within its first step', () => {
    expect(ringsOf(program(v2, true), 'memory_lock')).toEqual([
      'memory_lock -> kvm->lock -> vcpu->mutex -> mmap_lock -> memory_lock',
    ]);
  });
  test('and it can close: all five wait', () => {
    const { violation } = explore(program(v2, false));
    expect(violation?.kind).toBe('deadlock');
    expect(new Set(violation?.waits?.map(({ lock }) => lock))).toContain('vcpu->mutex');
  });
  test('v3: memory_lock around the touches of the table alone: no ring', () => {
    expect(explore(program(v3, false), { stopAt: 'never' }).verdict).toBe('holds');
  });
});

describe('B10: reclaim under the i_mmap lock', () => {
  const setup = () => ({ i_mmap: fair('i_mmap_rwsem'), fs_reclaim: mutex('fs_reclaim'), apart: mutex(APART) });
  type Locks = ReturnType<typeof setup>;

  const program = (allocate: (locks: Locks) => Kernel): Program<Locks> => ({
    name: 'populating on enable, and reclaim',
    setup,
    tasks: (locks) => ({
      Z: () => holding(locks.apart, () => writing(locks.i_mmap, () => allocate(locks))),
      R: () => holding(locks.apart, () => holding(locks.fs_reclaim, () => reading(locks.i_mmap, nothing))),
    }),
  });

  test('an allocation for PAT that may reclaim from file systems', () => {
    const reclaiming = program(({ fs_reclaim }) => holding(fs_reclaim, nothing));
    expect(ringsOf(reclaiming, 'i_mmap_rwsem')).toEqual(['i_mmap_rwsem -> fs_reclaim -> i_mmap_rwsem']);
  });
  test('in a NOFS scope it may not: no ring', () => {
    expect(explore(program(nothing), { stopAt: 'never' }).verdict).toBe('holds');
  });
});
