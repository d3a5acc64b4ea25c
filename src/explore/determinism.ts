/**
 * Determinism is checked, not assumed: at the end, histories are had again, each in a fresh generator: every task's longest over a
 * fresh `setup()` of its own, and some of the others over the last of these. A body that then asks for something else depends on more
 * than its results.
 */

import { type Automaton, pathTo } from './automaton.ts';
import { Cell, Lock } from './cells.ts';
import { Machine, type Report, type Task } from './machine.ts';
import type { Node } from './node.ts';
import type { Operation } from './operations.ts';
import type { Body, Program } from './program.ts';
import { begin, difference, type Pending, resumeBody, tell } from './runs.ts';

/** So many histories are had again at most, besides the longest of each task. */
const SAMPLES = 10;

/**
 * A longer history is not had again, but the longest one up to here is: a million operations in a row would be seconds without a
 * sign of life, and whoever watches would take the search for dead. Only loops that never end make such histories.
 */
const LONGEST = 100_000;

/** What differs between two runs of the same history; undefined if nothing does. */
export function checkDeterminism<World>(
  program: Program<World>,
  machine: Machine<World>,
  automaton: Automaton,
): Report | undefined {
  const { longest, others } = sample(automaton);
  let again: Machine<World> | undefined;
  for (const node of [...longest, ...others]) {
    if (!again || longest.includes(node)) again = new Machine(program);
    const { differs } = rerun(automaton, machine, again, node);
    if (differs) return { kind: 'non-determinism', message: differs, task: node.task };
  }
  return undefined;
}

/** The longest history of each body, and others, spread over all that there are. */
function sample({ nodes }: Automaton): { readonly longest: readonly Node[]; readonly others: readonly Node[] } {
  const ends = nodes.filter(
    (node) => node !== undefined && node.pending.type !== 'failed' && !node.aside && node.depth <= LONGEST,
  ) as Node[];
  const longest = new Map<string, Node>();
  for (const node of ends) if (node.depth >= (longest.get(node.origin)?.depth ?? 0)) longest.set(node.origin, node);
  const leaves = ends.filter((node) => node.isLeaf && longest.get(node.origin) !== node);
  const stride = Math.max(1, Math.ceil(leaves.length / SAMPLES));
  return { longest: [...longest.values()], others: leaves.filter((_, at) => at % stride === 0) };
}

/** Has the node's history again in the second machine: what the body then does, or what is not the same. */
function rerun(
  automaton: Automaton,
  first: Machine,
  second: Machine,
  node: Node,
): { readonly pending?: Pending; readonly differs?: string } {
  const make = bodyOf(automaton, first, second, node);
  if (typeof make !== 'function') return make;
  const generator = begin(make);
  let now: Pending | undefined;
  for (const [index, { via, pending }] of pathTo(node).entries()) {
    now = resumeBody(generator, translate(via, first, second), index === 0);
    if (isSameElsewhere(first, pending, second, now)) continue;
    const differs = difference(first.tasks[node.task] as Task, index, tell(first, pending), tell(second, now));
    if (differs) return { differs };
  }
  return { pending: now as Pending };
}

/** Whether two runs of one history, in two machines of one program, plainly do the same next: a short way for the many that do. */
function isSameElsewhere(first: Machine, one: Pending, second: Machine, other: Pending): boolean {
  if (one.type !== 'operation' || other.type !== 'operation') return false;
  const [before, now] = [one.operation, other.operation];
  return (
    before.kind === now.kind &&
    before.called === now.called &&
    isSameThing(before.on, now.on) &&
    before.args.length === now.args.length &&
    before.args.every((arg, at) => Object.is(translate(arg, first, second), now.args[at]))
  );
}

/** Declarations are numbered in the order in which they are made, so a body that mixes them up has other names for them. */
function isSameThing(one: unknown, other: unknown): boolean {
  const isDeclared = (each: unknown): each is Cell | Lock => each instanceof Cell || each instanceof Lock;
  return isDeclared(one) && isDeclared(other) && one.slot === other.slot && one.name === other.name;
}

/** The body that the node's history is one of: the program's, or the one that is spawned when its parent has its history again. */
function bodyOf(
  automaton: Automaton,
  first: Machine,
  second: Machine,
  node: Node,
): Body | { readonly differs?: string } {
  const spawner = automaton.spawnerOf(node);
  if (!spawner) return second.tasks[node.task]?.bodies[node.body] as Body;
  const { pending, differs } = rerun(automaton, first, second, spawner);
  if (pending?.type !== 'operation') return differs === undefined ? {} : { differs };
  return (pending as { operation: Operation }).operation.args[1] as Body;
}

/** The same value in the other machine: an object is known by its path. */
function translate(value: unknown, from: Machine, to: Machine): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const path = from.names.pathOf(value);
  if (path === undefined) return value;
  return to.objects.counterpart(path, from.objects);
}
