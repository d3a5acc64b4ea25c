/**
 * Data races in the current execution, by happens-before: two accesses of one cell, at least one plain, at least one a write,
 * that nothing orders.
 *
 * An access is ordered before an event if the event that it comes with is. A plain access mostly comes with its task's *next*
 * event: it comes after the scheduling point that it rides with, so only what is ordered after the next one is ordered after it.
 */

import { READ, WRITE } from '../dependence.ts';
import type { Machine, Report } from '../machine.ts';
import { larger, roomFor } from '../memory.ts';
import { raceMessage, type Touch } from '../races.ts';
import type { Walk } from '../walk.ts';
import { NO_EVENT } from './event.ts';
import type { Execution } from './execution.ts';

const NONE_BEFORE = -1;

/** A race, and how to see it: do these events with all that happens before them, and this one last. */
export interface FoundRace {
  /** Undefined of one that is only foreseen. */
  readonly report: Report | undefined;
  readonly events: readonly number[];
  readonly last: number;
  /** If it does not show then, because this task need not wait or has not looked yet, it does at its next step. */
  readonly next: number | undefined;
}

type Accessed = Omit<Touch, 'cell'>;

export class DataRaces {
  /** Those found since they were last taken away. */
  readonly found: FoundRace[] = [];
  /**
   * Plain accesses of the current execution, in order: task, slot, whether it writes, the event that it rides with, the one
   * that its task had done last, which is the same where it came after that event's point, and the access before on the slot.
   */
  #task = new Int32Array(64);
  #slot = new Int32Array(64);
  #writes = new Int32Array(64);
  #event = new Int32Array(64);
  #after = new Int32Array(64);
  #before = new Int32Array(64);
  #count = 0;
  /** By event: the next one of its task, if that still comes after it. */
  #next = new Int32Array(64);
  #lastOn = new Int32Array(64).fill(NONE_BEFORE);
  /** What the step that is being taken has accessed so far: slot and whether it writes; the first so many before its point. */
  readonly #seen: number[] = [];
  #seenBeforePoint = 0;
  #hasAny = false;
  /** Whether the step just tried has made plain accesses, or could race with some. */
  isConcerned = false;
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
    this.isConcerned = true;
    this.#seen.push(slot, isWrite ? 1 : 0);
    if (this.#walk.point === undefined) this.#seenBeforePoint = this.#seen.length;
  };

  /** After a step was tried: `event` is its event, if it was taken. Reports the races of its accesses with those before. */
  end(event: number): void {
    if (event !== NO_EVENT) this.#lookAt(event);
    this.#seen.length = 0;
    this.#seenBeforePoint = 0;
    this.isConcerned = this.#count > 0;
  }

