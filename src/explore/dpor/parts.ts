/**
 * All traces of a program in parts, by which task is the first to take a certain mutex: each part can be explored by itself.
 *
 * Every trace is in one of them, and in one alone: takings of a mutex do not commute, so all executions of a trace have the same
 * first one. And a part is a program: the one in which the mutex is reserved, so that others wait until it was taken. What they
 * wait for they come after in any case, so no two steps depend on each other that did not before; the traces of the part are
 * traces of the whole, and optimal DPOR has one execution for each.
 *
 * Where an execution ends with the mutex reserved, it goes on in another part, if somebody waits for that; or nobody takes
 * the mutex, and it is in the last part. It is not counted here. (A task that dies of taking the mutex does not take it. Such
 * traces may be missing, but not in all parts: of a program with a fault, some part shows one.)
 */

import { type LockPair, mayCloseRing } from '../lockOrder.ts';
import type { Exploration, Program } from '../program.ts';
import { Executor } from './executor.ts';

/** The traces in which one of these tasks is the first to take the mutex; or nobody takes it, unless it `isTaken`. */
export interface Part {
  readonly slot: number;
  /** As bits. */
  readonly tasks: number;
  readonly isTaken: boolean;
}

/** A longer execution is not gone through to its end. */
const LONGEST = 2_000;

/** The parts, by the mutex to which most tasks come in one execution; none if that is not two. */
export function partsOf<World>(program: Program<World>): Part[] {
  const comers = comersIn(new Executor(program) as Executor);
  const [slot, tasks] = [...comers].reduce((most, each) => (size(each[1]) > size(most[1]) ? each : most), [0, 0]);
  if (size(tasks) < 2) return [];
  const parts: Part[] = [];
  for (let left = tasks; left !== 0; left &= left - 1) parts.push({ slot, tasks: left & -left, isTaken: true });
  return [...parts, { slot, tasks: ~tasks, isTaken: false }];
}

/** By slot of a mutex: the tasks that come to take it, as bits, in an execution in which each takes a step in turn. */
function comersIn(executor: Executor): Map<number, number> {
  // A task that is spawned may have another number the next time.
  const known = executor.machine.tasks.length;
  for (let last = -1; executor.execution.length < LONGEST; ) {
    const movers = executor.movers();
    const next = movers.find((task) => task > last) ?? movers[0];
    if (next === undefined) break;
    executor.take(next);
    last = next;
  }
  const comers = new Map<number, number>();
  for (const node of executor.automaton.nodes)
    if (node?.takesMutex && node.task < known) comers.set(node.slot, (comers.get(node.slot) ?? 0) | (1 << node.task));
  return comers;
}

function size(tasks: number): number {
  let count = 0;
  for (let left = tasks; left !== 0; left &= left - 1) count++;
  return count;
}

/** What the exploration of a part has come to. */
export interface PartFound {
  readonly found: Exploration;
  readonly lockOrders: readonly LockPair[];
}

/**
 * What all parts have come to, if that proves that the program holds. If not, it is for a search of the whole to say what comes of it:
 * it may find something else first, or give up before. And orders of locks that are harmless in each part may be a ring together.
 */
export function proofOf(parts: readonly PartFound[], mostExecutions: number): Exploration | undefined {
  const all = parts.map(({ found }) => found);
  const sum = (count: 'steps' | 'executions' | 'redundant') =>
    all.reduce((total, each) => total + (each[count] ?? 0), 0);
  if (!all.every(({ verdict }) => verdict === 'holds') || sum('executions') > mostExecutions) return undefined;
  if (mayCloseRing(parts.flatMap(({ lockOrders }) => lockOrders))) return undefined;
  const outcomes = all.flatMap((each) => Object.entries(each.outcomes)).reverse(); // of each name, the first stays
  outcomes.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return {
    ...(all[0] as Exploration),
    steps: sum('steps'),
    executions: sum('executions'),
    redundant: sum('redundant'),
    outcomes: Object.fromEntries(outcomes),
  };
}
