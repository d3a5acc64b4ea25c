/** Allocations that fail because the world says so. Models mm/failslab.c and mm/page_alloc.c, v5.14: one count per task for both. */

import { get, remark, set } from '#explore';
import { get_current } from '../arch/x86/include/asm/current.ts';
import type { FailingAllocations } from '../include/linux/sched.ts';
import type { Kernel } from '../kernel.ts';

/** Whether the running task's next allocation of an object fails: one of the kind `what`. */
export function* should_failslab(what: { readonly name: string }): Kernel<boolean> {
  return yield* shouldFail(what.name);
}

/** Whether the running task's next allocation of a page fails. */
export function* should_fail_alloc_page(what = 'a page table'): Kernel<boolean> {
  return yield* shouldFail(what);
}

function* shouldFail(what: string): Kernel<boolean> {
  const failing = get_current()?.failingAllocations;
  if (!failing || !(yield* isNext(failing))) return false;
  yield* remark(`no memory for ${what} (injected failure)`);
  return true;
}

/** Counts the allocations, up to the last that fails. The counting has no line in traces: it is the world's, not the kernel's. */
function* isNext({ which, made }: FailingAllocations): Kernel<boolean> {
  if (which === 'all' || !made) return true;
  const number = (yield* get(made, '')) + 1;
  if (number > Math.max(...which)) return false;
  yield* set(made, number, '');
  return which.includes(number);
}
