/** The bodies of a world's tasks. */

import { type Body, get, set } from '#explore';
import { asTask } from './arch/x86/include/asm/current.ts';
import { codeOf, type Deed } from './deeds/index.ts';
import { fatal_signal_pending } from './include/linux/sched/signal.ts';
import type { AccessEnd, task_struct } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';

/**
 * The bodies of a task that does these things, one after another. A signal ends the task: its later bodies do nothing. A fatal
 * one that is pending ends it before the program's next step. The memory of it
 * has no line in traces: it is the world's, not the program's.
 */
export function bodiesOf(task: task_struct, deeds: readonly Deed[], machine: Machine): Body[] {
  return deeds.map((deed) => asTask(task, () => doIfAlive(task, () => codeOf(deed, machine, task))));
}

function* doIfAlive(task: task_struct, code: () => Kernel<string>): Kernel<string> {
  const { ended } = task;
  const before = ended && (yield* get(ended, ''));
  if (before) return before;
  const end = (yield* fatal_signal_pending(task)) ? 'SIGKILL' : yield* code();
  if (ended && isFatal(end)) yield* set(ended, end, '');
  return end;
}

const isFatal = (end: string): end is AccessEnd =>
  ['SIGBUS', 'SIGSEGV', 'SIGKILL', 'touched disabled device'].includes(end);
