/** The kernel's assertions. Source: include/asm-generic/bug.h, v5.14. */

import { bug, warn } from '#explore';
import type { Kernel } from '../../kernel.ts';

/**
 * Kills the task where it stands: whatever it holds stays locked. `what` begins with the macro or names the function, else it counts
 * as an assertion that is not the kernel's (lib/bug.ts).
 */
export function* BUG(what = 'BUG()'): Kernel<never> {
  return yield* bug(what, 'BUG');
}

/** `BUG()` if the condition holds. */
export function* BUG_ON(condition: boolean, what = 'BUG_ON()'): Kernel {
  if (condition) yield* bug(what, 'BUG_ON');
}

/** Reports the condition if it holds, and goes on. Returns the condition. */
export function* WARN_ON(condition: boolean, what = 'WARN_ON()'): Kernel<boolean> {
  if (condition) yield* warn(what, 'WARN_ON');
  return condition;
}
