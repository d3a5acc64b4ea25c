/** How many interleavings there are: the paths through the finished graph. */

import type { StateGraph } from './graph.ts';

type Edges = Pick<StateGraph, 'table' | 'edges' | 'edgeTargets' | 'edgesOf' | 'initial'>;

interface Paths {
  readonly all: bigint;
  readonly byOutcome: ReadonlyMap<string, bigint>;
}

/** Counts the paths from the start to every state without a successor; undefined if the graph has a cycle. */
export function countPaths(graph: Edges, outcomeOf: ReadonlyMap<number, string>): Paths | undefined {
  const order = topologicalOrder(graph);
  if (!order) return undefined;
  const paths = new Array<bigint>(graph.table.count).fill(0n);
  paths[graph.initial] = 1n;
  let all = 0n;
  const byOutcome = new Map<string, bigint>();
  for (const state of order) {
    const here = paths[state] as bigint;
    const { first, end } = graph.edgesOf(state);
    for (let edge = first; edge < end; edge++) {
      const target = graph.edgeTargets[edge] as number;
      paths[target] = (paths[target] as bigint) + here;
    }
    if (first < end) continue;
    all += here;
    const outcome = outcomeOf.get(state);
    if (outcome !== undefined) byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0n) + here);
  }
  return { all, byOutcome };
}

/** Every state after all that lead to it; undefined if there is a cycle. */
function topologicalOrder(graph: Edges): number[] | undefined {
  const count = graph.table.count;
  const incoming = new Int32Array(count);
  for (let edge = 0; edge < graph.edges; edge++) {
    const target = graph.edgeTargets[edge] as number;
    incoming[target] = (incoming[target] as number) + 1;
  }
  if (incoming[graph.initial] !== 0) return undefined;
  const order = [graph.initial];
  for (let i = 0; i < order.length; i++) {
    const { first, end } = graph.edgesOf(order[i] as number);
    for (let edge = first; edge < end; edge++) {
      const target = graph.edgeTargets[edge] as number;
      incoming[target] = (incoming[target] as number) - 1;
      if (incoming[target] === 0) order.push(target);
    }
  }
  return order.length === count ? order : undefined;
}
