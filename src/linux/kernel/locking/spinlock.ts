/** Locks that a CPU spins for. Models kernel/locking/spinlock.c, v5.14; left out: what it does to interrupts and preemption. */

import { acquire, type Lock, release } from '#explore';
import type { Kernel } from '../../kernel.ts';

export type spinlock_t = Lock;

/** Takes it; spins while another CPU holds it. Until it is released the holder must not sleep (else `lock misuse`). */
export function* spin_lock(lock: spinlock_t): Kernel {
  yield* acquire(lock, 'spin_lock');
}

/** Releases it. Locks: the caller holds it (else `lock misuse`). */
export function* spin_unlock(lock: spinlock_t): Kernel {
  yield* release(lock, 'spin_unlock');
}
