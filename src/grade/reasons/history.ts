/** What has happened so far in an execution: who wrote what, who looked at it, and who holds which lock since when. */

/** In which step of the execution, counted from 1, and of which task. */
export interface Deed {
  readonly task: string;
  readonly step: number;
}

export interface Look extends Deed {
  readonly result: string;
}

export class History {
  readonly #writes = new Map<string, Deed>();
  readonly #looks = new Map<string, Look>();
  /** By lock: who holds it, since when. */
  readonly #holders = new Map<string, Map<string, number>>();
  /** By lock: who gave it back last. */
  readonly #released = new Map<string, Deed>();

  wrote(place: string, deed: Deed): void {
    this.#writes.set(place, deed);
  }

  /** `how`: the operation's name; what it told depends on it. */
  looked(place: string, how: string, look: Look): void {
    this.#looks.set(keyOf(look.task, place, how), look);
  }

  lastWrite(place: string): Deed | undefined {
    return this.#writes.get(place);
  }

  /** The task's own last look at that place, in the same way. */
  lastLook(task: string, place: string, how: string): Look | undefined {
    return this.#looks.get(keyOf(task, place, how));
  }

  /** Whatever way it was: the last look that came before somebody else's last write there. */
  staleLook(task: string, place: string): Look | undefined {
    const write = this.#writes.get(place);
    if (!write || write.task === task) return undefined;
    const looks = [...this.#looks].filter(([key]) => key.startsWith(keyOf(task, place, ''))).map(([, look]) => look);
    return looks.some(({ step }) => step >= write.step) ? undefined : looks.at(-1);
  }

  /** Takes down what the task holds after a step; returns what it has got with it, and what it has given back. */
  holds(task: string, locks: readonly string[], step: number): { gained: string[]; lost: string[] } {
    const before = [...this.#holders].filter(([, holders]) => holders.has(task)).map(([lock]) => lock);
    const gained = locks.filter((lock) => !before.includes(lock));
    const lost = before.filter((lock) => !locks.includes(lock));
    for (const lock of gained) this.#holdersOf(lock).set(task, step);
    for (const lock of lost) {
      this.#holdersOf(lock).delete(task);
      this.#released.set(lock, { task, step });
    }
    return { gained, lost };
  }

  /** Who else holds it, and since when. */
  othersWith(lock: string, task: string): Deed[] {
    const holders = [...(this.#holders.get(lock) ?? [])];
    return holders.filter(([holder]) => holder !== task).map(([holder, step]) => ({ task: holder, step }));
  }

  lastRelease(lock: string): Deed | undefined {
    return this.#released.get(lock);
  }

  #holdersOf(lock: string): Map<string, number> {
    const holders = this.#holders.get(lock) ?? new Map<string, number>();
    this.#holders.set(lock, holders);
    return holders;
  }
}

const keyOf = (task: string, place: string, how: string) => `${task} ${place}\n${how}`;
