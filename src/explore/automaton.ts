/**
 * Memoised task automata: what a task does next depends on nothing but the results it has had, so each history is run once.
 * A node is a history; an edge is a result.
 */

import { NONE } from './dependence.ts';
import { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import { changeOf, roomFor } from './memory.ts';
import { Node, type Place } from './node.ts';
import { type Operation, ruleOf } from './operations.ts';
import type { Body, Steps } from './program.ts';
import { extend, NO_TOUCHES, segmentOfDead, type Touch } from './races.ts';
import { begin, difference, isPlainlySame, type Pending, resumeBody, tell } from './runs.ts';
import type { Stepper } from './stepping.ts';

export const ENDED = -1;
export const ELSE = -2;

export class Automaton implements Stepper<Node> {
  /** By id; 0 is no node. */
  readonly nodes: (Node | undefined)[] = [undefined];
  /**
   * By id: the slot of the mutex that the node's operation takes; ENDED where its task has ended, ELSE otherwise. Most tasks of
   * most states have ended or wait for a mutex: a search that asks here need not look at their nodes, which are far apart.
   */
  mutexes = new Int32Array(1 << 10).fill(ENDED, 0, 1);
  readonly #machine: Machine;
  /** The word that the operation which is done now has met. */
  #met = 0;
  /** Whether some task has plain accesses behind it, or begins with some: if none has, there are no races to look for. */
  mayRace = false;
  /** Whether some task has come to an operation that may have to wait for others. */
  mayWait = false;
  readonly #spawners = new Map<string, Node>();
  /** Nodes that no result leads to: starts, deaths. */
  readonly #others = new Map<string, Node>();

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.pendingOf = (task) => this.at(task)?.pending;
  }

  at(task: number): Node {
    const { memory, taskSlots } = this.#machine;
    return this.nodes[memory.words[taskSlots[task] as number] as number] as Node;
  }

  place(task: number, position: Node): void {
    this.#machine.memory.store(this.#machine.taskSlots[task] as number, position.id);
  }

  root(task: number, body: number, segment: readonly Touch[]): Node {
    const make = (this.#machine.tasks[task] as Task).bodies[body] as Body;
    return this.#start({ task, body, make, origin: `${task}.${body}` }, segment);
  }

  spawned(child: number, body: Body, parent: Node): Node {
    const origin = `${child} from ${parent.id}`;
    this.#spawners.set(origin, parent);
    return this.#start({ task: child, body: 0, make: body, origin }, []);
  }

  /** Where the task stood that spawned the node's; undefined for the program's own tasks. */
  spawnerOf(node: Node): Node | undefined {
    return this.#spawners.get(node.origin);
  }

  restarted(node: Node): Node {
    return this.#start(node, node.segment);
  }

  trial(task: number): Node {
    return this.at(task);
  }

  beforeOperation(node: Node): void {
    if (node.slot >= 0) this.#met = this.#machine.memory.words[node.slot] as number;
  }

  /** Where a result leads from the node. */
  child(node: Node, result: unknown): Node {
    return node.child(result) ?? this.#grow(node, result);
  }

  after(node: Node, result: unknown): Node {
    const next = this.child(node, result);
    this.#learn(node, result, next);
    return next;
  }

  leads(from: Node, to: Node): void {
    from.always = to;
  }

  ends(node: Node): void {
    node.rests = true;
  }

  #learn(node: Node, result: unknown, next: Node): void {
    const { operation } = node.pending as { operation: Operation };
    if (operation.kind === 'remark' || operation.kind === 'progress') node.always = next;
    // A death is reported by the step that it comes of, so that step is never one of which all is known.
    if (node.slot < 0 || next.pending.type === 'failed' || node.effectOn(this.#met)) return;
    const { memory, taskSlots } = this.#machine;
    const left = memory.words[node.slot] as number;
    const slot = taskSlots[node.task] as number;
    const change = changeOf(node.slot, this.#met, left) ^ changeOf(slot, node.id, next.id);
    node.learn(this.#met, left, ruleOf(operation).mode?.(result) ?? NONE, next, change);
  }

  killed(node: Node, fault: Fault): Node {
    const failed = { type: 'failed', fault } as const;
    const segment = segmentOfDead(node, this.#machine, node.task, fault);
    return this.#memo(`${node.id} ${fault.kind}: ${fault.message}`, () => this.#aside(node, failed, segment));
  }

  settled(node: Node): Node {
    return this.#memo(`${node.id} settled`, () => this.#aside(node, node.pending, []));
  }

  /** A variant of the node, where its task goes on no further. */
  #aside(node: Node, pending: Pending, segment: readonly Touch[]): Node {
    return this.#add(node, pending, segment, node.parent, node.via, node);
  }

  #memo(key: string, make: () => Node): Node {
    const known = this.#others.get(key) ?? make();
    this.#others.set(key, known);
    return known;
  }

  #start(place: Place, segment: readonly Touch[]): Node {
    const key = `${place.origin} ${segment.map((touch) => `${touch.slot}${touch.write ? 'w' : 'r'}`)}`;
    return this.#memo(key, () => {
      const generator = begin(place.make);
      const node = this.#add(place, resumeBody(generator, undefined, true), segment);
      node.generator = generator;
      return node;
    });
  }

  #grow(node: Node, result: unknown): Node {
    const generator = node.generator ?? this.#rerun(node);
    node.generator = undefined;
    const { task, pending } = node;
    const segment =
      pending.type === 'operation' ? extend(node.segment, this.#machine, task, pending.operation, result) : NO_TOUCHES;
    const child = this.#add(node, resumeBody(generator, result), segment, node, result);
    if (child.isAlive) child.generator = generator; // one that has ended only takes room
    node.adopt(result, child);
    return child;
  }

  /** A fresh generator, brought to where the node stands; a fault if it does not do again what it did. */
  #rerun(node: Node): Steps<unknown> | Fault {
    const generator = begin(node.make);
    const path = pathTo(node);
    for (let index = 0; index < path.length; index++) {
      const { via, pending } = path[index] as Node;
      const now = resumeBody(generator, via, index === 0);
      if (isPlainlySame(pending, now)) continue;
      const [before, after] = [tell(this.#machine, pending), tell(this.#machine, now)];
      const message = difference(this.#machine.tasks[node.task] as Task, index, before, after);
      if (message) return new Fault('non-determinism', message);
    }
    return generator;
  }

  #add(place: Place, pending: Pending, segment: readonly Touch[], parent?: Node, via?: unknown, aside?: Node): Node {
    const node = new Node(this.nodes.length, place, pending, segment, parent, via, aside);
    this.nodes.push(node);
    this.mutexes = roomFor(this.mutexes, this.nodes.length);
    this.mutexes[node.id] = !node.isAlive ? ENDED : node.takesMutex ? node.slot : ELSE;
    if (node.mayWait) this.mayWait = true;
    if (segment.length > 0 || (parent === undefined && node.touched !== 0)) this.mayRace = true;
    return node;
  }
}

/** The nodes from the body's start to this one. */
export function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) path.push(each);
  return path.reverse();
}
