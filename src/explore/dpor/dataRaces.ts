/**
 * Data races in the current execution, by happens-before: two accesses of one cell, at least one plain, at least one a write,
 * that nothing orders.
 *
 * As in FastTrack an access has an epoch, its task and a time: it is ordered before an event whose clock has come to that
 * time. A plain access has the time of its task's *next* event: it comes after the scheduling point that it rides with, so
 * only what is ordered after the next one is ordered after it.
 */

import { READ, WRITE } from '../dependence.ts';
import type { Machine } from '../machine.ts';
import { larger, roomFor } from '../memory.ts';
import { raceMessage, type Touch } from '../races.ts';
import type { Walk } from '../walk.ts';
import { type Execution, NO_EVENT } from './execution.ts';

const NONE_BEFORE = -1;

export class DataRaces {
  /** Plain accesses of the current execution, in order: task, slot, time, whether it writes, and the one before on the slot. */
  #task = new Int32Array(64);
  #slot = new Int32Array(64);
  #time = new Int32Array(64);
  #writes = new Int32Array(64);
  #before = new Int32Array(64);
  #count = 0;
  #lastOn = new Int32Array(64).fill(NONE_BEFORE);
  /** By event: how many there were before it. */
  #countBefore = new Int32Array(64);
  /** What the step that is being taken has accessed so far: slot and whether it writes; the first so many before its point. */
  readonly #seen: number[] = [];
  #seenBeforePoint = 0;
  readonly #machine: Machine;
  #execution!: Execution;
  #walk!: Walk;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  watch(execution: Execution, walk: Walk): void {
    this.#execution = execution;
    this.#walk = walk;
  }

  /** Told by the walk of each plain access. */
  readonly see = (_task: number, slot: number, isWrite: boolean): void => {
    this.#seen.push(slot, isWrite ? 1 : 0);
    if (this.#walk.point === undefined) this.#seenBeforePoint = this.#seen.length;
  };

  /** Before a step is tried. */
  begin(): void {
    this.#seen.length = 0;
    this.#seenBeforePoint = 0;
  }

  /** After a step was taken: `event` is its event. Reports the races of its accesses with those before. */
  end(event: number): void {
    if (event >= this.#countBefore.length) this.#countBefore = larger(this.#countBefore);
    this.#countBefore[event] = this.#count;
    const { task, number, base, mode, slot, point } = this.#execution;
    const own = task[event] as number;
    const time = number[event] as number;
    const isMarked = mode[event] === READ || mode[event] === WRITE;
    for (let at = 0; at < this.#seenBeforePoint; at += 2) this.#access(own, at, base[event] as number, time);
    if (isMarked && this.#count > 0) {
      // Who waits for a cell reads it all the while, so also before what it has waited for.
      const knows = point[event]?.kind === 'waitFor' ? (base[event] as number) : event;
      this.#compareWithPlain(own, slot[event] as number, mode[event] === WRITE, false, knows);
    }
    for (let at = this.#seenBeforePoint; at < this.#seen.length; at += 2) this.#access(own, at, event, time + 1);
  }

  /** Before the event is taken off. */
  undo(event: number): void {
    const count = this.#countBefore[event] as number;
    while (this.#count > count) {
      this.#count--;
      this.#lastOn[this.#slot[this.#count] as number] = this.#before[this.#count] as number;
    }
  }

  /** At the end of an execution: what a task that waits accesses all the same, before its first point and while it waits. */
  lookAtWaiting(task: number): void {
    const base = this.#execution.baseOf(task);
    const { memory } = this.#machine;
    const mark = memory.mark();
    this.begin();
    this.#walk.step(task);
    memory.undoTo(mark);
    for (let at = 0; at < this.#seen.length; at += 2)
      this.#compare(task, this.#seen[at] as number, this.#seen[at + 1] === 1, base);
    const { point } = this.#walk;
    if (point?.kind === 'waitFor') this.#compareWithPlain(task, point.slot, false, false, base);
  }

  /** A plain access, by one who knows what happened before the event `knows`. */
  #access(task: number, at: number, knows: number, time: number): void {
    const [slot, writes] = [this.#seen[at] as number, this.#seen[at + 1] as number];
    if (slot >= this.#lastOn.length) this.#growSlots(slot);
    this.#compare(task, slot, writes === 1, knows);
    if (this.#count === this.#task.length) this.#grow();
    const access = this.#count++;
    this.#task[access] = task;
    this.#slot[access] = slot;
    this.#time[access] = time;
    this.#writes[access] = writes;
    this.#before[access] = this.#lastOn[slot] as number;
    this.#lastOn[slot] = access;
  }

  /** Compares a plain access with the accesses before it, plain and marked. */
  #compare(task: number, slot: number, writes: boolean, knows: number): void {
    this.#compareWithPlain(task, slot, writes, true, knows);
    const execution = this.#execution;
    for (let each = execution.lastOn(slot); each !== NO_EVENT; each = execution.before[each] as number) {
      const other = execution.task[each] as number;
      const isWrite = execution.mode[each] === WRITE;
      const isOrdered = execution.time(knows, other) >= (execution.number[each] as number);
      if (!isOrdered && other !== task && (writes || isWrite))
        this.#report({ task, slot, write: writes, plain: true }, { task: other, slot, write: isWrite, plain: false });
      if (isOrdered && isWrite) return; // and so is all before it
    }
  }

  #compareWithPlain(task: number, slot: number, writes: boolean, plain: boolean, knows: number): void {
    if (slot >= this.#lastOn.length) return;
    for (let each = this.#lastOn[slot] as number; each !== NONE_BEFORE; each = this.#before[each] as number) {
      const other = this.#task[each] as number;
      const isWrite = this.#writes[each] === 1;
      const isOrdered = other === task || this.#execution.time(knows, other) >= (this.#time[each] as number);
      if (!isOrdered && (writes || isWrite))
        this.#report({ task, slot, write: writes, plain }, { task: other, slot, write: isWrite, plain: true });
      if (isOrdered && isWrite) return; // what came before it and is not ordered before it was reported then
    }
  }

  #report(one: Omit<Touch, 'cell'>, other: Omit<Touch, 'cell'>): void {
    const cell = this.#machine.cellAt(one.slot)?.name ?? '';
    this.#machine.report(raceMessage(this.#machine, { ...one, cell }, { ...other, cell }));
  }

  #growSlots(slot: number): void {
    const { length } = this.#lastOn;
    this.#lastOn = roomFor(this.#lastOn, slot + 1);
    this.#lastOn.fill(NONE_BEFORE, length);
  }

  #grow(): void {
    this.#task = larger(this.#task);
    this.#slot = larger(this.#slot);
    this.#time = larger(this.#time);
    this.#writes = larger(this.#writes);
    this.#before = larger(this.#before);
  }
}
