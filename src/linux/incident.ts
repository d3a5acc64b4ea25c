/**
 * What a kernel's report says of the moment at which something went wrong, read off a trace: plain data, so that whoever has a
 * verdict can print it.
 */

import type { Frame, Trace, TraceStep } from '#explore';

/** A kernel's report. */
export interface KernelReport {
  /** Who prints this: Linux, or only one that is built with a checker. */
  readonly source: string;
  /** Its lines, as they would stand in the log. */
  readonly lines: readonly string[];
  /** What no kernel prints, and a reader wants to know. */
  readonly remarks: readonly string[];
}

/** A lock that a task holds. */
export interface HeldLock {
  readonly lock: string;
  /** The function that took it. */
  readonly at: Frame | undefined;
  readonly isSpinlock: boolean;
}

export interface Event {
  readonly operation: string;
  readonly stack: readonly Frame[];
}

/** Names of tasks in the program's order; of a trace made by hand, those that have moved, in the order of their names. */
export function tasksOf({ tasks, steps }: Trace): readonly string[] {
  return tasks ?? [...new Set(steps.map(({ task }) => task))].sort();
}

/** Each task has a CPU of its own. */
export const cpuOf = (trace: Trace, task: string): number => Math.max(0, tasksOf(trace).indexOf(task));

/** Tasks are numbered as their CPUs are, from 1. */
export const pidOf = (trace: Trace, task: string): number => cpuOf(trace, task) + 1;

/** `A/1`, as lockdep names a task. */
export const taskName = (trace: Trace, task: string): string => `${task}/${pidOf(trace, task)}`;

/** The task that did the last step; undefined where none was taken. */
export const lastTask = ({ steps }: Trace): string | undefined => steps.at(-1)?.task;

/** Whether it is kernel code that runs in the trace, and not some other program. */
export function isOfKernel({ steps }: Trace): boolean {
  return steps.some(({ stack, plain }) => [{ stack }, ...plain].some((each) => each.stack.some(({ file }) => file)));
}

/** The last thing that was done: by a task that died, what it died of. */
export function lastEvent({ steps }: Trace): Event | undefined {
  const last = steps.at(-1);
  return last && (last.plain.findLast(({ before }) => !before) ?? pointOf(last) ?? last.plain.at(-1));
}

const pointOf = (step: TraceStep): Event | undefined => (step.operation === '' ? undefined : step);

/** The operation that says this, a BUG's or a WARN's: what comes after it in its step does not count. */
export function eventOf({ steps }: Trace, message: string | undefined): Event | undefined {
  const said = message === undefined ? undefined : JSON.stringify(message);
  return said === undefined ? undefined : steps.at(-1)?.plain.find(({ operation }) => operation.includes(said));
}

/** Everything that happened, in order. */
export function eventsOf({ steps }: Trace): Event[] {
  return steps.flatMap((step) => [
    ...step.plain.filter(({ before }) => before),
    ...(pointOf(step) ? [step] : []),
    ...step.plain.filter(({ before }) => !before),
  ]);
}

/** The locks that the task holds at the end, in the order in which it took them. */
export function locksHeld({ steps }: Trace, task: string): HeldLock[] {
  const own = steps.filter((step) => step.task === task);
  const taken = (own.at(-1)?.locks ?? []).map((lock) => {
    const at = own.findLastIndex((step, i) => step.locks.includes(lock) && !own[i - 1]?.locks.includes(lock));
    const { operation = '', stack = [] } = own[at] ?? {};
    return { at, held: { lock, at: takerIn(stack), isSpinlock: operation.startsWith('spin_lock') } };
  });
  return taken.sort((one, other) => one.at - other.at).map(({ held }) => held);
}

// Functions of these are the locks' own.
const LOCKING = ['kernel/locking/', 'include/linux/mmap_lock.h'];

/** The function that takes the lock in that stack: the caller of those that locking consists of. */
export function takerIn(stack: readonly Frame[]): Frame | undefined {
  return stack.find(({ file }) => !LOCKING.some((start) => file?.startsWith(start))) ?? stack.at(-1);
}

/** Where a lock was taken: the function, and the learner's line. */
export function takerText(at: Frame | undefined): string {
  if (!at) return '';
  return `, at: ${at.line === undefined ? at.function : frameText(at)}`;
}

/** What the dead keep, in a sentence. */
export const forEver = (locks: readonly unknown[]): string =>
  `Whoever has to wait for ${locks.length === 1 ? 'it' : 'one of them'} waits for ever.`;

/** `remap_pfn_range (mm/memory.c)`, `vfio_pci_mmap_fault (line 12)`: the learner's own has its line. */
export function frameText({ function: name, file, line }: Frame): string {
  if (line !== undefined) return `${name} (line ${line})`;
  return file === undefined ? name : `${name} (${file})`;
}
