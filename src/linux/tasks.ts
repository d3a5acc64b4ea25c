/** The bodies of a world's tasks. */

import { type Body, type Cell, get, set, waitFor } from '#explore';
import { asTask } from './arch/x86/include/asm/current.ts';
import { codeOf, type Deed, omit } from './deeds/index.ts';
import type { Birth } from './include/linux/mm_types.ts';
import { fatal_signal_pending } from './include/linux/sched/signal.ts';
import type { TaskEnd, task_struct } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';

/**
 * The bodies of a task that does these things, one after another. A signal ends the task: its later bodies do nothing. A fatal
 * one that is pending ends it before the program's next step. The memory of it
 * has no line in traces: it is the world's, not the program's.
 */
export function bodiesOf(task: task_struct, deeds: readonly Deed[], machine: Machine): Body[] {
  const bodies = deeds.map((deed) =>
    asTask(task, () =>
      doIfAlive(
        task,
        () => codeOf(deed, machine, task),
        () => omit(deed, machine, task),
      ),
    ),
  );
  const birth = task.mm?.birth;
  return birth ? [asTask(task, () => doIfAlive(task, () => beBorn(birth))), ...bodies] : bodies;
}

function* doIfAlive(task: task_struct, code: () => Kernel<string>, instead?: () => Kernel): Kernel<string> {
  const { ended } = task;
  const before = ended && (yield* get(ended, ''));
  if (before) {
    if (instead) yield* instead();
    return before;
  }
  const end = (yield* fatal_signal_pending(task)) ? 'SIGKILL' : yield* code();
  if (ended && isFatal(end)) yield* set(ended, end, '');
  return end;
}

/** A child's task begins when the child is there, and does nothing if it never will be. */
function* beBorn(birth: Cell<Birth>): Kernel<string> {
  yield* waitFor(birth, (now) => now !== 'unborn', 'ret_from_fork');
  return (yield* get(birth, '')) === 'never' ? 'never born' : 'born';
}

const isFatal = (end: string): end is TaskEnd =>
  ['SIGBUS', 'SIGSEGV', 'SIGKILL', 'touched disabled device', 'never born'].includes(end);
