/**
 * Read-copy-update: who reads what others replace takes no lock, and what was replaced is freed when nobody can still be reading it.
 * Models kernel/rcu/tree.c, v6.12, by a lock that readers share; a grace period takes it alone for a moment. So it waits for
 * later readers too, and they for it, which changes no outcome. Left out: batches, CPUs, expedited grace periods.
 */

import { acquire, release } from '#explore';
import { deferToEnd, get_current } from '../../arch/x86/include/asm/current.ts';
import type { Kernel } from '../../kernel.ts';

/** Waits until all read-side critical sections that have begun are over. Locks: may sleep; not within such a section. */
export function* synchronize_rcu(): Kernel {
  const rcu = get_current()?.rcu;
  if (!rcu) return;
  yield* acquire(rcu, 'synchronize_rcu');
  yield* release(rcu, 'grace period ends');
}

/**
 * Has `callback` run once all read-side critical sections that have begun are over; never waits. It runs on the CPU that asked for it,
 * when that is done with what it is doing.
 */
export function* call_rcu(callback: () => Kernel): Kernel {
  deferToEnd(function* () {
    yield* synchronize_rcu();
    yield* callback();
  });
}
