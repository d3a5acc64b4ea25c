/**
 * A lock's state as one word: 0 when free, -(task + 1) when one task holds it alone and nobody queues, else the number of a
 * state that is written down here. A word says who holds the lock, so waits are computed from owners and never counted.
 */

interface Held {
  /** Who holds it alone; -1: nobody. */
  readonly writer: number;
  /** By task: how often it shares the lock. */
  readonly readers: readonly number[];
  /** Those who queue to take it alone, in order of task. */
  readonly queued: readonly number[];
  /** Those who alone may take it next, as bits; then those who may take it after that, and so on. Behind the last, all may. */
  readonly reserved: readonly number[];
}

export const FREE = 0;
const NOBODY = -1;
/** A reader that takes an rwlock more often than that never gives it back. */
export const MAX_READS = 7;

const free: Held = { writer: NOBODY, readers: [], queued: [], reserved: [] };

export class LockWords {
  readonly #states: Held[] = [free];
  readonly #words = new Map<string, number>();

  /** Whether nobody holds it, alone or shared. Queueing is not holding. */
  isUnheld(word: number): boolean {
    return word === FREE || (word > 0 && this.holders(word) === 0);
  }

  hasQueue(word: number): boolean {
    return word > 0 && this.#of(word).queued.length > 0;
  }

  /** Who holds it alone; -1: nobody. */
  writer(word: number): number {
    return word < 0 ? -word - 1 : this.#of(word).writer;
  }

  /** How often the task shares it. */
  reads(word: number, task: number): number {
    return word > 0 ? (this.#of(word).readers[task] ?? 0) : 0;
  }

  /** Those who hold it, as bits. */
  holders(word: number): number {
    if (word <= 0) return word === FREE ? 0 : 1 << (-word - 1);
    const { writer, readers } = this.#of(word);
    return readers.reduce((bits, count, task) => (count > 0 ? bits | (1 << task) : bits), writer < 0 ? 0 : 1 << writer);
  }

  /** Those who queue for it, as bits. */
  queue(word: number): number {
    return word > 0 ? this.#of(word).queued.reduce((bits, task) => bits | (1 << task), 0) : 0;
  }

  /** Taken alone by the task, which queues no longer. */
  takenAlone(word: number, task: number): number {
    if (word === FREE) return -(task + 1);
    const { readers, queued, reserved } = this.#of(word);
    const others = queued.filter((each) => each !== task);
    return this.#number({ writer: task, readers, queued: others, reserved: reserved.slice(1) });
  }

  /** No longer held alone. */
  released(word: number): number {
    return word < 0 ? FREE : this.#number({ ...this.#of(word), writer: NOBODY });
  }

  /** Free, and the first of these sets of tasks alone may take it next, the second after that, and so on. */
  reservedFor(takers: readonly number[]): number {
    return this.#number({ ...free, reserved: takers });
  }

  /** For how many takings to come it is reserved. */
  reservations(word: number): number {
    return word > 0 ? this.#of(word).reserved.length : 0;
  }

  /** Whether the task must wait until another has taken it: nobody holds it, and it is reserved for others. */
  isReservedFrom(word: number, task: number): boolean {
    if (word <= 0) return false;
    const { writer, reserved } = this.#of(word);
    return writer < 0 && (((reserved[0] ?? -1) >> task) & 1) === 0;
  }

  /** Shared by the task once more (`by` 1) or once less (-1). */
  shared(word: number, task: number, by: 1 | -1): number {
    const held = this.#of(word);
    const readers = Array.from(
      { length: Math.max(held.readers.length, task + 1) },
      (_, each) => held.readers[each] ?? 0,
    );
    readers[task] = (readers[task] as number) + by;
    return this.#number({ ...held, readers });
  }

  /** The task queues to take it alone. */
  queuedFor(word: number, task: number): number {
    const held = this.#of(word);
    return this.#number({ ...held, queued: [...held.queued, task].sort((one, other) => one - other) });
  }

  /** The same state with its tasks renamed. */
  renamed(word: number, to: readonly number[]): number {
    if (word === FREE) return FREE;
    const name = (task: number) => to[task] ?? task;
    if (word < 0) return -(name(-word - 1) + 1);
    const { writer, readers, queued, reserved } = this.#of(word);
    const moved: number[] = [];
    for (const [task, count] of readers.entries()) moved[name(task)] = count;
    return this.#number({
      writer: writer < 0 ? NOBODY : name(writer),
      readers: Array.from(moved, (count) => count ?? 0),
      queued: queued.map(name).sort((one, other) => one - other),
      reserved,
    });
  }

  #of(word: number): Held {
    return word < 0 ? { ...free, writer: -word - 1 } : (this.#states[word] as Held);
  }

  #number({ writer, readers, queued, reserved }: Held): number {
    const last = readers.findLastIndex((count) => count > 0);
    if (queued.length === 0 && reserved.length === 0 && last < 0) return writer < 0 ? FREE : -(writer + 1);
    const held: Held = { writer, readers: readers.slice(0, last + 1), queued, reserved };
    const key = `${held.writer} ${held.readers} ${held.queued} ${held.reserved}`;
    const known = this.#words.get(key);
    if (known !== undefined) return known;
    this.#words.set(key, this.#states.length);
    return this.#states.push(held) - 1;
  }
}
