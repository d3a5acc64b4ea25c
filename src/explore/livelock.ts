/**
 * Livelock: a cycle in which every task that is enabled somewhere on it moves, so that no fair scheduler ends it, and none
 * of whose steps marks progress (SPIN's non-progress cycle): two tasks that undo each other's finished work are not stuck.
 *
 * Found as in Emerson and Lei: take the strongly connected parts of the finished graph; where a task is enabled in a part
 * but never moves within it, leave out the states in which it is enabled and look again.
 */

import type { StateGraph } from './graph.ts';

type Edges = Pick<StateGraph, 'table' | 'edgeTasks' | 'edgeTargets' | 'edgesOf' | 'progress'>;

export interface Cycle {
  /** A state on the cycle. */
  readonly state: number;
  /** The tasks that take it round, back to the same state. */
  readonly tasks: readonly number[];
}

/** A fair cycle, entered at the state that `distance` says is nearest; undefined if there is none. */
export function findLivelock(graph: Edges, distance: (state: number) => number): Cycle | undefined {
  const all = Array.from({ length: graph.table.count }, (_, state) => state);
  const work = stronglyConnected(graph, all);
  for (let part = work.pop(); part; part = work.pop()) {
    const inside = new Set(part);
    const idle = idleTasks(graph, part, inside);
    if (idle.size === 0) return around(graph, part, inside, distance);
    const rest = part.filter((state) => !edgesOf(graph, state).some(({ task }) => idle.has(task)));
    work.push(...stronglyConnected(graph, rest));
  }
  return undefined;
}

/** An edge that marks progress leads nowhere: no cycle that goes along it is a livelock. */
const NOWHERE = -1;

function targetOf(graph: Edges, edge: number): number {
  return graph.progress.has(edge) ? NOWHERE : (graph.edgeTargets[edge] as number);
}

function edgesOf(graph: Edges, state: number): { task: number; target: number }[] {
  const { first, end } = graph.edgesOf(state);
  return Array.from({ length: end - first }, (_, i) => ({
    task: graph.edgeTasks[first + i] as number,
    target: targetOf(graph, first + i),
  }));
}

/** Tasks enabled in a part, none of whose moves stays in it. */
function idleTasks(graph: Edges, part: readonly number[], inside: ReadonlySet<number>): Set<number> {
  const enabled = new Set<number>();
  const moving = new Set<number>();
  for (const state of part) {
    for (const { task, target } of edgesOf(graph, state)) {
      enabled.add(task);
      if (inside.has(target)) moving.add(task);
    }
  }
  return new Set([...enabled].filter((task) => !moving.has(task)));
}

/** A walk through the part that starts at its nearest state, lets every task that moves in it move, and comes back. */
function around(
  graph: Edges,
  part: readonly number[],
  inside: ReadonlySet<number>,
  distance: (state: number) => number,
): Cycle {
  const state = part.reduce((nearest, each) => (distance(each) < distance(nearest) ? each : nearest));
  const missing = new Set(
    part.flatMap((each) => edgesOf(graph, each).flatMap(({ task, target }) => (inside.has(target) ? [task] : []))),
  );
  const tasks: number[] = [];
  let here = state;
  while (missing.size > 0) {
    const leg = walk(graph, inside, here, ({ task }) => missing.has(task));
    for (const { task } of leg) missing.delete(task);
    tasks.push(...leg.map(({ task }) => task));
    here = leg.at(-1)?.target as number;
  }
  if (here !== state)
    tasks.push(...walk(graph, inside, here, ({ target }) => target === state).map(({ task }) => task));
  return { state, tasks };
}

/** The shortest walk within the part whose last edge is the one wanted. */
function walk(
  graph: Edges,
  inside: ReadonlySet<number>,
  from: number,
  wanted: (edge: { task: number; target: number }) => boolean,
) {
  const cameBy = new Map<number, { from: number; task: number }>();
  const queue = [from];
  for (const state of queue) {
    for (const edge of edgesOf(graph, state)) {
      if (!inside.has(edge.target)) continue;
      if (wanted(edge)) return [...pathTo(state, from, cameBy), edge];
      if (cameBy.has(edge.target) || edge.target === from) continue;
      cameBy.set(edge.target, { from: state, task: edge.task });
      queue.push(edge.target);
    }
  }
  throw new Error('a strongly connected part is not connected');
}

function pathTo(state: number, from: number, cameBy: ReadonlyMap<number, { from: number; task: number }>) {
  const path: { task: number; target: number }[] = [];
  for (let here = state; here !== from; ) {
    const step = cameBy.get(here) as { from: number; task: number };
    path.unshift({ task: step.task, target: here });
    here = step.from;
  }
  return path;
}

/** Tarjan's algorithm without recursion; parts of a single state count only if it has an edge to itself. */
function stronglyConnected(graph: Edges, states: readonly number[]): number[][] {
  const allowed = new Set(states);
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const onStack = new Set<number>();
  const stack: number[] = [];
  const parts: number[][] = [];

  const enter = (state: number) => {
    index.set(state, index.size);
    low.set(state, index.size - 1);
    stack.push(state);
    onStack.add(state);
    const { first, end } = graph.edgesOf(state);
    return { state, edge: first, end };
  };
  const lower = (state: number, to: number) => low.set(state, Math.min(low.get(state) as number, to));
  const leave = (state: number) => {
    if (low.get(state) !== index.get(state)) return;
    const part = stack.splice(stack.lastIndexOf(state));
    for (const each of part) onStack.delete(each);
    const loops = edgesOf(graph, state).some(({ target }) => target === state);
    if (part.length > 1 || loops) parts.push(part);
  };

  for (const root of states) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      if (top.edge < top.end) {
        const target = targetOf(graph, top.edge++);
        if (!allowed.has(target)) continue;
        if (!index.has(target)) path.push(enter(target));
        else if (onStack.has(target)) lower(top.state, index.get(target) as number);
      } else {
        leave(top.state);
        path.pop();
        const parent = path.at(-1);
        if (parent) lower(parent.state, low.get(top.state) as number);
      }
    }
  }
  return parts;
}
