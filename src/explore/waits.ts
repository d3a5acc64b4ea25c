/** Who waits for whom, and the cycles in it. Computed from the owners of locks, never counted. */

import { Lock } from './cells.ts';
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
  const sofar = path.concat(from);
  if (from.by.includes(to.task)) return sofar;
  for (const next of blocked) {
    if (!from.by.includes(next.task)) continue;
    const found = pathBack(next, to, blocked, sofar);
    if (found) return found;
  }
  return undefined;
}

/** Those that wait, directly or through others, for one of the dead; who waits for nobody in particular may well do so. */
export function stuckBehind(blocked: readonly Blocked[], dead: readonly number[]): readonly Blocked[] {
  if (dead.length === 0) return [];
  const stuck = new Set(dead);
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const { task, by } of blocked) if (by.length === 0 || by.some((each) => stuck.has(each))) stuck.add(task);
  }
  return blocked.filter((each) => stuck.has(each.task));
}

export function describeWait(machine: Machine, { task, operation, by }: Blocked): Wait {
  const holders = operation.on instanceof Lock ? machine.holdersOf(operation.on) : by;
  const names = (tasks: readonly number[]) => tasks.map((each) => nameOf(machine, each));
  const behind = names(by.filter((each) => !holders.includes(each)));
  const heldBy = names(by.filter((each) => holders.includes(each)));
  return { task: nameOf(machine, task), lock: awaited(operation), heldBy, ...(behind.length > 0 ? { behind } : {}) };
}

/** Who keeps a task waiting, to be put behind the lock's name: `, held by A`; empty if it is nobody. */
export function keptBy({ heldBy, behind = [] }: Pick<Wait, 'heldBy' | 'behind'>): string {
  const holders = heldBy.length > 0 ? `, held by ${heldBy.join(', ')}` : '';
  return behind.length > 0 ? `${holders}, behind ${behind.join(', ')}` : holders;
}

/** One sentence for a ring of waits, or for those that nobody will wake. */
export function deadlockMessage(waits: readonly Wait[]): string {
  const tell = (wait: Wait) => {
    const { task, lock, heldBy } = wait;
    if (keptBy(wait) === '') return `${task} waits for ${lock}, which nobody will change`;
    return heldBy[0] === lock ? `${task} waits for ${lock} to return` : `${task} waits for ${lock}${keptBy(wait)}`;
  };
  return waits.map(tell).join('; ');
}

const nameOf = (machine: Machine, task: number) => (machine.tasks[task] as Task).name;
