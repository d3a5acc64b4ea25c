/**
 * The current execution E: a sequence of events, each one step of one task, and what happens before what in it.
 *
 * Happens-before orders each task's own events, events on one object that do not commute, a spawn and what the child does,
 * and what a child has done and the join. It is kept as vector clocks: an event's clock says of each task how many of its
 * events happen before this one or are this one. E grows and shrinks at its end alone; what an event has changed is undone
 * when it is taken off.
 *
 * A race is a pair of events of different tasks on one object, ordered by nothing but that they are on it, which could have
 * come the other way round. Of a lock, that is two that take it: giving it back and taking it cannot be exchanged.
 */

import { Lock } from '../cells.ts';
import { conflict, FAIL, type Mode, NONE, QUEUE, READ, SHARE, TRY, UNSHARE, WRITE } from '../dependence.ts';
import { MAX_TASKS, type Machine } from '../machine.ts';
import { larger, roomFor } from '../memory.ts';
import type { Node } from '../node.ts';
import type { Operation } from '../operations.ts';
import type { Walk } from '../walk.ts';
import { touchOf } from './touch.ts';

/** No event. */
export const NO_EVENT = -1;

/** Clocks stand one behind the other, each with room for as many tasks as there can be. */
const WIDTH = 32;

export class Execution {
  length = 0;
  /** By event: its task, which of that task's events it is (from 1), and the point at which the task stood. */
  task = new Int32Array(64);
  number = new Int32Array(64);
  readonly point: (Node | undefined)[] = [];
  /** By event: its object, how that was touched, both as one number, and the word that stood there. */
  slot = new Int32Array(64);
  mode = new Int32Array(64);
  touch = new Int32Array(64);
  met = new Int32Array(64);
  /** By event: what its task has done before, its last event or the one that spawned it. */
  base = new Int32Array(64);
  /** By event: the event before on its object. */
  before = new Int32Array(64);
  /** By event: the latest on its object, at or before it, that commutes with no other. */
  barrier = new Int32Array(64);
  readonly #machine: Machine;
  readonly #walk: Walk;
  /** How many tasks there are before anything is spawned. */
  readonly #initialTasks: number;
  #mark = new Int32Array(64);
  /** How many events, races and slots there is room for. */
  #room = 64;
  #roomForRaces = 64;
  #slots = 64;
  #clocks = new Int32Array(64 * WIDTH);
  /** Races, in the order of the events that they end with: the event that each begins with, and the one that it ends with. */
  raceBegin = new Int32Array(64);
  raceEnd = new Int32Array(64);
  /** By race: whether it need not be reversed again, once it was, while its events stand; as `Reversal` has it. */
  raceIsCovered = new Uint8Array(64);
  races = 0;
  /** By event: how many races there are before its own. */
  #firstRace = new Int32Array(64);
  readonly #lastOf = new Int32Array(MAX_TASKS).fill(NO_EVENT);
  readonly #spawnedBy = new Int32Array(MAX_TASKS).fill(NO_EVENT);
  #lastOn = new Int32Array(64).fill(NO_EVENT);

  constructor(machine: Machine, walk: Walk) {
    this.#machine = machine;
    this.#walk = walk;
    this.#initialTasks = machine.tasks.length;
  }

