/**
 * Livelock: a cycle in which every task that is enabled somewhere on it moves, so that no fair scheduler ends it, and none
 * of whose steps marks progress (SPIN's non-progress cycle): two tasks that undo each other's finished work are not stuck.
 *
 * Found as in Emerson and Lei: take the strongly connected parts of the finished graph; where a task is enabled in a part
 * but never moves within it, leave out the states in which it is enabled and look again.
 */

import type { StateGraph } from './graph.ts';

type Graph = Pick<StateGraph, 'table' | 'edges' | 'progress'>;

/** A fair cycle's states, all of which lead to each other; undefined if there is none. */
export function findLivelock(graph: Graph): ReadonlySet<number> | undefined {
  const parts = new Parts(graph);
  const work = parts.among(Array.from({ length: graph.table.count }, (_, state) => state));
  for (let part = work.pop(); part; part = work.pop()) {
    const inside = new Set(part);
    const idle = idleTasks(graph, part, inside);
    if (idle.size === 0) return inside;
    work.push(...parts.among(part.filter((state) => !edgesOf(graph, state).some(({ task }) => idle.has(task)))));
  }
  return undefined;
}

/** An edge that marks progress leads nowhere: no cycle that goes along it is a livelock. */
const NOWHERE = -1;

function targetOf(graph: Graph, edge: number): number {
  return graph.progress.has(edge) ? NOWHERE : graph.edges.targetOf(edge);
}

function edgesOf(graph: Graph, state: number): { task: number; target: number }[] {
  const { first, end } = graph.edges.of(state);
  return Array.from({ length: end - first }, (_, i) => ({
    task: graph.edges.taskOf(first + i),
    target: targetOf(graph, first + i),
  }));
}

/** Tasks enabled in a part, none of whose moves stays in it. */
function idleTasks(graph: Graph, part: readonly number[], inside: ReadonlySet<number>): Set<number> {
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

/** The tasks of a walk through the part from that state, on which every task moves that moves in it, and back to the state. */
export function around(graph: Graph, inside: ReadonlySet<number>, state: number): readonly number[] {
  const missing = new Set(
    [...inside].flatMap((each) =>
      edgesOf(graph, each).flatMap(({ task, target }) => (inside.has(target) ? [task] : [])),
    ),
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
  return tasks;
}

/** The shortest walk within the part whose last edge is the one wanted. */
function walk(
  graph: Graph,
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

/** Tarjan's algorithm without recursion, over as many sets of states as need be. */
class Parts {
  readonly #graph: Graph;
  /** By state: the order in which it was entered (0: not yet), the least that it reaches, and the set it is looked for in. */
  readonly #index: Int32Array;
  readonly #low: Int32Array;
  readonly #set: Int32Array;
  readonly #onStack: Uint8Array;
  #sets = 0;
  #entered = 0;
  #stack: number[] = [];

  constructor(graph: Graph) {
    const { count } = graph.table;
    this.#graph = graph;
    this.#index = new Int32Array(count);
    this.#low = new Int32Array(count);
    this.#set = new Int32Array(count);
    this.#onStack = new Uint8Array(count);
  }

  /** The strongly connected parts of these states; those of a single state count only if it has an edge to itself. */
  among(states: Iterable<number>): number[][] {
    const parts: number[][] = [];
    this.#sets++;
    this.#entered = 0;
    const all = [...states];
    for (const state of all) {
      this.#set[state] = this.#sets;
      this.#index[state] = 0;
    }
    for (const state of all) if (this.#index[state] === 0) this.#search(state, parts);
    return parts;
  }

  #search(root: number, parts: number[][]): void {
    const graph = this.#graph;
    const path = [this.#enter(root)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      if (top.edge === top.end) {
        this.#leave(top.state, parts);
        path.pop();
        const parent = path.at(-1);
        if (parent) this.#lower(parent.state, this.#low[top.state] as number);
        continue;
      }
      const target = targetOf(graph, top.edge++);
      if (target === NOWHERE || this.#set[target] !== this.#sets) continue;
      if (this.#index[target] === 0) path.push(this.#enter(target));
      else if (this.#onStack[target]) this.#lower(top.state, this.#index[target] as number);
    }
  }

  #enter(state: number): { state: number; edge: number; end: number } {
    this.#index[state] = this.#low[state] = ++this.#entered;
    this.#onStack[state] = 1;
    this.#stack.push(state);
    const { first, end } = this.#graph.edges.of(state);
    return { state, edge: first, end };
  }

  #lower(state: number, to: number): void {
    if (to < (this.#low[state] as number)) this.#low[state] = to;
  }

  #leave(state: number, parts: number[][]): void {
    if (this.#low[state] !== this.#index[state]) return;
    const part: number[] = [];
    for (let each = NOWHERE; each !== state; ) {
      each = this.#stack.pop() as number;
      this.#onStack[each] = 0;
      part.push(each);
    }
    if (part.length > 1 || this.#leadsToItself(state)) parts.push(part);
  }

  #leadsToItself(state: number): boolean {
    const { first, end } = this.#graph.edges.of(state);
    for (let edge = first; edge < end; edge++) if (targetOf(this.#graph, edge) === state) return true;
    return false;
  }
}
