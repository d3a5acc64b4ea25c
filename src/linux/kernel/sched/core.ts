/**
 * What a kernel prints when a task may sleep where it must not. Models `___might_sleep()`, kernel/sched/core.c, v5.14.
 * Left out: whether interrupts are off.
 */

import type { Trace } from '#explore';
import { callTrace, whoLine } from '../../arch/x86/kernel/dumpstack.ts';
import { type KernelReport, lastEvent, lastTask, pidOf } from '../../incident.ts';
import { heldLines } from '../locking/lockdep/held.ts';

/** The report of a task that may sleep while it holds a spinlock. */
export function sleepReport(trace: Trace): KernelReport | undefined {
  const task = lastTask(trace);
  const event = lastEvent(trace);
  if (task === undefined || !event) return undefined;
  const place = event.stack[0]?.file ?? event.operation;
  return {
    source: 'Linux with CONFIG_DEBUG_ATOMIC_SLEEP',
    lines: [
      `BUG: sleeping function called from invalid context at ${place}`,
      `in_atomic(): 1, pid: ${pidOf(trace, task)}, name: ${task}`,
      ...heldLines(trace, task),
      whoLine(trace, task),
      ...callTrace(event.stack),
    ],
    remarks: ['Whoever spins for that lock keeps a CPU busy for as long as the task sleeps.'],
  };
}
