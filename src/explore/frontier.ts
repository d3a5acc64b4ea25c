/** What the search has yet to look at, in the order of its cost: fewest preemptions, then fewest switches, then fewest steps. */

/**
 * A queue of numbers by cost. Costs only grow along a path, so what is pushed never comes before what was popped, and the
 * buckets are emptied in order: within one, first in is first out.
 */
export class Frontier {
  /** The cost of what was popped last. */
  preemptions = 0;
  switches = 0;
  steps = 0;
  readonly #buckets: number[][][][] = [];
  /** The bucket of that cost, and how much of it has been popped. */
  #bucket = listAt(listAt(listAt(this.#buckets, 0), 0), 0);
  #next = 0;

  push(item: number, preemptions: number, switches: number, steps: number): void {
    listAt(listAt(listAt(this.#buckets, preemptions), switches), steps).push(item);
  }

  pop(): number | undefined {
    while (this.#next === this.#bucket.length) if (!this.#advance()) return undefined;
    return this.#bucket[this.#next++];
  }

  /** To the bucket of the next cost; false if there is none. */
  #advance(): boolean {
    const { preemptions, switches, steps } = this;
    const bySwitches = this.#buckets[preemptions] ?? [];
    const bySteps = bySwitches[switches] ?? [];
    if (this.#next > 0) bySteps[steps] = [];
    if (steps + 1 < bySteps.length) this.steps++;
    else if (switches + 1 < bySwitches.length) [this.switches, this.steps] = [switches + 1, 0];
    else if (preemptions + 1 < this.#buckets.length)
      [this.preemptions, this.switches, this.steps] = [preemptions + 1, 0, 0];
    else return false;
    this.#bucket = this.#buckets[this.preemptions]?.[this.switches]?.[this.steps] ?? [];
    this.#next = 0;
    return true;
  }
}

function listAt<T>(lists: T[][], index: number): T[] {
  const known = lists[index];
  if (known) return known;
  const made: T[] = [];
  lists[index] = made;
  return made;
}
