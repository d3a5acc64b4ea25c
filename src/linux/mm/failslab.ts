/** Allocations that fail because the world says so. Models mm/failslab.c and mm/page_alloc.c, v5.14: one count per task for both. */

import { get, set } from '#explore';
import { get_current } from '../arch/x86/include/asm/current.ts';
import type { Kernel } from '../kernel.ts';

/** Whether the running task's next allocation of an object fails. */
export function* should_failslab(): Kernel<boolean> {
  const failing = get_current()?.failingAllocations;
  if (!failing) return false;
  const { which, made } = failing;
  if (which === 'all' || !made) return true;
  const number = (yield* get(made, 'allocations made')) + 1;
  if (number > Math.max(...which)) return false;
  yield* set(made, number, 'allocations made');
  return which.includes(number);
}

/** Whether the running task's next allocation of a page fails. */
export function* should_fail_alloc_page(): Kernel<boolean> {
  return yield* should_failslab();
}
