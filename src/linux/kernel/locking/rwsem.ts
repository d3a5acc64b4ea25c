/**
 * Sleeping locks with many readers or one writer. Models kernel/locking/rwsem.c, v6.1.
 * They are fair: once a writer waits, new readers wait behind it. So a writer takes two steps here, also when nobody is in its way,
 * where Linux takes one. Left out: the order of the queue, spinning on the owner, and that a writer may steal the lock from the queue.
 */

import { acquire, acquireShared, type Lock, release, releaseShared, tryAcquire, tryAcquireShared } from '#explore';
import { noteSeen, seen } from '../../arch/x86/include/asm/current.ts';
import { WARN_ON } from '../../include/asm-generic/bug.ts';
import type { Kernel } from '../../kernel.ts';

export type rw_semaphore = Lock;

/** What the running task remembers of a semaphore that it has taken as the writer: a function of what it has done. */
const WRITER = 'held as the writer';

/** Takes it as a reader; sleeps while a writer holds it or waits for it. Locks: no spinlock may be held. */
export function* down_read(semaphore: rw_semaphore): Kernel {
  yield* acquireShared(semaphore, 'down_read');
}

/** Takes it as a reader if no writer holds it or waits for it. Returns whether it did; never sleeps. */
export function* down_read_trylock(semaphore: rw_semaphore): Kernel<boolean> {
  return yield* tryAcquireShared(semaphore, 'down_read_trylock');
}

/** Gives it back. Locks: the caller holds it as a reader (else `lock misuse`). */
export function* up_read(semaphore: rw_semaphore): Kernel {
  yield* releaseShared(semaphore, 'up_read');
}

/** Takes it as the only one: queues, from where on new readers wait, and sleeps while there is any reader or writer. Locks: no spinlock may be held. */
export function* down_write(semaphore: rw_semaphore): Kernel {
  yield* acquire(semaphore, 'down_write', 'rwsem_add_waiter');
  noteSeen(semaphore, WRITER);
}

/** Takes it as the only one if nobody holds it. Returns whether it did; never sleeps. */
export function* down_write_trylock(semaphore: rw_semaphore): Kernel<boolean> {
  const taken = yield* tryAcquire(semaphore, 'down_write_trylock');
  if (taken) noteSeen(semaphore, WRITER);
  return taken;
}

/** Gives it back. Locks: the caller holds it as the writer (else `lock misuse`). */
export function* up_write(semaphore: rw_semaphore): Kernel {
  yield* release(semaphore, 'up_write');
  noteSeen(semaphore, '');
}

/**
 * WARNs unless the running task holds it as the writer. Source: include/linux/rwsem.h, v6.10; before, only builds with lockdep could tell.
 * Here it is the task that must hold it, as with lockdep; without, Linux is content if anybody does.
 */
export function* rwsem_assert_held_write(semaphore: rw_semaphore): Kernel {
  yield* WARN_ON(seen(semaphore) !== WRITER, `rwsem_assert_held_write: ${semaphore.name} is not held as the writer`);
}
