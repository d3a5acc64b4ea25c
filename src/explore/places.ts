/** Where the locks of an order were taken: what a report of it shows, read off an execution. */

import { Lock } from './cells.ts';
import type { Machine, OrderFound } from './machine.ts';
import type { Frame, LockOrder, TraceStep, Wait } from './program.ts';
import type { Blocked } from './waits.ts';

type Steps = readonly Pick<TraceStep, 'task' | 'locks' | 'stack'>[];

/** An order whose second lock the last step takes. */
export function placedAtEnd(order: OrderFound, steps: Steps): LockOrder {
  return { ...order, holdsAt: takenAt(steps, order.task, order.holds), takesAt: steps.at(-1)?.stack ?? [] };
}

/**
 * The orders in which tasks that wait in a ring take their locks. Undefined where they wait for something else, or where one
 * waits for a lock that the next one queues for and does not hold.
 */
export function ordersInRing(
  machine: Machine,
  waits: readonly Wait[],
  blocked: readonly Blocked[],
  at: { readonly schedule: string; readonly steps: Steps; stackOf(blocked: Blocked): readonly Frame[] },
): LockOrder[] | undefined {
  const orders: LockOrder[] = [];
  for (const [index, { task }] of waits.entries()) {
    const own = blockedOf(machine, blocked, task);
    const takes = own?.operation.on;
    // Each waits for the next one.
    const holds = blockedOf(machine, blocked, waits.at(index - 1)?.task)?.operation.on;
    if (!own || !(takes instanceof Lock) || !(holds instanceof Lock)) return undefined;
    if (!machine.locksHeldBy(own.task).includes(holds)) return undefined;
    orders.push({
      ...orderOf(task, holds, takes, at.schedule),
      holdsAt: takenAt(at.steps, task, holds.name),
      takesAt: at.stackOf(own),
    });
  }
  return orders;
}

/** Who takes which lock while it holds which, as a report tells it. */
export function orderOf(task: string, holds: Lock, takes: Lock, schedule: string): OrderFound {
  return {
    task,
    holds: holds.name,
    takes: takes.name,
    ...(holds.class === undefined ? {} : { holdsClass: holds.class }),
    ...(takes.class === undefined ? {} : { takesClass: takes.class }),
    schedule,
  };
}

const blockedOf = (machine: Machine, blocked: readonly Blocked[], name: string | undefined) =>
  blocked.find(({ task }) => machine.tasks[task]?.name === name);

/** Where the task took the lock that it still holds at the end. */
function takenAt(steps: Steps, task: string, lock: string): readonly Frame[] {
  const own = steps.filter((step) => step.task === task);
  const taken = own.findLastIndex(({ locks }, at) => locks.includes(lock) && !own[at - 1]?.locks.includes(lock));
  return own[taken]?.stack ?? [];
}
