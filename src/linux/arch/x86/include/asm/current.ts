/** The task that the CPU runs. Source: arch/x86/include/asm/current.h, v5.14. */

import type { Body } from '#explore';
import type { task_struct } from '../../../../include/linux/sched.ts';
import type { Kernel } from '../../../../kernel.ts';

/**
 * Set while a task's code runs from one operation to the next, as a CPU's `current` is: no other task's code runs
 * meanwhile, and nothing of it outlives an operation.
 */
let running: Running | null = null;

interface Running {
  readonly task: task_struct;
  /** What the body that runs has last seen of what it looked at: its own, and a function of its operations' results. */
  readonly seen: Map<object, string>;
  /** What it does when it is done. */
  readonly deferred: (() => Kernel)[];
}

/** The running task; null in code that no world's task runs, such as a unit test's. Models the macro `current`. */
export function get_current(): task_struct | null {
  return running?.task ?? null;
}

/** A body during which `task` is the running task. */
export function asTask(task: task_struct, code: () => Kernel<unknown>): Body {
  return function* () {
    const self = { task, seen: new Map<object, string>(), deferred: [] };
    const steps = withDeferred(code, self);
    let result: unknown;
    for (;;) {
      const { done, value } = resumeAs(self, steps, result);
      if (done) return value;
      result = yield value;
    }
  };
}

function* withDeferred(code: () => Kernel<unknown>, { deferred }: Running): Kernel<unknown> {
  const value = yield* code();
  for (const each of deferred) yield* each();
  return value;
}

/** Has the running body do this at its end; lost in one that starts over before. */
export function deferToEnd(what: () => Kernel): void {
  running?.deferred.push(what);
}

function resumeAs(self: Running, steps: Kernel<unknown>, result: unknown) {
  const before = running;
  running = self;
  try {
    return steps.next(result);
  } finally {
    running = before;
  }
}

/** What the running body has last seen of the thing; undefined before its first look, and in code that no world's task runs. */
export const seen = (thing: object): string | undefined => running?.seen.get(thing);

/** The running body has seen this of the thing, as the result of an operation. */
export function noteSeen(thing: object, what: string): void {
  running?.seen.set(thing, what);
}
