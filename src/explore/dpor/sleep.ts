/**
 * Sleep sets: at each depth of the current execution, the tasks whose next step has been explored from there, or from before
 * with nothing since that does not commute with it. A task that sleeps is not taken: what would come of it is known.
 */

import { MAX_TASKS } from '../machine.ts';
import { larger } from '../memory.ts';
import { commutes } from './touch.ts';

const WIDTH = 32;

export class SleepSets {
  /** By depth: the tasks that sleep there, as bits. */
  tasks = new Int32Array(64);
  /** By depth and task: how the step that is known touches its object. */
  #touch = new Int32Array(64 * WIDTH);

  touchOf(depth: number, task: number): number {
    return this.#touch[depth * WIDTH + task] as number;
  }

  /** The task's step has been explored from that depth. */
  add(depth: number, task: number, touch: number): void {
    this.tasks[depth] = (this.tasks[depth] as number) | (1 << task);
    this.#touch[depth * WIDTH + task] = touch;
  }

  /** Begins the set of the next depth: those who sleep here, but for the task that moves, and for whom its step wakes. */
  pass(depth: number, task: number, touch: number): void {
    if (depth + 2 > this.tasks.length) {
      this.tasks = larger(this.tasks);
      this.#touch = larger(this.#touch);
    }
    let sleeping = 0;
    const here = (this.tasks[depth] as number) & ~(1 << task);
    if (here !== 0) {
      for (let each = 0; each < MAX_TASKS; each++) {
        if (((here >> each) & 1) === 0) continue;
        const known = this.#touch[depth * WIDTH + each] as number;
        if (!commutes(known, touch)) continue;
        sleeping |= 1 << each;
        this.#touch[(depth + 1) * WIDTH + each] = known;
      }
    }
    this.tasks[depth + 1] = sleeping;
  }
}
