/**
 * Sleep sets: at each depth of the current execution, the tasks whose next step has been explored from there, or from before
 * with nothing since that does not commute with it. A task that sleeps is not taken: what would come of it is known.
 */

import { larger } from '../memory.ts';
import { commutes } from './touch.ts';

const WIDTH = 32;

export class SleepSets {
  /** By depth: the tasks that sleep there, as bits. */
  tasks = new Int32Array(64);
  /** By depth and task: how the step that is known touches its object. */
  #touch = new Int32Array(64 * WIDTH);
  /** How many depths there is room for. */
  #room = 64;

  /** The task's step has been explored from that depth. */
  add(depth: number, task: number, touch: number): void {
    this.tasks[depth] = (this.tasks[depth] as number) | (1 << task);
    this.#touch[depth * WIDTH + task] = touch;
  }

  /** Of tasks that sleep at the depth, as bits: those whose step commutes with one that touches its object so. */
  without(asleep: number, depth: number, touch: number): number {
    let on = asleep;
    for (let left = asleep; left !== 0; left &= left - 1) {
      const task = 31 - Math.clz32(left & -left);
      if (!commutes(this.#touch[depth * WIDTH + task] as number, touch)) on ^= 1 << task;
    }
    return on;
  }

  /** Begins the set of the next depth: those who sleep here, but for the task that moves, and for whom its step wakes. */
  pass(depth: number, task: number, touch: number): void {
    if (depth + 2 > this.#room) this.#grow();
    const here = (this.tasks[depth] as number) & ~(1 << task);
    const sleeping = here === 0 ? 0 : this.without(here, depth, touch);
    this.tasks[depth + 1] = sleeping;
    for (let left = sleeping; left !== 0; left &= left - 1) {
      const each = 31 - Math.clz32(left & -left);
      this.#touch[(depth + 1) * WIDTH + each] = this.#touch[depth * WIDTH + each] as number;
    }
  }

  #grow(): void {
    this.tasks = larger(this.tasks);
    this.#touch = larger(this.#touch);
    this.#room *= 2;
  }
}
