/**
 * From an execution in which something went wrong, a shorter one: only what happens before what went wrong, in an order in
 * which each task goes on as long as it can.
 */

import { NO_EVENT } from './event.ts';
import type { Execution } from './execution.ts';

/**
 * The tasks that move, one after the other, so that these events are done and all that happens before them, with as few
 * switches as come of going on with a task while that is possible; and `last`, if it is an event, after all others.
 */
export function shortened(execution: Execution, events: readonly number[], last = NO_EVENT): number[] {
  const wanted = last === NO_EVENT ? events : [...events, last];
  const left = causesOf(execution, wanted).filter((event) => event !== last);
  const tasks: number[] = [];
  while (left.length > 0) {
    const isReady = (event: number) => !left.some((other) => other !== event && execution.happensBefore(other, event));
    const before = tasks.at(-1);
    const next = left.find((event) => execution.at(event).task === before && isReady(event)) ?? left.find(isReady);
    left.splice(left.indexOf(next as number), 1);
    tasks.push(execution.at(next as number).task);
  }
  if (last !== NO_EVENT) tasks.push(execution.at(last).task);
  return tasks;
}

/** The events that happen before some of these, and these, in the order of the execution. */
function causesOf(execution: Execution, events: readonly number[]): number[] {
  const all = Array.from({ length: execution.length }, (_, event) => event);
  return all.filter((event) => events.some((each) => execution.happensBefore(event, each)));
}
