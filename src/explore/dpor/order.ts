/**
 * What happens before what, as rows of bits: an event's row says of each event at or before it whether that happens before it.
 * Whether one does is a bit, and to come after another event is to take all its bits.
 *
 * The first word of a row is something else: the tasks that have been joined, whose end counts as an event, too.
 */

import { larger } from '../memory.ts';

/** Events are the bits of words: so many, as a power of two. */
export const WORD_BITS = 5;
/** So many words of a row come before its events. */
export const HEAD = 1;

export class Order {
  rows: Int32Array<ArrayBuffer>;
  /** Words of a row. */
  stride: number;
  /** How many events there is room for. */
  room = 64;

  constructor() {
    this.stride = HEAD + (this.room >> WORD_BITS);
    this.rows = new Int32Array(this.room * this.stride);
  }

  /** Begins the row of an event that comes after `base`, if that is one. */
  begin(event: number, base: number): void {
    const { rows, stride } = this;
    const row = event * stride;
    const last = row + HEAD + (event >> WORD_BITS);
    let at = row;
    if (base >= 0) {
      const back = (event - base) * stride;
      for (const end = row + HEAD + (base >> WORD_BITS); at <= end; at++) rows[at] = rows[at - back] as number;
    }
    for (; at <= last; at++) rows[at] = 0;
    rows[last] = (rows[last] as number) | (1 << event);
  }

  /** The event comes after another one. */
  join(event: number, other: number): void {
    const { rows, stride } = this;
    const back = (event - other) * stride;
    const first = event * stride;
    const last = first + HEAD + (other >> WORD_BITS);
    for (let at = first; at <= last; at++) rows[at] = (rows[at] as number) | (rows[at - back] as number);
  }

  /** The event comes after the end of a task. */
  joinEnd(event: number, task: number): void {
    const at = event * this.stride;
    this.rows[at] = (this.rows[at] as number) | (1 << task);
  }

  /** Whether the one happens before the other, or is it. */
  isBefore(one: number, other: number): boolean {
    if (one > other) return false;
    return (((this.rows[other * this.stride + HEAD + (one >> WORD_BITS)] as number) >> one) & 1) === 1;
  }

  /** The first event from `from` on, before `end`, that does not happen after an earlier one; `end` if there is none. */
  nextNotAfter(one: number, from: number, end: number): number {
    const { rows, stride } = this;
    let event = from;
    for (let at = from * stride + HEAD + (one >> WORD_BITS); event < end; at += stride) {
      if ((((rows[at] as number) >> one) & 1) === 0) return event;
      event++;
    }
    return end;
  }

  /** Whether the task has been joined by the event, or by one that happens before it. */
  isEndBefore(task: number, event: number): boolean {
    return (((this.rows[event * this.stride] as number) >> task) & 1) === 1;
  }

  grow(): void {
    const { rows, stride, room } = this;
    this.room = 2 * room;
    this.stride = HEAD + (this.room >> WORD_BITS);
    this.rows = new Int32Array(this.room * this.stride);
    for (let event = 0; event < room; event++)
      this.rows.set(rows.subarray(event * stride, (event + 1) * stride), event * this.stride);
  }
}

/** What happens before each of some events. */
export class CommonPast {
  readonly #order: Order;
  #words = new Int32Array(2).fill(-1);

  constructor(order: Order) {
    this.#order = order;
  }

  /** Of no events: everything. */
  clear(): void {
    for (let at = 0; at < this.#words.length; at++) this.#words[at] = -1;
  }

  /** Of this event, too. It is asked of events before it alone. */
  narrow(event: number): void {
    const { rows, stride } = this.#order;
    const row = event * stride + HEAD;
    const last = event >> WORD_BITS;
    while (last >= this.#words.length) this.#grow();
    const words = this.#words;
    for (let at = 0; at <= last; at++) words[at] = (words[at] as number) & (rows[row + at] as number);
  }

  has(event: number): boolean {
    const word = this.#words[event >> WORD_BITS];
    return word === undefined || ((word >> event) & 1) === 1;
  }

  #grow(): void {
    const { length } = this.#words;
    this.#words = larger(this.#words);
    this.#words.fill(-1, length);
  }
}
