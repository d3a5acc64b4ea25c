/** The read side of RCU, and the accesses that readers share with writers. Source: include/linux/rcupdate.h, v6.12. See `kernel/rcu/tree.ts`. */

import { acquireShared, type Cell, read, releaseShared, write } from '#explore';
import { get_current } from '../../arch/x86/include/asm/current.ts';
import type { Kernel } from '../../kernel.ts';

/** Begins a read-side critical section: what is found in it is not freed before its end. No step where nobody frees by RCU. */
export function* rcu_read_lock(): Kernel {
  const rcu = get_current()?.rcu;
  if (rcu) yield* acquireShared(rcu, 'rcu_read_lock');
}

/** Ends it. */
export function* rcu_read_unlock(): Kernel {
  const rcu = get_current()?.rcu;
  if (rcu) yield* releaseShared(rcu, 'rcu_read_unlock');
}

/** Reads a pointer that a writer may replace meanwhile. Locks: rcu_read_lock. */
export function* rcu_dereference<T>(pointer: Cell<T>): Kernel<T> {
  return yield* read(pointer, 'rcu_dereference');
}

/** Replaces a pointer under the eyes of readers. Locks: the writers' own. */
export function* rcu_assign_pointer<T>(pointer: Cell<T>, value: T): Kernel {
  yield* write(pointer, value, 'rcu_assign_pointer');
}
