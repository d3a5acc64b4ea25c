/**
 * Sleeping locks with many readers or one writer. Models kernel/locking/rwsem.c, v5.14.
 * Left out: a reader who comes while a writer waits is let in here, and queues behind the writer in Linux.
 */

import { acquire, acquireShared, type Lock, release, releaseShared, tryAcquire, tryAcquireShared } from '#explore';
import type { Kernel } from '../../kernel.ts';

export type rw_semaphore = Lock;

/** Takes it as a reader; sleeps while there is a writer. Locks: no spinlock may be held. */
export function* down_read(semaphore: rw_semaphore): Kernel {
  yield* acquireShared(semaphore, 'down_read');
}

/** Takes it as a reader if there is no writer. Returns whether it did; never sleeps. */
export function* down_read_trylock(semaphore: rw_semaphore): Kernel<boolean> {
  return yield* tryAcquireShared(semaphore, 'down_read_trylock');
}

/** Gives it back. Locks: the caller holds it as a reader (else `lock misuse`). */
export function* up_read(semaphore: rw_semaphore): Kernel {
  yield* releaseShared(semaphore, 'up_read');
}

/** Takes it as the only one; sleeps while there is any reader or writer. Locks: no spinlock may be held. */
export function* down_write(semaphore: rw_semaphore): Kernel {
  yield* acquire(semaphore, 'down_write');
}

/** Takes it as the only one if nobody holds it. Returns whether it did; never sleeps. */
export function* down_write_trylock(semaphore: rw_semaphore): Kernel<boolean> {
  return yield* tryAcquire(semaphore, 'down_write_trylock');
}

/** Gives it back. Locks: the caller holds it as the writer (else `lock misuse`). */
export function* up_write(semaphore: rw_semaphore): Kernel {
  yield* release(semaphore, 'up_write');
}
