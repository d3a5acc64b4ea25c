/** How many interleavings there are: the paths through the finished graph. */

import type { StateGraph } from './graph.ts';

type Graph = Pick<StateGraph, 'table' | 'onlyRises' | 'edges' | 'initial'>;

export interface Paths {
  readonly all: bigint;
  readonly byOutcome: ReadonlyMap<string, bigint>;
}

/** Beyond that, numbers are no longer exact. */
const EXACT = Number.MAX_SAFE_INTEGER;

/** Counts the paths from the start to every state without a successor; undefined if the graph has a cycle. */
export function countPaths(graph: Graph & Pick<StateGraph, 'findings'>): Paths | undefined {
  const order = inOrder(graph);
  if (!order) return undefined;
  const counted = countInNumbers(graph, order);
  const paths = isExact(counted) ? counted : countInBigInts(graph, order);
  const all = new Sum();
  for (let state = 0; state < paths.length; state++) {
    const { first, end } = graph.edges.of(state);
    if (first === end) all.add(paths[state] as number | bigint);
  }
  const byOutcome = new Map<string, Sum>();
  for (const [state, { outcome }] of graph.findings) {
    if (outcome === undefined) continue;
    const sum = byOutcome.get(outcome) ?? new Sum();
    sum.add(paths[state] as number | bigint);
    byOutcome.set(outcome, sum);
  }
  return { all: all.value, byOutcome: new Map(Array.from(byOutcome, ([outcome, sum]) => [outcome, sum.value])) };
}

/**
 * At least so many interleavings there are, by what is known of the graph by now: each path to where nobody has looked on begins one.
 * Beyond what numbers hold exactly it is about so many. Undefined if the graph has a cycle, or if no number is so large.
 */
export function countSoFar(graph: Graph): number | undefined {
  const order = inOrder(graph);
  if (!order) return undefined;
  const paths = countInNumbers(graph, order);
  const all = paths.reduce((sum, here, state) => {
    const { first, end } = graph.edges.of(state);
    return first === end ? sum + here : sum;
  }, 0);
  return Number.isFinite(all) ? all : undefined;
}

/** Whether some path comes back to where it was. */
export function hasCycle(graph: Graph): boolean {
  return !graph.onlyRises && inOrder(graph) === undefined;
}

/** Every state after all that lead to it; undefined if there is a cycle. */
function inOrder(graph: Graph): Int32Array | undefined {
  return graph.onlyRises ? graph.table.byLevel() : topologicalOrder(graph);
}

function topologicalOrder(graph: Graph): Int32Array | undefined {
  const { edges, initial } = graph;
  const { count } = graph.table;
  const incoming = new Int32Array(count);
  for (let edge = 0; edge < edges.count; edge++) {
    const target = edges.targetOf(edge);
    incoming[target] = (incoming[target] as number) + 1;
  }
  if (incoming[initial] !== 0) return undefined;
  const order = new Int32Array(count);
  order[0] = initial;
  let found = 1;
  for (let at = 0; at < found; at++) {
    const { first, end } = edges.of(order[at] as number);
    for (let edge = first; edge < end; edge++) {
      const target = edges.targetOf(edge);
      incoming[target] = (incoming[target] as number) - 1;
      if (incoming[target] === 0) order[found++] = target;
    }
  }
  return found === count ? order : undefined;
}

/** By state: how many paths lead to it. */
function countInNumbers(graph: Graph, order: Int32Array): Float64Array {
  const { edges } = graph;
  const paths = new Float64Array(order.length);
  paths[graph.initial] = 1;
  for (let at = 0; at < order.length; at++) {
    const state = order[at] as number;
    const here = paths[state] as number;
    const { first, end } = graph.edges.of(state);
    for (let edge = first; edge < end; edge++) {
      const target = edges.targetOf(edge);
      paths[target] = (paths[target] as number) + here;
    }
  }
  return paths;
}

function isExact(paths: Float64Array): boolean {
  for (let state = 0; state < paths.length; state++) if ((paths[state] as number) > EXACT) return false;
  return true;
}

function countInBigInts(graph: Graph, order: Int32Array): bigint[] {
  const paths = new Array<bigint>(graph.table.count).fill(0n);
  paths[graph.initial] = 1n;
  for (const state of order) {
    const { first, end } = graph.edges.of(state);
    for (let edge = first; edge < end; edge++) {
      const target = graph.edges.targetOf(edge);
      paths[target] = (paths[target] as bigint) + (paths[state] as bigint);
    }
  }
  return paths;
}

/** An exact sum, in numbers as far as they are exact. */
class Sum {
  #whole = 0n;
  #part = 0;

  add(more: number | bigint): void {
    if (typeof more === 'bigint') this.#whole += more;
    else if (this.#part + more <= EXACT) this.#part += more;
    else this.#whole += BigInt(more);
  }

  get value(): bigint {
    return this.#whole + BigInt(this.#part);
  }
}
