/**
 * One step of one task, as it stands in the current execution, and what is still to be explored from where it begins. Other
 * events are named by the place at which they stand.
 */

import { type Mode, NONE } from '../dependence.ts';
import type { Node } from '../node.ts';
import { NOTHING_TOUCHED } from './touch.ts';
import { NO_NODE } from './wakeup.ts';

/** No event. */
export const NO_EVENT = -1;

/** No point. */
export const NO_POINT = 0;

/** An event's place in the execution is taken by others later: it is made once, and written anew. */
export class Event {
  readonly index: number;
  readonly #nodes: readonly (Node | undefined)[];
  task = 0;
  /** The node of the point at which the task stood, if it came to one. */
  from = NO_POINT;
  /** Whether it takes a lock for which it may have had to wait; whether it spawns or joins. */
  takesLock = false;
  isFamily = false;
  /** Its object, how that was touched, both as one number, and the word that stood there. */
  slot = -1;
  mode: Mode = NONE;
  touch = NOTHING_TOUCHED;
  met = 0;
  /** What its task has done before: its last event, or the one that spawned it. */
  base = NO_EVENT;
  /** The event before on its object. */
  before = NO_EVENT;
  /** The latest on its object, at or before it, that commutes with no other. */
  barrier = NO_EVENT;
  /** How many races there are before its own. */
  firstRace = 0;
  /** What the memory's log is undone to when it is taken off; or that what it changed is in no log. */
  mark = 0;
  /** Before it: the tasks that sleep, as bits; the first branch still to be explored from there; how many have been. */
  asleep = 0;
  branch = NO_NODE;
  explored = 0;

  /** `nodes`: by id; none has the id `NO_POINT`. */
  constructor(index: number, nodes: readonly (Node | undefined)[]) {
    this.index = index;
    this.#nodes = nodes;
  }

  /** The point at which the task stood, if it came to one. */
  get point(): Node | undefined {
    return this.#nodes[this.from];
  }
}
