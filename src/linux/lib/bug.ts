/**
 * What a kernel prints at a BUG and at a WARN, on x86: the line of lib/bug.c, what arch/x86/kernel/traps.c makes of the trap, and
 * the note of kernel/exit.c; for a NULL pointer, arch/x86/mm/fault.c; for a WARN, kernel/panic.c. All v5.14.
 * Left out: line numbers of Linux (the model's lines are its own), the second RIP line below the trace, and what dumpstack.ts says.
 */

import type { Frame, Trace, Wait } from '#explore';
import { trapLines } from '../arch/x86/kernel/dumpstack.ts';
import {
  cpuOf,
  type Event,
  eventOf,
  eventsOf,
  forEver,
  type KernelReport,
  lastTask,
  locksHeld,
  pidOf,
} from '../incident.ts';

const CUT_HERE = '------------[ cut here ]------------';
const END_OF_TRACE = '---[ end trace ]---';
const SOURCE = 'Linux';

/** The report of a BUG: its task is dead, with its locks held. Undefined for an assertion that is not the kernel's. */
export function bugReport(trace: Trace): KernelReport | undefined {
  const task = lastTask(trace);
  const event = eventOf(trace, trace.ending.message);
  const stack = stackOf(event);
  const message = trace.ending.message ?? '';
  if (task === undefined || !isKernels(message, stack)) return undefined;
  const held = locksHeld(trace, task);
  const preemptCount = held.filter(({ isSpinlock }) => isSpinlock).length;
  return {
    source: SOURCE,
    lines: [
      ...headOf(trace, message, stack),
      ...trapLines(trace, task, stack),
      END_OF_TRACE,
      ...(preemptCount === 0 ? [] : [`note: ${task}[${pidOf(trace, task)}] exited with preempt_count ${preemptCount}`]),
    ],
    remarks: remarksOn(
      trace,
      task,
      held.map(({ lock }) => lock),
    ),
  };
}

/** The report of a WARN: the same trace, and the task goes on. Undefined for an assertion that is not the kernel's. */
export function warnReport(trace: Trace): KernelReport | undefined {
  const task = lastTask(trace);
  const stack = stackOf(eventOf(trace, trace.ending.message));
  const [at] = stack;
  if (task === undefined || !at || !isKernels(trace.ending.message ?? '', stack)) return undefined;
  const place = `CPU: ${cpuOf(trace, task)} PID: ${pidOf(trace, task)} at ${placeOf(at)} ${at.function}`;
  return {
    source: SOURCE,
    lines: [CUT_HERE, `WARNING: ${place}`, ...trapLines(trace, task, stack), END_OF_TRACE],
    remarks: [`${task} goes on, and gives its locks back: a WARN kills nobody.`],
  };
}

/** A trap of BUG's invalid instruction, or of an access through a NULL pointer, and which of them it is since boot. */
function headOf(trace: Trace, message: string, [at]: readonly Frame[]): string[] {
  const count = Math.max(1, eventsOf(trace).filter(({ operation }) => /^BUG(_ON)?\(/.test(operation)).length);
  if (message.startsWith('NULL pointer dereference'))
    return ['BUG: kernel NULL pointer dereference', `Oops: 0000 [#${count}] SMP`];
  return [CUT_HERE, `kernel BUG at ${at ? placeOf(at) : 'an unknown place'}!`, `invalid opcode: 0000 [#${count}] SMP`];
}

const placeOf = ({ file, line }: Frame) => (line === undefined ? file : `line ${line} of your file`);

/** Without the macro's own frame: in Linux it is none. */
const stackOf = (event: Event | undefined) =>
  (event?.stack ?? []).filter(({ file }) => file !== 'include/asm-generic/bug.h');

/** A grader asserts as well. The kernel's assertions say what they test, or name their function; the learner's stand in his. */
function isKernels(message: string, [at]: readonly Frame[]): boolean {
  if (!at) return false;
  return (
    at.line !== undefined ||
    /^(BUG|BUG_ON|WARN_ON)\(|^list\w* corruption/.test(message) ||
    message.includes(at.function)
  );
}

/** What stays locked, and who waits for it already. */
function remarksOn(trace: Trace, task: string, held: readonly string[]): string[] {
  if (held.length === 0) return [`${task} is dead. It held no lock.`];
  const waits = behind(task, trace.steps.at(-1)?.blocked ?? []);
  const waiting = waits.map((wait) => `${wait.task} waits for ${wait.lock}, for ever.`);
  return [
    `${task} is dead, and never gives back: ${held.join(', ')}.`,
    ...(waiting.length > 0 ? waiting : [forEver(held)]),
  ];
}

/** Those that wait for the dead task, directly or through others. */
function behind(dead: string, waits: readonly Wait[]): Wait[] {
  const stuck = new Set([dead]);
  for (let before = 0; before !== stuck.size; ) {
    before = stuck.size;
    for (const { task, heldBy, behind = [] } of waits)
      if ([...heldBy, ...behind].some((each) => stuck.has(each))) stuck.add(task);
  }
  return waits.filter(({ task }) => stuck.has(task));
}
