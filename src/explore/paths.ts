/** How many interleavings there are: the paths through the finished graph. */

import type { StateGraph } from './graph.ts';

type Edges = Pick<StateGraph, 'table' | 'edges' | 'edgeTargets' | 'edgesOf' | 'initial'>;

export interface Paths {
  readonly all: bigint;
  readonly byOutcome: ReadonlyMap<string, bigint>;
}

/** Beyond that, numbers are no longer exact. */
const EXACT = Number.MAX_SAFE_INTEGER;

/** Counts the paths from the start to every state without a successor; undefined if the graph has a cycle. */
export function countPaths(graph: Edges, outcomeOf: (state: number) => string | undefined): Paths | undefined {
  const order = topologicalOrder(graph);
  if (!order) return undefined;
  const paths = countInNumbers(graph, order) ?? countInBigInts(graph, order);
  let all = 0n;
  const byOutcome = new Map<string, bigint>();
  for (const state of order) {
    const { first, end } = graph.edgesOf(state);
    if (first < end) continue;
    const here = BigInt(paths[state] as number | bigint);
    all += here;
    const outcome = outcomeOf(state);
    if (outcome !== undefined) byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0n) + here);
  }
  return { all, byOutcome };
}

/** Whether some path comes back to where it was. */
export function hasCycle(graph: Edges): boolean {
  return topologicalOrder(graph) === undefined;
}

/** By state: how many paths lead to it; undefined if there are too many for exact numbers. */
function countInNumbers(graph: Edges, order: Int32Array): Float64Array | undefined {
  const paths = new Float64Array(graph.table.count);
  paths[graph.initial] = 1;
  for (const state of order) {
    const here = paths[state] as number;
    if (here > EXACT) return undefined;
    const { first, end } = graph.edgesOf(state);
    for (let edge = first; edge < end; edge++) {
      const target = graph.edgeTargets[edge] as number;
      paths[target] = (paths[target] as number) + here;
    }
  }
  return paths;
}

function countInBigInts(graph: Edges, order: Int32Array): bigint[] {
  const paths = new Array<bigint>(graph.table.count).fill(0n);
  paths[graph.initial] = 1n;
  for (const state of order) {
    const { first, end } = graph.edgesOf(state);
    for (let edge = first; edge < end; edge++) {
      const target = graph.edgeTargets[edge] as number;
      paths[target] = (paths[target] as bigint) + (paths[state] as bigint);
    }
  }
  return paths;
}

/** Every state after all that lead to it; undefined if there is a cycle. */
function topologicalOrder(graph: Edges): Int32Array | undefined {
  const count = graph.table.count;
  const incoming = new Int32Array(count);
  for (let edge = 0; edge < graph.edges; edge++) {
    const target = graph.edgeTargets[edge] as number;
    incoming[target] = (incoming[target] as number) + 1;
  }
  if (incoming[graph.initial] !== 0) return undefined;
  const order = new Int32Array(count);
  order[0] = graph.initial;
  let found = 1;
  for (let at = 0; at < found; at++) {
    const { first, end } = graph.edgesOf(order[at] as number);
    for (let edge = first; edge < end; edge++) {
      const target = graph.edgeTargets[edge] as number;
      incoming[target] = (incoming[target] as number) - 1;
      if (incoming[target] === 0) order[found++] = target;
    }
  }
  return found === count ? order : undefined;
}
