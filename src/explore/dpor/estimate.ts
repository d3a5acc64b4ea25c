/**
 * How many interleavings and how many Mazurkiewicz traces a program has, estimated from random executions, before any search.
 *
 * As Knuth estimates the size of a tree: where n tasks can move, one is taken at random, and the product of all n stands for
 * all interleavings. Each interleaving is one of as many as its trace has linear extensions, so the product divided by their
 * number stands for all traces. Both are right on average; how far single executions lie apart says how much that is worth.
 */

import type { Estimate, Estimated, Program } from '../program.ts';
import { Random } from '../random.ts';
import type { Execution } from './execution.ts';
import { Executor } from './executor.ts';

/** Longer executions are not counted: a task may try for ever. */
const LONGEST = 2_000;
/** More ways than that to have done a part of a trace are not counted. */
const MOST_CUTS = 200_000;

export interface EstimateOptions {
  /** Random executions (default 200). */
  readonly probes?: number;
  readonly seed?: number;
}

/** Estimates how large a program is. Says nothing of what is wrong with it. */
export function estimate<World>(program: Program<World>, { probes = 200, seed = 1 }: EstimateOptions = {}): Estimate {
  const executor = new Executor(program);
  const random = new Random(seed);
  const [interleavings, traces]: [number[], (number | undefined)[]] = [[], []];
  for (let probe = 0; probe < probes; probe++) {
    const weight = probeOnce(executor as Executor, random);
    if (weight !== undefined) {
      interleavings.push(weight);
      const alike = linearExtensions(executor.execution, executor.machine.tasks.length);
      traces.push(alike === undefined ? undefined : weight / alike);
    }
    executor.takeBackTo(0);
  }
  return {
    probes: interleavings.length,
    interleavings: summary(interleavings),
    traces: traces.includes(undefined) ? undefined : summary(traces as number[]),
  };
}

/** One random execution. Returns for how many interleavings it stands; undefined if it has no end. */
function probeOnce(executor: Executor, random: Random): number | undefined {
  for (let weight = 1; executor.execution.length <= LONGEST; ) {
    const movers = executor.movers();
    if (movers.length === 0) return weight;
    weight *= movers.length;
    executor.take(movers[random.below(movers.length)] as number);
    executor.machine.reports.length = 0;
  }
  return undefined;
}

/** How many interleavings the execution's trace has: the ways from nothing done to all done, by how much each task has done. */
function linearExtensions(execution: Execution, tasks: number): number | undefined {
  const events = eventsByTask(execution, tasks);
  let cuts = new Map<string, { readonly done: readonly number[]; ways: number }>([
    ['', { done: Array<number>(tasks).fill(0), ways: 1 }],
  ]);
  let seen = 0;
  for (let step = 0; step < execution.length; step++) {
    const next: typeof cuts = new Map();
    for (const { done, ways } of cuts.values()) {
      for (const [task, own] of events.entries()) {
        const event = own[done[task] as number];
        if (event === undefined || !isReady(execution, event, events, done)) continue;
        const after = done.with(task, (done[task] as number) + 1);
        const key = after.join();
        const known = next.get(key);
        if (known) known.ways += ways;
        else next.set(key, { done: after, ways });
      }
    }
    seen += next.size;
    if (seen > MOST_CUTS) return undefined;
    cuts = next;
  }
  return [...cuts.values()][0]?.ways;
}

function eventsByTask(execution: Execution, tasks: number): number[][] {
  const events: number[][] = Array.from({ length: tasks }, () => []);
  for (let event = 0; event < execution.length; event++) events[execution.at(event).task]?.push(event);
  return events;
}

/** Whether all that happens before the event has been done: of no other task, what comes next happens before it. */
function isReady(execution: Execution, event: number, events: readonly number[][], done: readonly number[]): boolean {
  return done.every((count, task) => {
    const next = events[task]?.[count];
    return next === undefined || next === event || !execution.happensBefore(next, event);
  });
}

function summary(values: readonly number[]): Estimated {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}
