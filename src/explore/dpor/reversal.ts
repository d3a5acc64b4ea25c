/**
 * Reversing a race: from an execution in which e comes before x, the beginning of one in which x comes without e.
 *
 * E' is the execution before e, and v is all that came after e and does not happen after it, followed by x. Then E'.v is an
 * execution too, and no execution that was explored so far begins like it, unless one of the tasks that sleep at E' could as
 * well begin v.
 *
 * x may have to wait: for a lock until nobody holds it, for a cell until it holds what x waits for. Where it would have to
 * wait at the end of v, more must be left out than e: the sections of others that would still be open there, the write that
 * undid what x waits for. v then begins before the first of all that is left out. (In the tests' programs with an rwlock, a
 * writer that comes before three readers must be put before all three at once: one by one it is never enabled.)
 */

import { QUEUE, WRITE } from '../dependence.ts';
import type { Machine } from '../machine.ts';
import { larger } from '../memory.ts';
import type { Node } from '../node.ts';
import type { Walk } from '../walk.ts';
import { type Event, NO_EVENT } from './event.ts';
import { type Execution, isTakingAlone } from './execution.ts';
import type { Executor } from './executor.ts';
import type { SleepSets } from './sleep.ts';
import { touchOf } from './touch.ts';

/** Not even that there is none. */
const UNKNOWN = -2;

export class Reversal {
  /** The depth at which v begins, after `find` has said that there is one. */
  depth = 0;
  /** v, as steps. */
  length = 0;
  tasks = new Int32Array(64);
  touches = new Int32Array(64);
  #room = 64;
  /** Where in v x stands; and where what it needs begins, which ends with x. */
  #placeOfX = 0;
  #placeOfNeeded = 0;
  /** The tasks that sleep where v begins, but for those that what is written down of v wakes. */
  #asleep = 0;
  /**
   * Whether x will be led to whatever comes later in the execution: by a step that x needs, or by x. What is not after e and
   * must come before x is what it is, as long as both stand.
   */
  isCovered = false;
  readonly #machine: Machine;
  readonly #execution: Execution;
  readonly #walk: Walk;
  readonly #sleep: SleepSets;
  /** The events to leave out, with all that happens after them: the first so many of these. */
  readonly #without: number[] = [];
  #withoutCount = 0;

  constructor({ machine, execution, walk }: Executor, sleep: SleepSets) {
    this.#machine = machine;
    this.#execution = execution;
    this.#walk = walk;
    this.#sleep = sleep;
  }

