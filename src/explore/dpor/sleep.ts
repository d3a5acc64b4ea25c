/**
 * Sleep sets: at each depth of the current execution, the tasks whose next step has been explored from there, or from before
 * with nothing since that does not commute with it. A task that sleeps is not taken: what would come of it is known.
 */

import { larger } from '../memory.ts';
import type { Event } from './event.ts';
import { commutes } from './touch.ts';

const WIDTH = 32;

export class SleepSets {
  /** By depth and task, of those that sleep there: how the step that is known touches its object. */
  #touch = new Int32Array(64 * WIDTH);
  /** How many depths there is room for. */
  #room = 64;

  /** The step has been explored from where it begins. */
  add(event: Event): void {
    while (event.index + 2 > this.#room) this.#grow();
    event.asleep |= 1 << event.task;
    this.#touch[event.index * WIDTH + event.task] = event.touch;
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

  /** Those who still sleep after the step: who sleeps before it, but for whom it wakes. */
  after({ index, task, touch, asleep }: Event): number {
    while (index + 2 > this.#room) this.#grow();
    const sleeping = this.without(asleep & ~(1 << task), index, touch);
    for (let left = sleeping; left !== 0; left &= left - 1) {
      const each = 31 - Math.clz32(left & -left);
      this.#touch[(index + 1) * WIDTH + each] = this.#touch[index * WIDTH + each] as number;
    }
    return sleeping;
  }

  #grow(): void {
    this.#touch = larger(this.#touch);
    this.#room *= 2;
  }
}
