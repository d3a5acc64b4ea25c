/** Running a body from one operation to the next. */

import { beginRun, forgottenCall, notAnOperation } from './calls.ts';
import { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import { Operation } from './operations.ts';
import type { Body, Steps } from './program.ts';
import { tellThrown } from './stacks.ts';

/** What a body does next. */
export type Pending =
  | { readonly type: 'operation'; readonly operation: Operation }
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'failed'; readonly fault: Fault };

/** Starts a body: its generator, and a first run to come. */
export function begin(body: Body): Steps<unknown> | Fault {
  beginRun();
  try {
    const generator = body();
    generator?.[Symbol.iterator]?.(); // as yield* would: a registered call counts as started
    return typeof generator?.next === 'function'
      ? generator
      : new Fault('exception', 'a task is not a generator function: write function*');
  } catch (error) {
    return asFault(error);
  }
}

/**
 * Resumes a body with the result of its operation, up to the next one. Traces cut their stacks at this function's name.
 * After a `bug` it is never called: the engine drops the generator, and no `finally` runs.
 */
export function resumeBody(generator: Steps<unknown> | Fault, result: unknown, isFirst = false): Pending {
  if (generator instanceof Fault) return { type: 'failed', fault: generator };
  if (!isFirst) beginRun();
  try {
    const { done, value } = generator.next(result);
    const forgotten = forgottenCall();
    if (done) return forgotten ? { type: 'failed', fault: forgotten } : { type: 'returned', value };
    if (!(value instanceof Operation)) return { type: 'failed', fault: notAnOperation(value) };
    return forgotten ? { type: 'failed', fault: forgotten } : { type: 'operation', operation: value };
  } catch (error) {
    return { type: 'failed', fault: forgottenCall() ?? asFault(error) };
  }
}

function asFault(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault('exception', tellThrown(error));
}

/** The sentence about a body that did one thing, and another the second time; undefined if it did the same. */
export function difference(task: Task, results: number, before: string, now: string): string | undefined {
  if (before === now) return undefined;
  return `${task.name} did ${before} and, after the same ${results} results, ${now}: it depends on more than what its operations return`;
}

/** Whether two runs of one history, in one machine, do the same next: a short way for the many that do. */
export function isPlainlySame(one: Pending, other: Pending): boolean {
  if (one.type !== 'operation' || other.type !== 'operation') return false;
  const [before, now] = [one.operation, other.operation];
  if (before.kind !== now.kind || before.on !== now.on || before.called !== now.called) return false;
  return before.args.length === now.args.length && before.args.every((arg, at) => Object.is(arg, now.args[at]));
}

/** What a body does next, as text. */
export function tell(machine: Machine, pending: Pending): string {
  if (pending.type === 'operation') return machine.describe(pending.operation);
  return pending.type === 'returned' ? `return ${machine.names.show(pending.value)}` : pending.fault.message;
}
