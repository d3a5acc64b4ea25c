/** What is wrong with a state itself: the program's own rules, tasks that wait in a ring, accesses that nothing orders. */

import type { Machine, Report } from './machine.ts';
import { conflict, raceMessage, type Touch, touches } from './races.ts';
import type { Position } from './stepping.ts';
import { type Blocked, cycleIn, deadlockMessage, describeWait, stuckBehind } from './waits.ts';

/** What is wrong in this state, whatever led to it. `positions`: where each task rests; `nobodyMoves`: none can take a step. */
export function judge(
  machine: Machine,
  positions: readonly (Position | undefined)[],
  blocked: readonly Blocked[],
  nobodyMoves: boolean,
): Report[] {
  const { program, world } = machine;
  const reports = checkInvariant(machine);
  reports.push(...deadlocks(machine, positions, blocked, nobodyMoves));
  if (nobodyMoves && positions.every((position) => !position || position.pending.type === 'returned'))
    reports.push(...ask('check', () => program.check?.(world, machine.now)));
  return reports;
}

/** What the program's invariant says of this state. */
export function checkInvariant({ program, world, now }: Machine): Report[] {
  return program.invariant ? ask('invariant', () => program.invariant?.(world, now)) : [];
}

/** A program's own judgement; one that throws is an exception of the program. */
function ask(kind: 'check' | 'invariant', question: () => string | undefined): Report[] {
  try {
    const message = question();
    return message === undefined ? [] : [{ kind, message }];
  } catch (error) {
    return [thrownBy(kind, error)];
  }
}

const thrownBy = (question: string, error: unknown): Report => ({
  kind: 'exception',
  message: `${question}: ${String(error)}`,
});

/** The program's name for a state that nobody can leave; a report if it throws instead. */
export function outcomeOf(machine: Machine): string | undefined | Report {
  try {
    return machine.program.outcome?.(machine.world, machine.now);
  } catch (error) {
    return thrownBy('outcome', error);
  }
}

/**
 * A ring of waits as soon as it closes, or tasks that nobody will wake. Those behind a dead task belong to its bug, unless they
 * wait in a ring as well: that would stay.
 */
function deadlocks(
  machine: Machine,
  positions: readonly (Position | undefined)[],
  blocked: readonly Blocked[],
  nobodyMoves: boolean,
): Report[] {
  const isBlocked = (task: number) => blocked.some((each) => each.task === task);
  if (!nobodyMoves && !blocked.some(({ by }) => by.some(isBlocked))) return []; // no ring without one behind another
  const dead = positions.flatMap((position, task) => (position?.pending.type === 'failed' ? [task] : []));
  const behindDead = stuckBehind(blocked, dead);
  const living = blocked.filter((each) => !behindDead.includes(each));
  const ring = cycleIn(blocked) ?? (nobodyMoves && living.length > 0 ? living : undefined);
  if (!ring) return [];
  const members = new Set(ring.map((each) => each.task));
  const waits = ring.map((each) => describeWait(machine, { ...each, by: each.by.filter((task) => members.has(task)) }));
  return [{ kind: 'deadlock', message: deadlockMessage(waits), waits }];
}

type Segments = readonly (readonly Touch[])[];

/** Data races between the latest segments of two tasks, and with the cells that those wait for who are blocked. By task. */
export function races(
  machine: Machine,
  segments: Segments,
  blocked: readonly Blocked[],
  compare = (one: number, other: number) => compareSegments(machine, segments, one, other),
): Report[] {
  const accessing = segments.flatMap((segment, task) => (segment.length > 0 ? [task] : []));
  return [
    ...accessing.flatMap((one, index) => accessing.slice(index + 1).flatMap((other) => compare(one, other) ?? [])),
    ...blocked.flatMap(({ task, operation }) => {
      const waitedFor = touches(machine, task, operation, undefined);
      const clashes = accessing.map((other) =>
        other === task ? undefined : conflict(segments[other] ?? [], waitedFor),
      );
      return clashes.flatMap((pair) => (pair ? [raceMessage(machine, ...pair)] : []));
    }),
  ];
}

export function compareSegments(machine: Machine, segments: Segments, one: number, other: number): Report | undefined {
  const pair = conflict(segments[one] ?? [], segments[other] ?? []);
  return pair && raceMessage(machine, ...pair);
}
