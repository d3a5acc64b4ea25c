/** The task that the CPU runs. Source: arch/x86/include/asm/current.h, v5.14. */

import type { Body } from '#explore';
import type { task_struct } from '../../../../include/linux/sched.ts';
import type { Kernel } from '../../../../kernel.ts';

/**
 * Set while a task's code runs from one operation to the next, as a CPU's `current` is: no other task's code runs
 * meanwhile, and nothing of it outlives an operation.
 */
let running: task_struct | null = null;

/** The running task; null in code that no world's task runs, such as a unit test's. Models the macro `current`. */
export function get_current(): task_struct | null {
  return running;
}

/** A body during which `task` is the running task. */
export function asTask(task: task_struct, code: () => Kernel<unknown>): Body {
  return function* () {
    const steps = code();
    let result: unknown;
    for (;;) {
      const { done, value } = resumeAs(task, steps, result);
      if (done) return value;
      result = yield value;
    }
  };
}

function resumeAs(task: task_struct, steps: Kernel<unknown>, result: unknown) {
  const before = running;
  running = task;
  try {
    return steps.next(result);
  } finally {
    running = before;
  }
}
