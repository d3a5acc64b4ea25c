/**
 * Data races, as KCSAN reports them: two accesses of one cell, at least one plain, at least one a write, that nothing orders.
 *
 * In the state graph a first race exists if and only if in some reachable state the latest segments of two tasks
 * conflict: neither has released anything since, so nothing can order them. An atomic access races with the segments that
 * stand when it is made; a task that waits for a cell to change reads it all the while.
 */

import { Cell } from './cells.ts';
import { Fault } from './fault.ts';
import type { Machine, Report, Task } from './machine.ts';
import { type Operation, ruleOf } from './operations.ts';
import type { Pending } from './runs.ts';

/** One access of one cell. */
export interface Touch {
  readonly task: number;
  readonly cell: string;
  readonly slot: number;
  readonly write: boolean;
  readonly plain: boolean;
}

/** One for all that have accessed nothing: there is a segment in every node. */
export const NO_TOUCHES: readonly Touch[] = [];

/** What an operation accesses; nothing for locks. An atomic one that kills its task has read what it died of. */
export function touches(machine: Machine, task: number, operation: Operation, result: unknown): Touch[] {
  const { access, point } = ruleOf(operation);
  if (!access) return [];
  const write = !(point && result instanceof Fault) && access(result) === 'write';
  return cellsOf(machine, operation).map(({ name, slot }) => ({ task, cell: name, slot, write, plain: !point }));
}

/** None if it was given something that is no cell, or no object. */
function cellsOf(machine: Machine, { kind, on }: Operation): readonly Cell[] {
  if (kind === 'free') return machine.objects.cellsOf(on as object);
  return on instanceof Cell ? [on] : [];
}

/** A segment with one more operation: a scheduling point ends it and begins the next. */
export function extend(
  segment: readonly Touch[],
  machine: Machine,
  task: number,
  operation: Operation,
  result: unknown,
): readonly Touch[] {
  if (ruleOf(operation).point) return NO_TOUCHES;
  const isNew = (touch: Touch) => !segment.some((each) => each.slot === touch.slot && each.write === touch.write);
  const added = touches(machine, task, operation, result).filter(isNew);
  return added.length === 0 ? segment : segment.concat(added); // V8 optimises a spread here again and again, in vain
}

/** The segment of a task that dies there: at a scheduling point it has come to that, and a plain access that kills it is one. */
export function segmentOfDead(
  { pending, segment }: { readonly pending: Pending; readonly segment: readonly Touch[] },
  machine: Machine,
  task: number,
  fault: Fault,
): readonly Touch[] {
  return pending.type === 'operation' ? extend(segment, machine, task, pending.operation, fault) : segment;
}

/** The first pair of two segments that conflicts. */
export function conflict(one: readonly Touch[], other: readonly Touch[]): readonly [Touch, Touch] | undefined {
  for (const mine of one) {
    const theirs = other.find((each) => each.slot === mine.slot && (each.write || mine.write));
    if (theirs) return [mine, theirs];
  }
  return undefined;
}

/** The report of a pair, the same whichever came first. */
export function raceMessage(machine: Machine, one: Touch, other: Touch): Report {
  const [first, second] = one.task <= other.task ? [one, other] : [other, one];
  const nameOf = (touch: Touch) => (machine.tasks[touch.task] as Task).name;
  const tell = (touch: Touch) =>
    `${nameOf(touch)} ${touch.write ? 'writes' : 'reads'}${touch.plain ? '' : ' atomically'}`;
  return {
    kind: 'data race',
    message: `${first.cell}: ${tell(first)}, ${tell(second)}, and nothing orders the two`,
    accesses: [first, second].map((touch) => ({
      task: nameOf(touch),
      cell: touch.cell,
      access: touch.write ? ('write' as const) : ('read' as const),
      plain: touch.plain,
    })),
  };
}

/**
 * An atomic access races with the plain ones that others have made since their last scheduling point, or that they make
 * before their first one.
 */
export function racesOfMarked(machine: Machine, access: Touch, segments: readonly (readonly Touch[])[]): Report[] {
  return segments.flatMap((segment, task) => {
    const clash = task === access.task ? undefined : conflict(segment, [access]);
    return clash ? [raceMessage(machine, ...clash)] : [];
  });
}
