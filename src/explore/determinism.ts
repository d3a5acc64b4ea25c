/**
 * Determinism is checked, not assumed: at the end, every task's longest history is run again, in a fresh generator over a
 * fresh `setup()` of its own. A body that asks for something else the second time depends on more than its results.
 */

import { type Automaton, pathTo } from './automaton.ts';
import { Machine, type Report, type Task } from './machine.ts';
import type { Node } from './node.ts';
import type { Body, Program } from './program.ts';
import { begin, difference, resumeBody, tell } from './runs.ts';

/** What differs between two runs of the same history; undefined if nothing does. */
export function checkDeterminism<World>(
  program: Program<World>,
  machine: Machine<World>,
  automaton: Automaton,
): Report | undefined {
  const longest = new Map<string, Node>();
  for (const node of automaton.nodes) {
    if (!node || node.pending.type === 'failed') continue;
    const key = `${node.task}.${node.body}`;
    if (node.depth >= (longest.get(key)?.depth ?? 0)) longest.set(key, node);
  }
  for (const node of longest.values()) {
    const message = runAgain(program, machine, node);
    if (message) return { kind: 'non-determinism', message, task: node.task };
  }
  return undefined;
}

function runAgain<World>(program: Program<World>, first: Machine<World>, node: Node): string | undefined {
  const second = new Machine(program);
  const make = second.tasks[node.task]?.bodies[node.body] as Body | undefined;
  if (!make) return undefined; // spawned: its body is a part of its parent's history
  const generator = begin(make);
  for (const [index, { via, pending }] of pathTo(node).entries()) {
    const now = resumeBody(generator, translate(via, first, second), index === 0);
    const message = difference(first.tasks[node.task] as Task, index, tell(first, pending), tell(second, now));
    if (message) return message;
  }
  return undefined;
}

/** The same value in the other machine: an object is known by its path. */
function translate(value: unknown, from: Machine, to: Machine): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const path = from.names.pathOf(value);
  if (path === undefined) return value;
  return to.counterpart(path, from);
}
