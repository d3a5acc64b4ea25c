/**
 * Memoised task automata: what a task does next depends on nothing but the results it has had, so each history is run once.
 * A node is a history; an edge is a result.
 */

import type { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import type { Body, Steps } from './program.ts';
import { extend, type Touch } from './races.ts';
import { begin, type Pending, resumeBody } from './runs.ts';
import type { Position, Stepper } from './stepping.ts';

export interface Node extends Position {
  readonly id: number;
  readonly task: number;
  readonly make: Body;
  readonly parent: Node | undefined;
  /** The result that led here from `parent`. */
  readonly via: unknown;
  readonly depth: number;
  readonly next: Map<unknown, Node>;
  /** The generator that stands here; the first child to be asked for takes it along. */
  generator: Steps<unknown> | Fault | undefined;
}

export class Automaton implements Stepper<Node> {
  /** By id; 0 is no node. */
  readonly nodes: (Node | undefined)[] = [undefined];
  readonly #machine: Machine;
  /** Nodes that no result leads to: starts, deaths. */
  readonly #others = new Map<string, Node>();

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.endOf = (task) => {
      const pending = this.at(task)?.pending;
      return pending?.type === 'returned' ? pending : undefined;
    };
  }

  at(task: number): Node {
    return this.nodes[this.#machine.words[(this.#machine.tasks[task] as Task).slot] as number] as Node;
  }

  place(task: number, position: Node): void {
    this.#machine.words[(this.#machine.tasks[task] as Task).slot] = position.id;
  }

  root(task: number, body: number, segment: readonly Touch[]): Node {
    const key = `${task}.${body}.${segment.map((touch) => `${touch.slot}${touch.write ? 'w' : 'r'}`)}`;
    return this.#memo(key, () =>
      this.#start(task, body, (this.#machine.tasks[task] as Task).bodies[body] as Body, segment),
    );
  }

  spawned(child: number, body: Body, parent: Node): Node {
    return this.#memo(`${child} from ${parent.id}`, () => this.#start(child, 0, body, []));
  }

  after(node: Node, result: unknown): Node {
    return node.next.get(result) ?? this.#grow(node, result);
  }

  killed(node: Node, fault: Fault): Node {
    return this.#aside(node, `${fault.kind}: ${fault.message}`, { pending: { type: 'failed', fault } });
  }

  settled(node: Node): Node {
    return this.#aside(node, 'settled', { segment: [] });
  }

  /** A variant of the node, where its task goes on no further. */
  #aside(node: Node, how: string, changes: Partial<Node>): Node {
    return this.#memo(`${node.id} ${how}`, () => this.#add({ ...node, ...changes, generator: undefined }));
  }

  #memo(key: string, make: () => Node): Node {
    const known = this.#others.get(key) ?? make();
    this.#others.set(key, known);
    return known;
  }

  #start(task: number, body: number, make: Body, segment: readonly Touch[]): Node {
    const generator = begin(make);
    const pending = resumeBody(generator, undefined, true);
    return this.#add({
      task,
      body,
      make,
      pending,
      segment,
      parent: undefined,
      via: undefined,
      depth: 0,
      next: new Map(),
      generator,
    });
  }

  #grow(node: Node, result: unknown): Node {
    const generator = node.generator ?? this.#rerun(node);
    node.generator = undefined;
    const { task, body, make, pending } = node;
    const segment =
      pending.type === 'operation' ? extend(node.segment, this.#machine, task, pending.operation, result) : [];
    const next: Pending = resumeBody(generator, result);
    const child = this.#add({
      task,
      body,
      make,
      pending: next,
      segment,
      parent: node,
      via: result,
      depth: node.depth + 1,
      next: new Map(),
      generator,
    });
    node.next.set(result, child);
    return child;
  }

  /** A fresh generator, brought to where the node stands. */
  #rerun(node: Node): Steps<unknown> | Fault {
    const generator = begin(node.make);
    resumeBody(generator, undefined, true);
    for (const result of historyOf(node)) resumeBody(generator, result);
    return generator;
  }

  #add(node: Omit<Node, 'id'>): Node {
    const added = { ...node, id: this.nodes.length };
    this.nodes.push(added);
    return added;
  }
}

/** The results that led from the body's start to the node. */
export function historyOf(node: Node): unknown[] {
  const results: unknown[] = [];
  for (let each = node; each.parent; each = each.parent) results.unshift(each.via);
  return results;
}
