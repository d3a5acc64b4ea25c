/**
 * Wakeup trees: at each depth of the current execution, the beginnings that are still to be explored from there, in order.
 *
 * An edge is a step of a task, known by its task and by how it touches its object. A tree is kept as first child and next
 * sibling, in arrays, with a list of free nodes: trees come and go with every race. The branch that is being explored has been
 * taken off its tree; what is left are the others.
 */

import { commutes } from './touch.ts';

/** No node. */
export const NO_NODE = 0;

/** A sequence of steps. */
export interface Sequence {
  readonly length: number;
  readonly tasks: Int32Array;
  readonly touches: Int32Array;
}

export class WakeupTrees {
  /** By node. */
  task = new Int32Array(1 << 8);
  touch = new Int32Array(1 << 8);
  /** The first of the node's own branches. */
  child = new Int32Array(1 << 8);
  /** After an insertion: where in the sequence the step stood that the branch begins with which leads to it now; or `APART`. */
  place = 0;
  #next = new Int32Array(1 << 8);
  #free = NO_NODE;
  #used = 1;

  /** Takes the first of these branches off, and gives its node back: what it says must have been read. Returns what is left. */
  withoutFirst(first: number): number {
    const rest = this.#next[first] as number;
    this.#next[first] = this.#free;
    this.#free = first;
    return rest;
  }

  /** How many branches there are from `first` on. */
  count(first: number): number {
    let count = 0;
    for (let node = first; node !== NO_NODE; node = this.#next[node] as number) count++;
    return count;
  }

  /**
   * Adds a sequence to the branches that begin with `first`, unless one that is there leads to it: one that is explored to the
   * end, and whose steps are among the sequence's first. The sequence is used up. Returns the first branch.
   */
  insert(first: number, sequence: Sequence): number {
    let parent = NO_NODE;
    let last = NO_NODE;
    let from = 0;
    for (let node = first; node !== NO_NODE; ) {
      const place = placeOf(sequence, from, this.task[node] as number, this.touch[node] as number);
      if (place === BEHIND) {
        last = node;
        node = this.#next[node] as number;
        continue;
      }
      if (parent === NO_NODE) this.place = place;
      // A branch that the sequence says nothing of, and that all of it commutes with: the sequence comes after it.
      if (place === APART) return first;
      moveOn(sequence, from, place);
      from++;
      // A branch without branches is explored whatever comes after it.
      if (this.child[node] === NO_NODE) return first;
      parent = node;
      last = NO_NODE;
      node = this.child[node] as number;
    }
    if (parent === NO_NODE) this.place = 0;
    const chain = this.#chain(sequence, from);
    if (last !== NO_NODE) this.#next[last] = chain;
    else if (parent !== NO_NODE) this.child[parent] = chain;
    else return chain;
    return first;
  }

  /** What is left of the sequence as nodes, each the only branch of the one before. */
  #chain({ length, tasks, touches }: Sequence, from: number): number {
    let below = NO_NODE;
    for (let at = length - 1; at >= from; at--) {
      const node = this.#newNode();
      this.task[node] = tasks[at] as number;
      this.touch[node] = touches[at] as number;
      this.child[node] = below;
      this.#next[node] = NO_NODE;
      below = node;
    }
    return below;
  }

  #newNode(): number {
    const node = this.#free;
    if (node !== NO_NODE) {
      this.#free = this.#next[node] as number;
      return node;
    }
    if (this.#used === this.task.length) {
      for (const name of ['task', 'touch', 'child'] as const) this[name] = twice(this[name]);
      this.#next = twice(this.#next);
    }
    return this.#used++;
  }
}

/** The task's first step is not among those that the sequence may begin with. */
const BEHIND = -1;
/** Less than any place, too: the task takes no step in the sequence, and its step commutes with all of it. */
const APART = -2;

/** Where the task's first step stands in what is left of the sequence, if that may as well begin with it (a weak initial). */
function placeOf({ length, tasks, touches }: Sequence, from: number, task: number, touch: number): number {
  for (let at = from; at < length; at++) {
    if (tasks[at] === task) return at;
    if (!commutes(touches[at] as number, touch)) return BEHIND;
  }
  return APART;
}

/** Takes the step at that place out: those before it, which are few, move on by one. */
function moveOn({ tasks, touches }: Sequence, from: number, place: number): void {
  for (let at = place; at > from; at--) {
    tasks[at] = tasks[at - 1] as number;
    touches[at] = touches[at - 1] as number;
  }
}

function twice(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}
