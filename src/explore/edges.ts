/** The edges of a state graph, in the order in which they were found; those of one state are neighbours. */

import { MAX_TASKS } from './machine.ts';
import { roomFor } from './memory.ts';

/** A word holds an edge: the task that moves, in the lowest bits, and the state that it leads to. */
const TASK_BITS = 32 - Math.clz32(MAX_TASKS - 1);
const TASK = (1 << TASK_BITS) - 1;

export class Edges {
  count = 0;
  #words = new Int32Array(1 << 10);
  /** By state, two words: its first edge, plus one once it is expanded; and the end of its edges. */
  #from = new Int32Array(1 << 9);

  /** The new edge's number. */
  add(task: number, target: number): number {
    const edge = this.count++;
    this.#words = roomFor(this.#words, this.count);
    this.#words[edge] = (target << TASK_BITS) | task;
    return edge;
  }

  /** All edges of the state have been added, from `first` on. */
  close(state: number, first: number): void {
    const at = 2 * state;
    this.#from = roomFor(this.#from, at + 2);
    this.#from[at] = first + 1;
    this.#from[at + 1] = this.count;
  }

  isClosed(state: number): boolean {
    return (this.#from[2 * state] ?? 0) > 0;
  }

  /** The edges of a state that is closed are those from `first` up to, not including, `end`. */
  of(state: number): { first: number; end: number } {
    return { first: (this.#from[2 * state] as number) - 1, end: this.#from[2 * state + 1] as number };
  }

  taskOf(edge: number): number {
    return (this.#words[edge] as number) & TASK;
  }

  targetOf(edge: number): number {
    return (this.#words[edge] as number) >>> TASK_BITS;
  }

  /** The state that the edge leads from. */
  sourceOf(edge: number): number {
    let state = 0;
    while (!(this.isClosed(state) && this.of(state).first <= edge && edge < this.of(state).end)) state++;
    return state;
  }
}
