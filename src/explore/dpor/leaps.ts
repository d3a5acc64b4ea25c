/**
 * Steps of which all is known: what they meet, what they leave, and where their tasks then stand. Nearly all steps of an
 * exploration are such leaps, so they stand in two tables of numbers: nodes and effects are far apart in memory, and to look at
 * those of each step took longer than the step.
 */

import type { Mode } from '../dependence.ts';
import { roomFor } from '../memory.ts';
import type { Effect, Node } from '../node.ts';
import { touchOf } from './touch.ts';

/** In place of a leap: what the step does must be found out; or the task has none, whatever it would meet. */
export const UNKNOWN = 0;
export const GONE = -1;

/** In place of a node: the task must wait. */
export const NOWHERE = 0;

/** A leap is the place of its first word. */
const WORDS = 8;
const MET = 0;
const LEFT = 1;
const NEXT = 2;
const SLOT = 3;
const MODE = 4;
const TOUCH = 5;
const TAKES_LOCK = 6;
const OTHER = 7;

export class Leaps {
  /** By node, two words: its first leap, and the slot of what its operation is on. */
  #nodes = new Int32Array(1 << 7);
  #leaps = new Int32Array(1 << 8);
  /** How many nodes there is room for, and where the next leap begins. */
  #room = 1 << 6;
  #end = WORDS;

  constructor() {
    this.#nodes[NOWHERE] = GONE;
  }

  /** The leap of a task that stands at the node, in memory. */
  of(node: number, memory: Int32Array): number {
    if (node >= this.#room) return UNKNOWN;
    const nodes = this.#nodes;
    let leap = nodes[2 * node] as number;
    if (leap <= 0) return leap;
    const leaps = this.#leaps;
    const word = memory[nodes[2 * node + 1] as number] as number;
    while (leap !== UNKNOWN && leaps[leap + MET] !== word) leap = leaps[leap + OTHER] as number;
    return leap;
  }

  met(leap: number): number {
    return this.#leaps[leap + MET] as number;
  }

  left(leap: number): number {
    return this.#leaps[leap + LEFT] as number;
  }

  /** The node where the task then stands; or `NOWHERE`. */
  next(leap: number): number {
    return this.#leaps[leap + NEXT] as number;
  }

  slot(leap: number): number {
    return this.#leaps[leap + SLOT] as number;
  }

  mode(leap: number): Mode {
    return this.#leaps[leap + MODE] as number;
  }

  touch(leap: number): number {
    return this.#leaps[leap + TOUCH] as number;
  }

  /** Whether it takes a lock for which it may have had to wait. */
  takesLock(leap: number): boolean {
    return this.#leaps[leap + TAKES_LOCK] === 1;
  }

  /** The effect is all that a step from the node does, if it meets that word. */
  learn({ id, slot, takesLock }: Node, { met, left, mode, next }: Effect): void {
    this.#makeRoom(id);
    this.#leaps = roomFor(this.#leaps, this.#end + WORDS);
    const leap = this.#end;
    this.#end += WORDS;
    const other = this.#nodes[2 * id] as number;
    this.#leaps.set([met, left, next?.id ?? NOWHERE, slot, mode, touchOf(slot, mode), takesLock ? 1 : 0, other], leap);
    this.#nodes[2 * id] = leap;
    this.#nodes[2 * id + 1] = slot;
  }

  /** Who stands at the node takes no step any more. */
  learnGone({ id }: Node): void {
    this.#makeRoom(id);
    this.#nodes[2 * id] = GONE;
  }

  #makeRoom(node: number): void {
    this.#nodes = roomFor(this.#nodes, 2 * node + 2);
    this.#room = this.#nodes.length >> 1;
  }
}
