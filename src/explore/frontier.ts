/** What the search has yet to look at, in the order of its cost: fewest preemptions, then fewest switches, then fewest steps. */

export interface Cost {
  readonly preemptions: number;
  readonly switches: number;
  readonly steps: number;
}

/**
 * A queue by cost. Costs only grow along a path, so what is pushed never comes before what was popped, and the buckets
 * are emptied in order: within one, first in is first out.
 */
export class Frontier<Item extends Cost> {
  readonly #buckets: Item[][][][] = [];
  #at: Cost = { preemptions: 0, switches: 0, steps: 0 };
  #next = 0;

  push(item: Item): void {
    const bucket = listAt(listAt(listAt(this.#buckets, item.preemptions), item.switches), item.steps);
    bucket.push(item);
  }

  pop(): Item | undefined {
    for (let { preemptions, switches, steps } = this.#at; preemptions < this.#buckets.length; ) {
      const bySteps = this.#buckets[preemptions]?.[switches];
      const bucket = bySteps?.[steps];
      if (bucket && this.#next < bucket.length) {
        this.#at = { preemptions, switches, steps };
        return bucket[this.#next++];
      }
      if (bySteps && bucket) bySteps[steps] = [];
      this.#next = 0;
      if (steps + 1 < (bySteps?.length ?? 0)) steps++;
      else if (switches + 1 < (this.#buckets[preemptions]?.length ?? 0)) [switches, steps] = [switches + 1, 0];
      else [preemptions, switches, steps] = [preemptions + 1, 0, 0];
      this.#at = { preemptions, switches, steps };
    }
    return undefined;
  }
}

function listAt<T>(lists: T[][], index: number): T[] {
  const known = lists[index];
  if (known) return known;
  const made: T[] = [];
  lists[index] = made;
  return made;
}