  /** Adds the next step of a task that has not ended. False if the task must wait: then nothing has changed. */
  push(task: number): boolean {
    const walk = this.#walk;
    const event = this.length;
    const mark = this.#machine.memory.mark();
    if (!walk.step(task)) {
      this.#machine.memory.undoTo(mark);
      return false;
    }
    if (event === this.#room) this.#grow();
    const { slot, mode, point } = walk;
    this.#mark[event] = mark;
    this.#firstRace[event] = this.races;
    this.task[event] = task;
    this.point[event] = point;
    this.slot[event] = slot;
    this.mode[event] = mode;
    this.touch[event] = touchOf(slot, mode);
    this.met[event] = walk.met;
    this.#startClock(event, task);
    if (mode !== NONE) this.#putOn(event, slot, mode);
    if (point?.slot === -1) this.#followFamily(event, point);
    this.#lastOf[task] = event;
    this.length++;
    return true;
  }

  /** Takes the last event off. */
  pop(): void {
    const event = --this.length;
    const task = this.task[event] as number;
    this.#machine.memory.undoTo(this.#mark[event] as number);
    this.races = this.#firstRace[event] as number;
    this.#lastOf[task] = (this.number[event] as number) > 1 ? (this.base[event] as number) : NO_EVENT;
    if (this.mode[event] !== NONE) this.#lastOn[this.slot[event] as number] = this.before[event] as number;
    if (this.point[event]?.kind !== 'spawn') return;
    for (let child = this.#initialTasks; child < this.#machine.tasks.length; child++) {
      if (this.#spawnedBy[child] === event) this.#spawnedBy[child] = NO_EVENT;
    }
  }

  /** How many of the task's events happen before the event, or are it. */
  time(event: number, task: number): number {
    return event === NO_EVENT ? 0 : (this.#clocks[event * WIDTH + task] as number);
  }

  /** Whether the one happens before the other, or is it. */
  happensBefore(one: number, other: number): boolean {
    return this.time(other, this.task[one] as number) >= (this.number[one] as number);
  }

  /** What the task has done last, or what spawned it. */
  baseOf(task: number): number {
    const last = this.#lastOf[task] as number;
    return last === NO_EVENT ? (this.#spawnedBy[task] as number) : last;
  }

  /** The last event on the object. */
  lastOn(slot: number): number {
    return slot < this.#slots ? (this.#lastOn[slot] as number) : NO_EVENT;
  }

  #startClock(event: number, task: number): void {
    const clocks = this.#clocks;
    const base = this.baseOf(task);
    const last = this.#lastOf[task] as number;
    const row = event * WIDTH;
    const tasks = this.#machine.tasks.length;
    for (let each = 0; each < tasks; each++)
      clocks[row + each] = base < 0 ? 0 : (clocks[base * WIDTH + each] as number);
    const number = last === NO_EVENT ? 1 : (this.number[last] as number) + 1;
    clocks[row + task] = number;
    this.number[event] = number;
    this.base[event] = base;
  }

  /** Orders the event after all on its object that do not commute with it, and finds its races with them. */
  #putOn(event: number, slot: number, mode: Mode): void {
    if (slot >= this.#slots) this.#growSlots(slot);
    const before = this.#lastOn[slot] as number;
    this.before[event] = before;
    this.#lastOn[slot] = event;
    const closes = mode === WRITE || mode === TRY;
    this.barrier[event] = closes ? event : before === NO_EVENT ? NO_EVENT : (this.barrier[before] as number);
    if (before === NO_EVENT) return;
    const { kind } = this.point[event] as Node;
    if (kind === 'acquire' || kind === 'acquireShared') this.#followHolders(event, mode);
    else if (mode === READ) this.#follow(event, this.barrier[before] as number);
    else this.#followAll(event, mode);
  }

  /** Of what need not wait for others: every event that it does not commute with could have come after it. */
  #followAll(event: number, mode: Mode): void {
    const mayQueue = (mode === TRY || mode === FAIL || mode === QUEUE) && this.#isFair(event);
    for (let each = this.before[event] as number; each !== NO_EVENT; each = this.before[each] as number) {
      if (conflict(mode, this.mode[each] as Mode)) this.#follow(event, each);
      // Behind a barrier all is ordered already; except that who queues does not mind one.
      if (this.barrier[each] === each && !mayQueue) return;
    }
  }

  #isFair(event: number): boolean {
    const { pending } = this.point[event] as Node;
    return pending.type === 'operation' && pending.operation.on instanceof Lock && pending.operation.on.isFair;
  }

  /** The event comes after the other, and could have come before it unless something else orders them. */
  #follow(event: number, other: number): void {
    if (other === NO_EVENT || this.happensBefore(other, event)) return;
    this.#addRace(other, event);
    this.#join(event, other);
  }

  /**
   * Of what has waited for a lock: it comes after those who gave the lock back, but what it could have come before is their
   * taking it. So that is looked at with what the event's task knew before it got the lock.
   */
  #followHolders(event: number, mode: Mode): void {
    const base = this.base[event] as number;
    let sawReader = false;
    for (let each = this.before[event] as number; each !== NO_EVENT; each = this.before[each] as number) {
      const other = this.mode[each] as Mode;
      if (!conflict(mode, other)) continue;
      if (other === FAIL) this.#follow(event, each);
      const takesAlone = this.takesAlone(each);
      const isRival = takesAlone ? !sawReader : this.isOutermostShare(each);
      if (isRival && (base === NO_EVENT || !this.happensBefore(each, base))) this.#addRace(each, event);
      this.#join(event, each);
      if (takesAlone) return;
      sawReader ||= other === SHARE || other === UNSHARE;
    }
  }

  takesAlone(event: number): boolean {
    return this.mode[event] === TRY || (this.mode[event] === WRITE && this.point[event]?.kind === 'acquire');
  }

  /** Whether it begins to share the lock: its task did not share it already. */
  isOutermostShare(event: number): boolean {
    if (this.mode[event] !== SHARE) return false;
    return this.#machine.locks.reads(this.met[event] as number, this.task[event] as number) === 0;
  }

  /** A child does all that it does after the spawn, and a join comes after all that it has done. */
  #followFamily(event: number, { kind, pending }: Node): void {
    if (kind !== 'spawn' && kind !== 'join') return;
    const { operation } = pending as { operation: Operation };
    const child = this.#machine.taskNamed(operation.args[0] as string)?.index ?? -1;
    if (child < 0) return;
    if (kind === 'spawn') {
      if (child >= this.#initialTasks && this.#spawnedBy[child] === NO_EVENT) this.#spawnedBy[child] = event;
      return;
    }
    const last = this.baseOf(child);
    if (last === NO_EVENT) return;
    this.#join(event, last);
    // Its end counts as an event, so that what it has accessed after its last one is ordered too.
    const at = event * WIDTH + child;
    this.#clocks[at] = Math.max(this.#clocks[at] as number, this.time(last, child) + 1);
  }

  #join(event: number, other: number): void {
    const clocks = this.#clocks;
    const [row, from] = [event * WIDTH, other * WIDTH];
    const tasks = this.#machine.tasks.length;
    for (let each = 0; each < tasks; each++) {
      const time = clocks[from + each] as number;
      if (time > (clocks[row + each] as number)) clocks[row + each] = time;
    }
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
    this.raceBegin = larger(this.raceBegin);
    this.raceEnd = larger(this.raceEnd);
    this.raceIsCovered = new Uint8Array([...this.raceIsCovered, ...this.raceIsCovered]);
    this.#roomForRaces *= 2;
  }

  #grow(): void {
    for (const each of ['task', 'number', 'slot', 'mode', 'touch', 'met', 'base', 'before', 'barrier'] as const)
      this[each] = larger(this[each]);
    this.#mark = larger(this.#mark);
    this.#firstRace = larger(this.#firstRace);
    this.#clocks = larger(this.#clocks);
    this.#room *= 2;
  }
}
