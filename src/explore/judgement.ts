/** What is wrong with a state itself: the program's own rules, tasks that wait in a ring, accesses that nothing orders. */

import type { Machine, Report } from './machine.ts';
import { conflict, raceMessage } from './races.ts';
import { type Position, pointOf } from './stepping.ts';
import { type Blocked, blockedAt, cycleIn, deadlockMessage, describeWait, stuckBehind } from './waits.ts';

/** Where each task stands; one that has not started, before its first scheduling point; undefined before it is spawned. */
export type Standing<P extends Position = Position> = readonly (P | undefined)[];

const hasReturned = (position: Position | undefined) => !position || position.pending.type === 'returned';

/** The tasks that cannot move, and what keeps them. */
export function blockedTasks(machine: Machine, standing: Standing): Blocked[] {
  return standing.flatMap((position, task) => blockedAt(machine, task, position && pointOf(position)) ?? []);
}

/** What is wrong in this state, whatever led to it. `nobodyMoves`: no task can take a step. */
export function judge(machine: Machine, standing: Standing, nobodyMoves: boolean): Report[] {
  const { program, world } = machine;
  const reports = ask('invariant', () => program.invariant?.(world, machine.snapshot()));
  reports.push(...deadlocks(machine, standing, nobodyMoves));
  if (nobodyMoves && standing.every(hasReturned))
    reports.push(...ask('check', () => program.check?.(world, machine.snapshot())));
  return reports;
}

/** A program's own judgement; one that throws is an exception of the program. */
function ask(kind: 'check' | 'invariant', question: () => string | undefined): Report[] {
  try {
    const message = question();
    return message === undefined ? [] : [{ kind, message }];
  } catch (error) {
    return [{ kind: 'exception', message: `${kind}: ${String(error)}` }];
  }
}

/** A ring of waits as soon as it closes, or tasks that nobody will wake. Those behind a dead task belong to its bug. */
function deadlocks(machine: Machine, standing: Standing, nobodyMoves: boolean): Report[] {
  const blocked = blockedTasks(machine, standing);
  if (blocked.length === 0) return [];
  const behindDead = stuckBehind(blocked, (task) => standing[task]?.pending.type === 'failed');
  const living = blocked.filter((each) => !behindDead.includes(each));
  const ring = cycleIn(living) ?? (nobodyMoves && living.length > 0 ? living : undefined);
  if (!ring) return [];
  const members = new Set(ring.map((each) => each.task));
  const waits = ring.map((each) => describeWait(machine, { ...each, by: each.by.filter((task) => members.has(task)) }));
  return [{ kind: 'deadlock', message: deadlockMessage(waits), waits }];
}

/** Data races between the latest segments of two tasks. */
export function races<P extends Position>(
  machine: Machine,
  standing: Standing<P>,
  compare: (one: P, other: P) => Report | undefined = (one, other) => compareSegments(machine, one, other),
): Report[] {
  const accessing = standing.filter((position) => position !== undefined && position.segment.length > 0) as P[];
  return accessing.flatMap((one, index) => accessing.slice(index + 1).flatMap((other) => compare(one, other) ?? []));
}

export function compareSegments(machine: Machine, one: Position, other: Position): Report | undefined {
  const pair = conflict(one.segment, other.segment);
  return pair && raceMessage(machine, ...pair);
}
