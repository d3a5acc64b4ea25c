/**
 * Determinism is checked, not assumed: at the end, every task's longest history is run again, in a fresh generator over a
 * fresh `setup()` of its own. A body that asks for something else the second time depends on more than its results.
 */

import type { Node } from './automaton.ts';
import type { StateGraph } from './graph.ts';
import { Machine, type Report, type Task } from './machine.ts';
import type { Body, Program } from './program.ts';
import { begin, type Pending, resumeBody } from './runs.ts';

/** What differs between two runs of the same history; undefined if nothing does. */
export function checkDeterminism<World>(program: Program<World>, graph: StateGraph<World>): Report | undefined {
  const longest = new Map<string, Node>();
  for (const node of graph.automaton.nodes) {
    if (!node || node.pending.type === 'failed') continue;
    const key = `${node.task}.${node.body}`;
    if (node.depth >= (longest.get(key)?.depth ?? 0)) longest.set(key, node);
  }
  for (const node of longest.values()) {
    const message = difference(program, graph.machine, node);
    if (message) return { kind: 'non-determinism', message, task: node.task };
  }
  return undefined;
}

function difference<World>(program: Program<World>, first: Machine<World>, node: Node): string | undefined {
  const second = new Machine(program);
  const { name } = first.tasks[node.task] as Task;
  const make = second.tasks[node.task]?.bodies[node.body] as Body | undefined;
  if (!make) return undefined; // spawned: its body is a part of its parent's history
  const generator = begin(make);
  let pending = resumeBody(generator, undefined, true);
  const path = pathTo(node);
  for (const [index, step] of path.entries()) {
    const [before, now] = [tell(first, step.pending), tell(second, pending)];
    if (before !== now)
      return `${name} did ${before} and, after the same ${index} results, ${now}: it depends on more than what its operations return`;
    if (index + 1 < path.length) pending = resumeBody(generator, translate(path[index + 1]?.via, first, second));
  }
  return undefined;
}

function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) path.unshift(each);
  return path;
}

function tell(machine: Machine, pending: Pending): string {
  if (pending.type === 'operation') return machine.describe(pending.operation);
  return pending.type === 'returned' ? `return ${machine.names.show(pending.value)}` : pending.fault.message;
}

/** The same value in the other machine: an object is known by its path, one that was allocated by its name. */
function translate(value: unknown, from: Machine, to: Machine): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const path = from.names.pathOf(value);
  if (path === undefined) return value;
  return to.counterpart(path, from);
}
