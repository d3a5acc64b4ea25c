/** Where a task can stand: a node of its automaton, with what is known of the ways on. */

import { type Cell, Lock } from './cells.ts';
import { type Mode, NONE } from './dependence.ts';
import type { Fault } from './fault.ts';
import { type Operation, type OperationKind, ruleOf } from './operations.ts';
import type { Body, Steps } from './program.ts';
import type { Touch } from './races.ts';
import type { Pending } from './runs.ts';
import type { Position } from './stepping.ts';

/** What a node shares with every other one of its body's run. */
export interface Place {
  readonly task: number;
  readonly body: number;
  readonly make: Body;
  /** Which of the program's bodies, or which spawn, `make` comes from. */
  readonly origin: string;
}

/**
 * What a node's operation does to its object: tried once, and from then on looked up by the word that stands there. Only of
 * operations that depend on that word and the node alone.
 */
export class Effect {
  /** The word it meets. */
  readonly met: number;
  /** The word it leaves. */
  readonly left: number;
  readonly mode: Mode;
  /** Where the task then stands; undefined: it must wait. */
  readonly next: Node | undefined;
  /** Of one that must wait: the tasks that keep it, as bits. */
  readonly keptBy: number;
  /** How the hash of the whole changes: by the word that it leaves, and by where the task then stands. */
  readonly change: number;
  /** The node's next effect, for other words. */
  readonly other: Effect | undefined;

  constructor(
    met: number,
    left: number,
    mode: Mode,
    next: Node | undefined,
    keptBy: number,
    other: Effect | undefined,
    change = 0,
  ) {
    this.met = met;
    this.left = left;
    this.mode = mode;
    this.next = next;
    this.keptBy = keptBy;
    this.other = other;
    this.change = change;
  }
}

/** A node is a history: the results that its body has had so far. */
export class Node implements Position {
  readonly id: number;
  readonly task: number;
  readonly body: number;
  readonly make: Body;
  readonly origin: string;
  readonly pending: Pending;
  readonly segment: readonly Touch[];
  readonly parent: Node | undefined;
  /** The result that led here from `parent`. */
  readonly via: unknown;
  readonly depth: number;
  /** Its operation's kind, if it has one. */
  readonly kind: OperationKind | undefined;
  /** It has an operation: its task has not ended. */
  readonly isAlive: boolean;
  /** Another task may run before its operation. */
  readonly isPoint: boolean;
  /** Its operation may have to wait for others. */
  readonly mayWait: boolean;
  /** Its operation takes a lock, and may have to wait for it. */
  readonly takesLock: boolean;
  /** How its operation touches its object does not depend on what it meets there; and if it must wait, that is for a mutex alone. */
  readonly isSteady: boolean;
  /** It must wait while a task holds its lock alone, and for that one: what a task holds alone is a word below 0. */
  readonly takesMutex: boolean;
  /** Its operation's object, if that is all that the operation depends on; else -1. */
  readonly slot: number;
  /**
   * The slots of its segment, and those that this writes, as bits, each slot one of 32: what has no bit in common does not
   * race. All of them where the task may access something before its first point.
   */
  readonly touched: number;
  readonly written: number;
  /** The task takes no step from here: it waits at a point, has ended or is dead. */
  rests: boolean;
  /** The node of which this is a variant, where its task goes on no further. */
  readonly aside: Node | undefined;
  /** For symmetry: its place in the order of its like, other tasks whose objects its history names (as bits), its likes by task. */
  rank = 0;
  foreign = -1;
  likes: (Node | undefined)[] | undefined = undefined;
  /** What its operation says of the order of locks has been noted. */
  isNoted: boolean;
  /** Where the task goes from here, whatever the memory; where that is known. */
  always: Node | undefined;
  effects: Effect | undefined;
  /** The results that its operation has had, and the node that each leads to. */
  #results: unknown[] | undefined;
  #children: Node[] | undefined;
  /** The generator that stands here; the first child to be asked for takes it along. */
  generator: Steps<unknown> | Fault | undefined;

  constructor(
    id: number,
    place: Place,
    pending: Pending,
    segment: readonly Touch[],
    parent?: Node,
    via?: unknown,
    aside?: Node,
  ) {
    this.id = id;
    this.task = place.task;
    this.body = place.body;
    this.make = place.make;
    this.origin = place.origin;
    this.pending = pending;
    this.segment = segment;
    this.parent = parent;
    this.via = via;
    this.aside = aside;
    this.depth = parent ? parent.depth + 1 : 0;
    const operation = pending.type === 'operation' ? pending.operation : undefined;
    this.kind = operation?.kind;
    this.isAlive = operation !== undefined;
    this.isPoint = operation !== undefined && ruleOf(operation).point;
    this.mayWait = operation !== undefined && ruleOf(operation).enabled !== undefined;
    this.isSteady = operation !== undefined && isSteady(operation);
    this.takesLock = this.kind === 'acquire' || this.kind === 'acquireShared';
    this.isNoted = !this.takesLock;
    this.takesMutex = this.mayWait && this.isSteady;
    this.slot = operation && ruleOf(operation).isLocal ? slotOf(operation) : -1;
    const isUnstarted = this.isAlive && !this.isPoint;
    this.touched = isUnstarted ? -1 : bitsOf(segment, false);
    this.written = isUnstarted ? -1 : bitsOf(segment, true);
    this.rests = this.isPoint || pending.type === 'failed';
    this.always = undefined;
    this.effects = undefined;
    this.#results = undefined;
    this.#children = undefined;
    this.generator = undefined;
  }

  /** What its operation does where that word stands; undefined: not tried yet. */
  effectOn(word: number): Effect | undefined {
    let effect = this.effects;
    while (effect !== undefined && effect.met !== word) effect = effect.other;
    return effect;
  }

  /** Nothing that its operation could return has been met. */
  get isLeaf(): boolean {
    return this.#results === undefined;
  }

  child(result: unknown): Node | undefined {
    const results = this.#results;
    if (results === undefined) return undefined;
    for (let i = 0; i < results.length; i++) {
      // The same value where a Map would say so: a number that is none is the same as itself.
      if (results[i] === result || (Number.isNaN(result) && Number.isNaN(results[i]))) return this.#children?.[i];
    }
    return undefined;
  }

  adopt(result: unknown, child: Node): void {
    // Most have one child: so their arrays have room for no more.
    this.#results = this.#results === undefined ? [result] : [...this.#results, result];
    this.#children = this.#children === undefined ? [child] : [...this.#children, child];
  }

  learn(met: number, left: number, mode: Mode, next: Node, change: number): void {
    this.effects = new Effect(met, left, mode, next, 0, this.effects, change);
  }

  learnToWait(met: number, keptBy: number): void {
    this.effects = new Effect(met, met, NONE, undefined, keptBy, this.effects);
  }
}

function bitsOf(segment: readonly Touch[], onlyWritten: boolean): number {
  let bits = 0;
  for (const { slot, write } of segment) if (write || !onlyWritten) bits |= 1 << slot;
  return bits;
}

function isSteady({ kind, on }: Operation): boolean {
  if (kind === 'acquire') return on instanceof Lock && on.sort !== 'rwlock';
  return kind === 'read' || kind === 'write' || kind === 'release' || kind === 'releaseShared' || kind === 'queue';
}

/** The slot of the cell or lock that the operation is on; -1 if it was given something else. */
function slotOf({ on }: Operation): number {
  return (on as Cell | Lock | undefined)?.slot ?? -1;
}
