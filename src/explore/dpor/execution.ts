/**
 * The current execution E: a sequence of events, each one step of one task, and what happens before what in it.
 *
 * Happens-before orders each task's own events, events on one object that do not commute, a spawn and what the child does,
 * and what a child has done and the join. E grows and shrinks at its end alone; what an event has changed is undone when it
 * is taken off.
 *
 * A race is a pair of events of different tasks on one object, ordered by nothing but that they are on it, which could have
 * come the other way round. Of a lock, that is two that take it: giving it back and taking it cannot be exchanged.
 */

import type { Automaton } from '../automaton.ts';
import { Lock } from '../cells.ts';
import { conflict, FAIL, NONE, QUEUE, READ, SHARE, TRY, UNSHARE, WRITE } from '../dependence.ts';
import { MAX_TASKS, type Machine } from '../machine.ts';
import { larger, type Memory, roomFor } from '../memory.ts';
import type { Node } from '../node.ts';
import type { Operation } from '../operations.ts';
import type { Walk } from '../walk.ts';
import { Event, NO_EVENT, NO_POINT } from './event.ts';
import { GONE, Leaps, NOWHERE, UNKNOWN } from './leaps.ts';
import { CommonPast, Order } from './order.ts';
import { touchOf } from './touch.ts';

/** What the event has changed stands in itself. */
const NOT_LOGGED = -1;

/** What comes of trying to add a task's next step. */
export type Pushed = typeof TAKEN | typeof MUST_WAIT | typeof HAS_NONE;
export const TAKEN = 0;
export const MUST_WAIT = 1;
/** The task has ended, or has not been spawned. */
export const HAS_NONE = 2;

export class Execution {
  length = 0;
  readonly order = new Order();
  /** What has changed since `forgetChanges`: E was as long as that, at least; and what happens before all that is new or gone. */
  common = 0;
  readonly past = new CommonPast(this.order);
  /** Whether all that the last step did was known before, and nothing is to be noted of it. */
  isKnown = false;
  /** Races, in the order of the events that they end with: the event that each begins with, and the one that it ends with. */
  raceBegin = new Int32Array(64);
  raceEnd = new Int32Array(64);
  /** By race: whether it need not be reversed again, once it was, while its events stand; as `Reversal` has it. */
  raceIsCovered = new Int32Array(64);
  races = 0;
  /** How many races and slots there is room for. */
  #roomForRaces = 64;
  #slots = 64;
  readonly #events: Event[] = [];
  readonly #machine: Machine;
  readonly #memory: Memory;
  readonly #nodes: Automaton['nodes'];
  readonly #walk: Walk;
  readonly #leaps = new Leaps();
  /** By task: the slot in which its position stands. */
  readonly #places = new Int32Array(MAX_TASKS);
  /** How many tasks there are before anything is spawned. */
  readonly #initialTasks: number;
  /** By task: what it has done last, or what spawned it. */
  readonly #baseOf = new Int32Array(MAX_TASKS).fill(NO_EVENT);
  #lastOn = new Int32Array(64).fill(NO_EVENT);

  constructor(machine: Machine, automaton: Automaton, walk: Walk) {
    this.#machine = machine;
    this.#memory = machine.memory;
    this.#nodes = automaton.nodes;
    this.#walk = walk;
    this.#initialTasks = machine.tasks.length;
    this.#learnPlaces();
    this.#events.push(new Event(0, this.#nodes));
  }

  /** The event at that place; the end is one, too. */
  at(index: number): Event {
    return this.#events[index] as Event;
  }