  /** Reverses the race of e and x. False if x cannot come before e, or if what would come of it is known. */
  ofRace(e: number, x: number): boolean {
    this.isCovered = false;
    const event = this.#execution.at(x);
    const point = event.point as Node;
    // The first to take a mutex that is reserved for it.
    if (point.takesMutex && this.#machine.locks.isReservedFrom(this.#execution.at(e).met, event.task)) return false;
    this.#without[0] = e;
    this.#withoutCount = 1;
    // Of the lock's giving back, which x came after, v may know nothing.
    const needs = point.kind === 'acquire' ? event.base : x;
    return this.#find(event.task, point, event.touch, event.base, needs);
  }

  /** Says which of its steps the branch begins with that leads to v, after it was inserted. */
  noteInserted(place: number): void {
    this.isCovered = place >= this.#placeOfNeeded && place <= this.#placeOfX;
  }

  /** Lets the next step of a task that waits for ever come before those that keep it. False as above. */
  ofWaiting(task: number, point: Node): boolean {
    this.#withoutCount = 0;
    return point.slot >= 0 && this.#find(task, point, 0, this.#execution.baseOf(task), UNKNOWN);
  }

  /** `base`: what the task of x has done before x. All that is left out must be unknown to it. */
  #find(task: number, point: Node, touch: number, base: number, needs: number): boolean {
    let own = touch;
    if (!(point.isSteady && this.#withoutCount > 0) && point.slot >= 0) {
      let word = this.#wordAtEnd(point);
      let effect = this.#walk.effectOn(task, point, word);
      while (effect.next === undefined) {
        if (!this.#leaveOutWhatKeeps(point, task, word, base)) return false;
        word = this.#wordAtEnd(point);
        effect = this.#walk.effectOn(task, point, word);
      }
      own = touchOf(point.slot, effect.mode);
    }
    if (this.#withoutCount === 0) return false;
    this.depth = this.#first();
    return this.#collect(task, own, point.isSteady ? needs : UNKNOWN);
  }

  /** The first of the events that are left out; the end of the execution if none is. */
  #first(): number {
    let first = this.#execution.length;
    for (let at = 0; at < this.#withoutCount; at++) first = Math.min(first, this.#without[at] as number);
    return first;
  }

  /**
   * Writes v down: what x needs, then x, then the rest; or x last, if what it needs is not known. `needs`: x needs this event
   * and what happens before it. False if a task that sleeps where v begins could as well begin it: its known step commutes
   * with v, or is x. It has no other step in v: what woke it is e, or is in v before that.
   */
  #collect(task: number, own: number, needs: number): boolean {
    const { length, order } = this.#execution;
    this.length = 0;
    this.#asleep = this.#execution.at(this.depth).asleep;
    for (let event = this.#next(this.depth, needs + 1); event <= needs; event = this.#next(event, needs + 1))
      if (order.isBefore(event, needs)) this.#add(event);
    this.#placeOfNeeded = 0;
    if (needs !== UNKNOWN && this.#addX(task, own)) return false;
    for (let event = this.#next(this.depth, length); event < length; event = this.#next(event, length))
      if (!order.isBefore(event, needs)) this.#add(event);
    if (needs === UNKNOWN) {
      this.#placeOfNeeded = this.length;
      if (this.#addX(task, own)) return false;
    }
    return this.#asleep === 0;
  }

  /** The next event after this one that is not left out; `end`, or what is behind it, if there is none before it. */
  #next(event: number, end: number): number {
    const { order } = this.#execution;
    let next = order.nextNotAfter(this.depth, event + 1, end);
    if (this.#withoutCount > 1)
      while (next < end && this.#isLeftOut(next)) next = order.nextNotAfter(this.depth, next + 1, end);
    return next;
  }

  #add(event: number): void {
    const { task, touch } = this.#execution.at(event);
    this.#write(task, touch);
  }

  /** True if x sleeps where v begins, and could begin it. */
  #addX(task: number, own: number): boolean {
    this.isCovered = ((this.#asleep >> task) & 1) === 1;
    this.#placeOfX = this.length;
    this.#write(task, own);
    return this.isCovered;
  }

  #write(task: number, touch: number): void {
    if (this.#asleep !== 0) this.#asleep = this.#sleep.without(this.#asleep, this.depth, touch);
    if (this.length === this.#room) this.#grow();
    this.tasks[this.length] = task;
    this.touches[this.length] = touch;
    this.length++;
  }

  #grow(): void {
    this.tasks = larger(this.tasks);
    this.touches = larger(this.touches);
    this.#room *= 2;
  }

  /** Whether the event is left out, or happens after one that is. */
  #isLeftOut(event: number): boolean {
    const { order } = this.#execution;
    for (let at = 0; at < this.#withoutCount; at++) if (order.isBefore(this.#without[at] as number, event)) return true;
    return false;
  }

  /** The word of the point's object after v, without x. */
  #wordAtEnd(point: Node): number {
    const first = this.#first();
    let word = this.#machine.memory.words[point.slot] as number;
    const kept: Event[] = [];
    for (let index = this.#execution.lastOn(point.slot); index >= first; ) {
      const event = this.#execution.at(index);
      word = event.met;
      if (!this.#isLeftOut(index)) kept.push(event);
      index = event.before;
    }
    // What is kept on a cell are reads: no write commutes with what is left out.
    for (const event of kept.reverse()) word = this.#wordAfter(word, event);
    return word;
  }

  #wordAfter(word: number, { task: by, met, point }: Event): number {
    const { locks } = this.#machine;
    const effect = point?.effectOn(met);
    if (effect === undefined || effect.left === effect.met) return word; // it has died there, or failed
    switch (point?.kind) {
      case 'acquire':
      case 'tryAcquire':
        return locks.takenAlone(word, by);
      case 'release':
        return locks.released(word);
      case 'acquireShared':
      case 'tryAcquireShared':
        return locks.shared(word, by, 1);
      case 'releaseShared':
        return locks.shared(word, by, -1);
      case 'queue':
        return locks.queuedFor(word, by);
      default:
        return word;
    }
  }

  /** Leaves out, too, something that keeps x from coming at the end of v. False if that cannot be. */
  #leaveOutWhatKeeps({ kind, slot }: Node, task: number, word: number, base: number): boolean {
    if (kind === 'waitFor') return this.#leaveOut(this.#lastWrite(slot), base);
    const { locks } = this.#machine;
    const shares = kind === 'acquireShared';
    // Who shares does not mind who does so already.
    const holders = shares && locks.writer(word) < 0 ? 0 : locks.holders(word);
    const queued = shares ? locks.queue(word) : 0;
    if (((holders | queued) >> task) & 1) return false;
    // One at a time: what is left out may take others along.
    return holders !== 0
      ? this.#leaveOut(this.#taking(slot, lowest(holders)), base)
      : this.#leaveOut(this.#queueing(slot, lowest(queued)), base);
  }

  #leaveOut(event: number, base: number): boolean {
    if (event === NO_EVENT || (base !== NO_EVENT && this.#execution.happensBefore(event, base))) return false;
    this.#without[this.#withoutCount++] = event;
    return true;
  }

  /** The last write to the cell before v and in it. */
  #lastWrite(slot: number): number {
    const first = this.#first();
    let event = this.#execution.lastOn(slot);
    while (event !== NO_EVENT && (event >= first || this.#execution.at(event).mode !== WRITE))
      event = this.#execution.at(event).before;
    return event;
  }

  /** Where the task has taken the lock that it holds at the end of v. */
  #taking(slot: number, task: number): number {
    const isTaking = (event: Event) => isTakingAlone(event) || this.#execution.isOutermostShare(event);
    return this.#latest(slot, task, isTaking);
  }

  #queueing(slot: number, task: number): number {
    return this.#latest(slot, task, ({ mode }) => mode === QUEUE);
  }

  #latest(slot: number, task: number, isIt: (event: Event) => boolean): number {
    for (let index = this.#execution.lastOn(slot); index !== NO_EVENT; ) {
      const event = this.#execution.at(index);
      if (event.task === task && !this.#isLeftOut(index) && isIt(event)) return index;
      index = event.before;
    }
    return NO_EVENT;
  }
}

/** The first task of a set. */
const lowest = (tasks: number) => 31 - Math.clz32(tasks & -tasks);