  #lookAt(event: number): void {
    const { task, slot, base, mode, point } = this.#execution.at(event);
    if (base !== NO_EVENT && this.#execution.at(base).task === task) this.#noteNext(base, event);
    for (let at = 0; at < this.#seenBeforePoint; at += 2) this.#access(event, at, base);
    if ((mode === READ || mode === WRITE) && this.#count > 0) {
      const access = { task, slot, write: mode === WRITE, plain: false };
      this.#compareWithPlain(access, event, event);
      // Who waits for a cell reads it all the while, so also before what it has waited for.
      if (point?.kind === 'waitFor') this.#compareWithPlain(access, base, NO_EVENT);
      else if (!this.#hasAny) this.#foresee(access, base);
    }
    for (let at = this.#seenBeforePoint; at < this.#seen.length; at += 2) this.#access(event, at, event);
  }

  #noteNext(event: number, next: number): void {
    while (event >= this.#next.length) this.#next = larger(this.#next);
    this.#next[event] = next;
  }

  /** Before the events from that place on are taken off. */
  undoTo(event: number): void {
    while (this.#count > 0 && (this.#event[this.#count - 1] as number) >= event) {
      this.#count--;
      this.#lastOn[this.#slot[this.#count] as number] = this.#before[this.#count] as number;
    }
    this.isConcerned = this.#count > 0;
  }

  /**
   * At the end of an execution: what tasks that wait access all the same, before their first point and while they wait. They
   * never go on, so nothing orders one's accesses and another's.
   */
  lookAtWaiting(tasks: readonly number[]): void {
    const seen: { access: Accessed; base: number }[] = [];
    for (const task of tasks) {
      const base = this.#execution.baseOf(task);
      for (const access of this.#accessesWaiting(task)) {
        if (access.plain) this.#compare(access, base);
        else this.#compareWithPlain(access, base, NO_EVENT);
        for (const other of seen) {
          const { access: earlier } = other;
          if (earlier.task !== task && earlier.slot === access.slot && isRace(earlier, access))
            this.#report(access, earlier, [base, other.base], NO_EVENT);
        }
        seen.push({ access, base });
      }
    }
  }

  #accessesWaiting(task: number): Accessed[] {
    const { memory } = this.#machine;
    const mark = memory.mark();
    this.#walk.step(task);
    memory.undoTo(mark);
    const accesses: Accessed[] = [];
    for (let at = 0; at < this.#seen.length; at += 2)
      accesses.push({ task, slot: this.#seen[at] as number, write: this.#seen[at + 1] === 1, plain: true });
    this.end(NO_EVENT);
    const { point } = this.#walk;
    if (point?.kind === 'waitFor') accesses.push({ task, slot: point.slot, write: false, plain: false });
    return accesses;
  }

  /** A plain access, by one who knows what happened before the event `knows`, and has done that last. */
  #access(event: number, at: number, knows: number): void {
    const { task } = this.#execution.at(event);
    const [slot, writes] = [this.#seen[at] as number, this.#seen[at + 1] as number];
    if (slot >= this.#lastOn.length) this.#growSlots(slot);
    this.#compare({ task, slot, write: writes === 1, plain: true }, knows);
    if (this.#count === this.#task.length) this.#grow();
    const access = this.#count++;
    this.#task[access] = task;
    this.#slot[access] = slot;
    this.#writes[access] = writes;
    this.#event[access] = event;
    this.#after[access] = knows;
    this.#before[access] = this.#lastOn[slot] as number;
    this.#lastOn[slot] = access;
  }

  /** Compares a plain access with the accesses before it, plain and marked. */
  #compare(access: Accessed, knows: number): void {
    this.#compareWithPlain(access, knows, NO_EVENT);
    const execution = this.#execution;
    for (let each = execution.lastOn(access.slot); each !== NO_EVENT; each = execution.at(each).before) {
      const { task, mode } = execution.at(each);
      const write = mode === WRITE;
      const isOrdered = execution.happensBefore(each, knows);
      if (!isOrdered && task !== access.task && (write || access.write))
        this.#report(access, { ...access, task, write, plain: false }, [knows], each);
      if (isOrdered && write) return; // and so is all before it
    }
  }

  /** `last`: the access's own event, if it must come last for the race to be seen. */
  #compareWithPlain(access: Accessed, knows: number, last: number): void {
    if (access.slot >= this.#lastOn.length) return;
    for (let each = this.#lastOn[access.slot] as number; each !== NONE_BEFORE; each = this.#before[each] as number) {
      const task = this.#task[each] as number;
      const write = this.#writes[each] === 1;
      const isOrdered = task === access.task || this.#isBefore(each, knows);
      if (!isOrdered && (write || access.write))
        this.#report(access, { ...access, task, write, plain: true }, [knows, this.#after[each] as number], last);
      if (isOrdered && write) return; // what came before it and is not ordered before it was reported then
    }
  }

  /**
   * An atomic access that waits for nobody could have come as soon as its task had done what it has done before, and what it
   * would have met there a plain write may have hidden from it. So no order of the two follows from what it met here.
   */
  #foresee({ task, slot }: Accessed, base: number): void {
    for (let each = this.#lastOn[slot] ?? NONE_BEFORE; each !== NONE_BEFORE; each = this.#before[each] as number) {
      const other = this.#task[each] as number;
      if (this.#writes[each] !== 1 || other === task) continue;
      if (this.#isBefore(each, base)) return;
      const events = [base, this.#after[each] as number].filter((event) => event !== NO_EVENT);
      this.#add({ report: undefined, events, last: NO_EVENT, next: task });
      return;
    }
  }

  /** Whether the plain access is ordered before the event. */
  #isBefore(access: number, event: number): boolean {
    if (event === NO_EVENT) return false;
    const execution = this.#execution;
    const own = this.#event[access] as number;
    if (this.#after[access] !== own) return execution.happensBefore(own, event);
    const task = this.#task[access] as number;
    if (execution.order.isEndBefore(task, event)) return true;
    const next = this.#next[own] ?? NO_EVENT;
    if (next <= own || next >= execution.length || !execution.happensBefore(next, event)) return false;
    return execution.at(next).task === task && execution.at(next).base === own;
  }

  #add(race: FoundRace): void {
    this.#hasAny = true;
    this.found.push(race);
  }

  #report(one: Accessed, other: Accessed, events: readonly number[], last: number): void {
    const cell = this.#machine.cellAt(one.slot)?.name ?? '';
    const report = raceMessage(this.#machine, { ...one, cell }, { ...other, cell });
    const next = last !== NO_EVENT ? undefined : [one, other].find(({ plain }) => !plain)?.task;
    this.#add({ report, events: events.filter((event) => event !== NO_EVENT && event !== last), last, next });
  }

  #growSlots(slot: number): void {
    const { length } = this.#lastOn;
    this.#lastOn = roomFor(this.#lastOn, slot + 1);
    this.#lastOn.fill(NONE_BEFORE, length);
  }

  #grow(): void {
    this.#task = larger(this.#task);
    this.#slot = larger(this.#slot);
    this.#writes = larger(this.#writes);
    this.#event = larger(this.#event);
    this.#after = larger(this.#after);
    this.#before = larger(this.#before);
  }
}

/** Whether two accesses of one cell that nothing orders are a race. */
const isRace = (one: Accessed, other: Accessed) => (one.write || other.write) && (one.plain || other.plain);