  /** Adds the next step of a task. Where that cannot be, nothing has changed. */
  push(task: number): Pushed {
    const leaps = this.#leaps;
    const { words } = this.#memory;
    const node = words[this.#places[task] as number] as number;
    const leap = leaps.of(node, words);
    if (leap === GONE) return HAS_NONE;
    const index = this.length;
    const event = this.#events[index] as Event;
    event.task = task;
    if (leap === UNKNOWN) {
      const pushed = this.#goAnew(event, this.#nodes[node] as Node);
      if (pushed !== TAKEN) return pushed;
    } else {
      if (leaps.next(leap) === NOWHERE) return MUST_WAIT;
      this.#goAlong(event, node, leap);
    }
    const base = this.#baseOf[task] as number;
    event.base = base;
    event.firstRace = this.races;
    this.order.begin(index, base);
    if (event.mode !== NONE) this.#putOn(event);
    if (event.isFamily) this.#followFamily(index, event.point as Node);
    if (base < this.common) this.past.narrow(index);
    this.#baseOf[task] = index;
    this.length = index + 1;
    if (this.length === this.#events.length) this.#grow();
    return TAKEN;
  }

  /** Takes the events from that place on off. */
  takeBackTo(length: number): void {
    if (length < this.length) this.races = this.at(length).firstRace;
    if (length < this.common) this.common = length;
    for (let index = this.length - 1; index >= length; index--) {
      const event = this.#events[index] as Event;
      const { base } = event;
      this.#undo(event);
      // Each task's first is enough: the others come after it.
      if (base < length) this.past.narrow(index);
      this.#baseOf[event.task] = base;
      if (event.mode !== NONE) this.#lastOn[event.slot] = event.before;
      if (event.isFamily) this.#forgetSpawn(index);
    }
    this.length = length;
  }

  /** From now on, this is what E was. */
  forgetChanges(): void {
    this.common = this.length;
    this.past.clear();
  }

  /** Whether the one happens before the other, or is it. */
  happensBefore(one: number, other: number): boolean {
    return this.order.isBefore(one, other);
  }

  /** What the task has done last, or what spawned it. */
  baseOf(task: number): number {
    return this.#baseOf[task] as number;
  }

  /** The last event on the object. */
  lastOn(slot: number): number {
    return slot < this.#slots ? (this.#lastOn[slot] as number) : NO_EVENT;
  }

  /** Takes a step of which all is known. What its two words have overwritten the event itself says: no log is kept of them. */
  #goAlong(event: Event, node: number, leap: number): void {
    const leaps = this.#leaps;
    const { words } = this.#memory;
    const slot = leaps.slot(leap);
    event.from = node;
    event.slot = slot;
    event.mode = leaps.mode(leap);
    event.touch = leaps.touch(leap);
    event.met = leaps.met(leap);
    event.takesLock = leaps.takesLock(leap);
    event.isFamily = false;
    event.mark = NOT_LOGGED;
    words[slot] = leaps.left(leap);
    words[this.#places[event.task] as number] = leaps.next(leap);
    this.isKnown = true;
  }

  /** Takes any step, if the task has one and need not wait. */
  #goAnew(event: Event, node: Node): Pushed {
    if (!node.isAlive) {
      this.#leaps.learnGone(node);
      return HAS_NONE;
    }
    this.#learnLeap(node);
    const walk = this.#walk;
    const mark = this.#memory.mark();
    if (!walk.step(event.task)) {
      this.#memory.undoTo(mark);
      return MUST_WAIT;
    }
    this.isKnown = false;
    this.#learnPlaces();
    const { point } = walk;
    event.from = point?.id ?? NO_POINT;
    event.slot = walk.slot;
    event.mode = walk.mode;
    event.touch = touchOf(walk.slot, walk.mode);
    event.met = walk.met;
    event.takesLock = point?.takesLock ?? false;
    event.isFamily = point?.kind === 'spawn' || point?.kind === 'join';
    event.mark = mark;
    return TAKEN;
  }

  /** From now on the step is known that has been taken before from the node, if what it does is all in its effect. */
  #learnLeap(node: Node): void {
    if (!node.isPoint || node.slot < 0 || !node.isNoted) return;
    const effect = node.effectOn(this.#memory.words[node.slot] as number);
    if (effect !== undefined && (effect.next?.rests ?? true)) this.#leaps.learn(node, effect);
  }

  #undo({ task, from, slot, met, mark }: Event): void {
    if (mark !== NOT_LOGGED) this.#memory.undoTo(mark);
    else {
      const { words } = this.#memory;
      words[slot] = met;
      words[this.#places[task] as number] = from;
    }
  }

  #learnPlaces(): void {
    for (const { index, slot } of this.#machine.tasks) this.#places[index] = slot;
  }

  /** Orders the event after all on its object that do not commute with it, and finds its races with them. */
  #putOn(event: Event): void {
    const { slot, mode } = event;
    if (slot >= this.#slots) this.#growSlots(slot);
    const before = this.#lastOn[slot] as number;
    event.before = before;
    this.#lastOn[slot] = event.index;
    const closes = mode === WRITE || mode === TRY;
    event.barrier = closes ? event.index : before === NO_EVENT ? NO_EVENT : this.at(before).barrier;
    if (before === NO_EVENT) return;
    if (event.takesLock) this.#followHolders(event);
    else if (mode === READ) this.#follow(event.index, event.barrier);
    else this.#followAll(event);
  }

  /** Of what need not wait for others: every event that it does not commute with could have come after it. */
  #followAll(event: Event): void {
    const { index, mode } = event;
    const mayQueue = (mode === TRY || mode === FAIL || mode === QUEUE) && isOnFair(event);
    for (let each = event.before; each !== NO_EVENT; ) {
      const other = this.at(each);
      if (conflict(mode, other.mode)) this.#follow(index, each);
      // Behind a barrier all is ordered already; except that who queues does not mind one.
      if (other.barrier === each && !mayQueue) return;
      each = other.before;
    }
  }

