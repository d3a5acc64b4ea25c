/** Who waits for whom, and the cycles in it. Computed from the owners of locks, never counted. */

import type { Machine, Task } from './machine.ts';
import { awaited, blockers, isEnabled, type Operation } from './operations.ts';
import type { Wait } from './program.ts';

/** A task that cannot move, and what keeps it. */
export interface Blocked {
  readonly task: number;
  readonly operation: Operation;
  readonly by: readonly number[];
}

/** The task's wait, if its next operation is not enabled. */
export function blockedAt(machine: Machine, task: number, operation: Operation | undefined): Blocked | undefined {
  if (!operation || isEnabled(machine, task, operation)) return undefined;
  return { task, operation, by: blockers(machine, operation) };
}

/** The first cycle of tasks that wait for each other, beginning with the task that comes first in the program. */
export function cycleIn(blocked: readonly Blocked[]): readonly Blocked[] | undefined {
  for (const start of blocked) {
    const path = pathBack(start, start, blocked, []);
    if (path) return path;
  }
  return undefined;
}

function pathBack(
  from: Blocked,
  to: Blocked,
  blocked: readonly Blocked[],
  path: readonly Blocked[],
): readonly Blocked[] | undefined {
  if (path.includes(from)) return undefined;
  const sofar = [...path, from];
  if (from.by.includes(to.task)) return sofar;
  for (const next of blocked) {
    if (!from.by.includes(next.task)) continue;
    const found = pathBack(next, to, blocked, sofar);
    if (found) return found;
  }
  return undefined;
}

/** Those that wait, directly or through others, for a task that `isDead`. */
export function stuckBehind(blocked: readonly Blocked[], isDead: (task: number) => boolean): readonly Blocked[] {
  const stuck = new Set<number>();
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const each of blocked) if (each.by.some((task) => isDead(task) || stuck.has(task))) stuck.add(each.task);
  }
  return blocked.filter((each) => stuck.has(each.task));
}

export function describeWait(machine: Machine, { task, operation, by }: Blocked): Wait {
  return { task: nameOf(machine, task), lock: awaited(operation), heldBy: by.map((holder) => nameOf(machine, holder)) };
}

/** One sentence for a ring of waits, or for those that nobody will wake. */
export function deadlockMessage(waits: readonly Wait[]): string {
  const tell = ({ task, lock, heldBy }: Wait) =>
    heldBy.length > 0
      ? `${task} waits for ${lock}, held by ${heldBy.join(', ')}`
      : `${task} waits for ${lock}, which nobody will change`;
  return waits.map(tell).join('; ');
}

const nameOf = (machine: Machine, task: number) => (machine.tasks[task] as Task).name;
