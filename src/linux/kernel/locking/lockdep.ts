/**
 * What lockdep prints. Models kernel/locking/lockdep.c, v5.14: locks in a ring (lockdep/circular.ts), a lock given back by one who
 * does not hold it, and one kept on the way back to user space.
 */

import type { Trace } from '#explore';
import { callTrace, stackLines, whoLine } from '../../arch/x86/kernel/dumpstack.ts';
import { forEver, type KernelReport, lastEvent, lastTask, locksHeld, taskName } from '../../incident.ts';
import { sleepReport } from '../sched/core.ts';
import { banner, heldLines, SOURCE } from './lockdep/held.ts';

export { lockRing } from './lockdep/circular.ts';

/** The report of a lock that is misused. Undefined for what Linux has no report of. */
export function misuseReport(trace: Trace): KernelReport | undefined {
  const { message = '' } = trace.ending;
  if (/ may sleep, and .* is a spinlock that the task holds$/.test(message)) return sleepReport(trace);
  if (/ returned while it holds |^starts over while it holds /.test(message)) return keptReport(trace);
  const released = /^\w+\((.*)\), but the task does not hold it$/.exec(message)?.[1];
  return released === undefined ? undefined : imbalanceReport(trace, released);
}

/** Models `print_unlock_imbalance_bug()`. */
function imbalanceReport(trace: Trace, lock: string): KernelReport | undefined {
  const task = lastTask(trace);
  const event = lastEvent(trace);
  if (task === undefined || !event) return undefined;
  return {
    source: SOURCE,
    lines: [
      ...banner('WARNING: bad unlock balance detected!'),
      `${taskName(trace, task)} is trying to release lock (${lock}) at:`,
      ...stackLines(event.stack.slice(0, 1)),
      'but there are no more locks to release!',
      '',
      'other info that might help us debug this:',
      ...heldLines(trace, task),
      '',
      'stack backtrace:',
      whoLine(trace, task),
      ...callTrace(event.stack),
    ],
    remarks: ['Whoever holds that lock now, or takes it next, is no longer alone with what it guards.'],
  };
}

/** Models `lockdep_sys_exit()`. A fault that is tried again has been in user space as well. */
function keptReport(trace: Trace): KernelReport | undefined {
  const task = lastTask(trace);
  if (task === undefined) return undefined;
  return {
    source: SOURCE,
    lines: [
      ...banner('WARNING: lock held when returning to user space!'),
      `${taskName(trace, task)} is leaving the kernel with locks still held!`,
      ...heldLines(trace, task),
    ],
    remarks: [`Without lockdep, a kernel says nothing. ${forEver(locksHeld(trace, task))}`],
  };
}