  /** The event comes after the other, and could have come before it unless something else orders them. */
  #follow(event: number, other: number): void {
    if (other === NO_EVENT || this.order.isBefore(other, event)) return;
    this.#addRace(other, event);
    this.order.join(event, other);
  }

  /**
   * Of what has waited for a lock: it comes after those who gave the lock back, but what it could have come before is their
   * taking it. So that is looked at with what the event's task knew before it got the lock.
   */
  #followHolders({ index, mode, base, before }: Event): void {
    let sawReader = false;
    for (let each = before; each !== NO_EVENT; ) {
      const other = this.at(each);
      if (conflict(mode, other.mode)) {
        if (other.mode === FAIL) this.#follow(index, each);
        const takesAlone = isTakingAlone(other);
        const isRival = takesAlone ? !sawReader : this.isOutermostShare(other);
        if (isRival && (base === NO_EVENT || !this.order.isBefore(each, base))) this.#addRace(each, index);
        if (!this.order.isBefore(each, index)) this.order.join(index, each);
        if (takesAlone) return;
        sawReader ||= other.mode === SHARE || other.mode === UNSHARE;
      }
      each = other.before;
    }
  }

  /** Whether it begins to share the lock: its task did not share it already. */
  isOutermostShare({ mode, met, task }: Event): boolean {
    return mode === SHARE && this.#machine.locks.reads(met, task) === 0;
  }

  /** A child does all that it does after the spawn, and a join comes after all that it has done. */
  #followFamily(event: number, { kind, pending }: Node): void {
    const { operation } = pending as { operation: Operation };
    const child = this.#machine.taskNamed(operation.args[0] as string)?.index ?? -1;
    if (child < 0) return;
    const last = this.baseOf(child);
    if (kind === 'spawn') {
      if (child >= this.#initialTasks && last === NO_EVENT) this.#baseOf[child] = event;
    } else if (last !== NO_EVENT) {
      this.order.join(event, last);
      // Its end counts as an event, so that what it has accessed after its last one is ordered too.
      this.order.joinEnd(event, child);
    }
  }

  #forgetSpawn(event: number): void {
    for (let child = this.#initialTasks; child < this.#machine.tasks.length; child++)
      if (this.#baseOf[child] === event) this.#baseOf[child] = NO_EVENT;
  }

  #addRace(begin: number, end: number): void {
    if (this.races === this.#roomForRaces) this.#growRaces();
    this.raceBegin[this.races] = begin;
    this.raceEnd[this.races] = end;
    this.races++;
  }

  #growSlots(slot: number): void {
    this.#lastOn = roomFor(this.#lastOn, slot + 1);
    this.#lastOn.fill(NO_EVENT, this.#slots);
    this.#slots = this.#lastOn.length;
  }

  #growRaces(): void {
    for (const each of ['raceBegin', 'raceEnd', 'raceIsCovered'] as const) this[each] = larger(this[each]);
    this.#roomForRaces *= 2;
  }

  #grow(): void {
    if (this.length === this.order.room) this.order.grow();
    this.#events.push(new Event(this.length, this.#nodes));
  }
}

/** Whether it takes a lock that nobody else may hold then. */
export function isTakingAlone({ mode, takesLock }: Event): boolean {
  return mode === TRY || (mode === WRITE && takesLock);
}

function isOnFair({ point }: Event): boolean {
  const { pending } = point as Node;
  return pending.type === 'operation' && pending.operation.on instanceof Lock && pending.operation.on.isFair;
}
