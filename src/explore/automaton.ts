/**
 * Memoised task automata: what a task does next depends on nothing but the results it has had, so each history is run once.
 * A node is a history; an edge is a result.
 */

import { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import type { Body, Steps } from './program.ts';
import { extend, type Touch } from './races.ts';
import { begin, difference, type Pending, resumeBody, tell } from './runs.ts';
import type { Position, Stepper } from './stepping.ts';

/** Where a node is: what it shares with every other one of its body's run. */
type Place = Pick<Node, 'task' | 'body' | 'make' | 'origin'>;

export class Node implements Position {
  readonly id: number;
  readonly task: number;
  readonly body: number;
  readonly make: Body;
  /** Which of the program's bodies, or which spawn, `make` comes from. */
  readonly origin: string;
  readonly pending: Pending;
  readonly segment: readonly Touch[];
  readonly parent: Node | undefined;
  /** The result that led here from `parent`. */
  readonly via: unknown;
  readonly depth: number;
  readonly next = new Map<unknown, Node>();
  /** The generator that stands here; the first child to be asked for takes it along. */
  generator: Steps<unknown> | Fault | undefined;

  constructor(
    id: number,
    { task, body, make, origin }: Place,
    pending: Pending,
    segment: readonly Touch[],
    parent?: Node,
    via?: unknown,
  ) {
    this.id = id;
    this.task = task;
    this.body = body;
    this.make = make;
    this.origin = origin;
    this.pending = pending;
    this.segment = segment;
    this.parent = parent;
    this.via = via;
    this.depth = parent ? parent.depth + 1 : 0;
  }
}

export class Automaton implements Stepper<Node> {
  /** By id; 0 is no node. */
  readonly nodes: (Node | undefined)[] = [undefined];
  readonly #machine: Machine;
  /** Nodes that no result leads to: starts, deaths. */
  readonly #others = new Map<string, Node>();

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.pendingOf = (task) => this.at(task)?.pending;
  }

  at(task: number): Node {
    return this.nodes[this.#machine.words[(this.#machine.tasks[task] as Task).slot] as number] as Node;
  }

  place(task: number, position: Node): void {
    this.#machine.words[(this.#machine.tasks[task] as Task).slot] = position.id;
  }

  root(task: number, body: number, segment: readonly Touch[]): Node {
    const make = (this.#machine.tasks[task] as Task).bodies[body] as Body;
    return this.#start({ task, body, make, origin: `${task}.${body}` }, segment);
  }

  spawned(child: number, body: Body, parent: Node): Node {
    return this.#start({ task: child, body: 0, make: body, origin: `${child} from ${parent.id}` }, []);
  }

  restarted(node: Node): Node {
    return this.#start(node, node.segment);
  }

  trial(task: number): Node {
    return this.at(task);
  }

  after(node: Node, result: unknown): Node {
    return node.next.get(result) ?? this.#grow(node, result);
  }

  killed(node: Node, fault: Fault): Node {
    const failed = { type: 'failed', fault } as const;
    return this.#memo(`${node.id} ${fault.kind}: ${fault.message}`, () => this.#aside(node, failed, node.segment));
  }

  settled(node: Node): Node {
    return this.#memo(`${node.id} settled`, () => this.#aside(node, node.pending, []));
  }

  /** A variant of the node, where its task goes on no further. */
  #aside(node: Node, pending: Pending, segment: readonly Touch[]): Node {
    return this.#add(node, pending, segment, node.parent, node.via);
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
      pending.type === 'operation' ? extend(node.segment, this.#machine, task, pending.operation, result) : [];
    const child = this.#add(node, resumeBody(generator, result), segment, node, result);
    child.generator = generator;
    node.next.set(result, child);
    return child;
  }

  /** A fresh generator, brought to where the node stands; a fault if it does not do again what it did. */
  #rerun(node: Node): Steps<unknown> | Fault {
    const generator = begin(node.make);
    for (const [index, { via, pending }] of pathTo(node).entries()) {
      const now = resumeBody(generator, via, index === 0);
      const message = difference(
        this.#machine.tasks[node.task] as Task,
        index,
        tell(this.#machine, pending),
        tell(this.#machine, now),
      );
      if (message) return new Fault('non-determinism', message);
    }
    return generator;
  }

  #add(place: Place, pending: Pending, segment: readonly Touch[], parent?: Node, via?: unknown): Node {
    const node = new Node(this.nodes.length, place, pending, segment, parent, via);
    this.nodes.push(node);
    return node;
  }
}

/** The nodes from the body's start to this one. */
export function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) path.push(each);
  return path.reverse();
}
