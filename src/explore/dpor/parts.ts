/**
 * All traces of a program in parts, by which tasks are the first two to take a certain mutex: each part can be explored by itself.
 *
 * Every trace is in one of them, and in one alone: takings of a mutex do not commute, so all executions of a trace have them in
 * the same order. And a part is a program: the one in which the mutex is reserved, so that others wait until it was taken. What they
 * wait for they come after in any case, so no two steps depend on each other that did not before; the traces of the part are
 * traces of the whole, and optimal DPOR has one execution for each.
 *
 * Where an execution ends with the mutex reserved, it goes on in another part, if somebody waits for that; or nobody takes
 * the mutex any more, and it is in a part whose last taking may be missing. It is not counted here. (A task that dies of taking the
 * mutex does not take it. Such traces may be missing, but not in all parts: of a program with a fault, some part shows one.)
 *
 * A mutex that some task only tries to take has no parts. Such a task need not come after those that it would wait for: it may
 * fail while the first holds the mutex, or the second. From the one trace to the other leads only one in which it succeeds in
 * between, and that is in another part.
 */

import type { Automaton } from '../automaton.ts';
import { type LockPair, mayCloseRing } from '../lockOrder.ts';
import type { Exploration, Program } from '../program.ts';
import { Executor } from './executor.ts';

/** The traces in which the mutex is taken first by a task of the first set, then by one of the second. */
export interface Part {
  readonly slot: number;
  /** As bits. */
  readonly takers: readonly number[];
  /** Whether the last of these takings must come; if not, those are in the part as well in which it is missing. */
  readonly isTaken: boolean;
}

/** A longer execution is not gone through to its end. */
const LONGEST = 2_000;

/** The parts, by the mutex to which most tasks come in one execution; none if that is not two. Those that most is in come first. */
export function partsOf<World>(program: Program<World>): Part[] {
  const comers = comersIn(new Executor(program) as Executor);
  const [slot, tasks] = [...comers].reduce((most, comer) => (size(comer[1]) > size(most[1]) ? comer : most), [0, 0]);
  if (size(tasks) < 2) return [];
  const pairs = each(tasks).flatMap((first) => each(tasks & ~first).map((second) => [first, second]));
  const alone = each(tasks).map((first) => [first, ~(tasks & ~first)]);
  return [
    ...pairs.map((takers) => ({ slot, takers, isTaken: true })),
    ...[...alone, [~tasks]].map((takers) => ({ slot, takers, isTaken: false })),
  ];
}

/** Each of the tasks by itself. */
const each = (tasks: number): number[] => (tasks === 0 ? [] : [tasks & -tasks, ...each(tasks & (tasks - 1))]);

/** By slot of a mutex that none tries to take: the tasks that come to take it, as bits, in an execution in which each takes a step in turn. */
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
  for (const slot of comers.keys()) if (isTried(slot, executor.automaton)) comers.delete(slot);
  return comers;
}

/** Whether a task has been seen to try to take that mutex. */
export const isTried = (slot: number, { nodes }: Automaton): boolean =>
  nodes.some((node) => node?.kind === 'tryAcquire' && node.slot === slot);

const size = (tasks: number): number => each(tasks).length;

/** What the exploration of a part has come to. */
export interface PartFound {
  readonly found: Exploration;
  readonly lockOrders: readonly LockPair[];
  /** Whether a task has tried to take the part's mutex. */
  readonly isTried: boolean;
}

/**
 * What all parts have come to, if that proves that the program holds. If not, it is for a search of the whole to say what comes of it:
 * it may find something else first, or give up before. Orders of locks that are harmless in each part may be a ring together. And a part
 * is not whole whose mutex is tried after all, in another execution than that which the parts were made of.
 */
export function proofOf(parts: readonly PartFound[], mostExecutions: number): Exploration | undefined {
  const all = parts.map(({ found }) => found);
  const sum = (count: 'steps' | 'executions' | 'redundant') =>
    all.reduce((total, each) => total + (each[count] ?? 0), 0);
  if (!all.every(({ verdict }) => verdict === 'holds') || sum('executions') > mostExecutions) return undefined;
  if (parts.some((part) => part.isTried) || mayCloseRing(parts.flatMap(({ lockOrders }) => lockOrders)))
    return undefined;
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
