/** Sleeping locks with one holder. Models kernel/locking/mutex.c, v5.14; left out: spinning on the owner, and the queue's order. */

import { acquire, type Lock, release, tryAcquire } from '#explore';
import type { Kernel } from '../../kernel.ts';

/** One task at a time holds it, and may sleep for it. */
export type mutex = Lock;

/**
 * Takes the mutex; sleeps while another task holds it.
 * Locks: no spinlock may be held. Taking it twice waits for oneself, for ever.
 */
export function* mutex_lock(lock: mutex): Kernel {
  yield* acquire(lock, 'mutex_lock');
}

/** Takes the mutex if it is free. Returns whether it did; never sleeps. */
export function* mutex_trylock(lock: mutex): Kernel<boolean> {
  return yield* tryAcquire(lock, 'mutex_trylock');
}

/** Releases the mutex. Locks: the caller holds it (else `lock misuse`). */
export function* mutex_unlock(lock: mutex): Kernel {
  yield* release(lock, 'mutex_unlock');
}
