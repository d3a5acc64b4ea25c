/**
 * Objects that can be freed: those that were there from the start, and those that tasks allocate. An allocated one is named by
 * its task and by how many that task has allocated, so that it is the same object in every execution.
 */

import { type Allocatable, Cell } from './cells.ts';
import { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import { NOTHING } from './memory.ts';

/** The words of whether an object is there; a cell of one that was freed holds the same. */
export const FREED = 1;
const LIVE = 2;

/** A task that has so many and allocates one more will never be done: its states would have no end. */
const MAX_OBJECTS = 10;

/** Who made an object that was there from the start. */
const NOBODY = -1;

interface Known {
  readonly task: number;
  readonly number: number;
  readonly liveSlot: number;
  readonly cells: readonly Cell[];
  readonly object: object;
  readonly what: Allocatable<object>;
}

export class Objects {
  readonly #machine: Machine;
  readonly #byObject = new Map<object, Known>();
  readonly #byName = new Map<string, Known>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** An object that is there from the start. */
  declare(what: Allocatable<object>, object: object, cells: readonly Cell[]): void {
    const { memory } = this.#machine;
    const { liveSlot } = this.#know(what.name, {
      task: NOBODY,
      number: 0,
      liveSlot: memory.addSlot(),
      cells,
      object,
      what,
    });
    memory.store(liveSlot, LIVE);
  }

  allocate(task: number, what: Allocatable<object>): object {
    const { memory, names } = this.#machine;
    if (typeof what?.fields !== 'function')
      throw new Fault('exception', `allocate(${names.show(what)}): that is no kind of object, with a name and fields`);
    const owner = this.#machine.tasks[task] as Task;
    if (owner.allocations < 0) owner.allocations = memory.addSlot();
    const live = this.#liveNumbers(task);
    if (live.length >= MAX_OBJECTS)
      throw new Fault('endless loop', `${owner.name} allocates without end: ${MAX_OBJECTS} objects so far`);
    let number = (memory.words[owner.allocations] as number) + 1;
    while (live.includes(number)) number++;
    memory.store(owner.allocations, number);
    const { object, cells, liveSlot } = this.#object(this.#nameOf(task, number, what), task, number, what);
    for (const each of cells) this.#machine.write(each, each.initial);
    memory.store(liveSlot, LIVE);
    return object;
  }

  /** Throws a Fault for what was never allocated, or has been freed already. */
  free(object: object): void {
    const { memory, names } = this.#machine;
    const known = this.#byObject.get(object);
    if (!known) throw new Fault('exception', `free(${names.show(object)}): it was never allocated`);
    if (memory.words[known.liveSlot] !== LIVE)
      throw new Fault('use after free', `${names.show(object)} is freed twice`);
    memory.store(known.liveSlot, FREED);
    for (const each of known.cells) memory.store(each.slot, FREED);
  }

  cellsOf(object: object): readonly Cell[] {
    return this.#byObject.get(object)?.cells ?? [];
  }

  /** The cells of all objects that tasks have allocated in some execution so far. */
  *allocatedCells(): Iterable<Cell> {
    for (const { cells, task } of [...this.#byName.values()]) if (task !== NOBODY) yield* cells;
  }

  /** Whether some task has allocated something in some execution so far. */
  get hasAllocated(): boolean {
    for (const { task } of this.#byName.values()) if (task !== NOBODY) return true;
    return false;
  }

  /** A task that starts over takes the first names that are free again: else no round would be like the one before. */
  restart(task: number): void {
    const { allocations } = this.#machine.tasks[task] as Task;
    if (allocations >= 0) this.#machine.memory.store(allocations, NOTHING);
  }

  /** The object of that path in this machine; one that the model has allocated is made here if need be. */
  counterpart(path: string, model: Objects): object | undefined {
    const known = this.#machine.names.at(path);
    if (known !== undefined) return known;
    for (const [name, { task, number, what }] of model.#byName) {
      if (task !== NOBODY && (path === name || path.startsWith(`${name}.`)))
        this.#object(name, task, number, this.#kindLike(what, model));
    }
    return this.#machine.names.at(path);
  }

  /** A kind of object may be part of a world, and then its objects know that world's others. */
  #kindLike(what: Allocatable<object>, model: Objects): Allocatable<object> {
    const path = model.#machine.names.pathOf(what);
    return ((path && this.#machine.names.at(path)) as Allocatable<object> | undefined) ?? what;
  }

  // --- When tasks are renamed ---------------------------------------------------------------------------------------

  /** Who has allocated the object that this is, or is a part of; -1: nobody. */
  allocatorOf(value: unknown): number {
    return this.#behind(value)?.task ?? NOBODY;
  }

  /** What stands for the value when tasks are renamed: the object that the other task would have allocated, or that part of it. */
  renamed<T>(value: T, to: readonly number[]): T {
    const known = this.#behind(value);
    const task = known && known.task !== NOBODY ? to[known.task] : undefined;
    if (!known || task === undefined || task === known.task) return value;
    const { names } = this.#machine;
    const part = (names.pathOf(value as object) as string).slice(
      this.#nameOf(known.task, known.number, known.what).length,
    );
    const name = this.#nameOf(task, known.number, known.what);
    this.#object(name, task, known.number, known.what);
    return names.at(name + part) as T;
  }

  /** Pairs of slots: what stands in the one stands in the other when tasks are renamed. Each slot is the second of one pair. */
  *renamedSlots(to: readonly number[]): Iterable<readonly [from: number, to: number]> {
    this.#makeTwins(to);
    for (const { task, number, what, liveSlot, cells } of this.#byName.values()) {
      const other = task === NOBODY ? task : (to[task] ?? task);
      if (other === task) continue;
      const twin = this.#object(this.#nameOf(other, number, what), other, number, what);
      yield [liveSlot, twin.liveSlot];
      for (const [at, cell] of cells.entries()) yield [cell.slot, (twin.cells[at] as Cell).slot];
    }
    for (const { index, allocations } of this.#machine.tasks) {
      const other = this.#machine.tasks[to[index] ?? index] as Task;
      if (other.index !== index && allocations >= 0) yield [allocations, other.allocations];
    }
  }

  /** Sees to it that of all that a task has allocated, those have the like whose place it may take, also if they never had. */
  #makeTwins(to: readonly number[]): void {
    const { tasks, memory } = this.#machine;
    for (let isNew = true; isNew; ) {
      const known = this.#byName.size;
      for (const { task, number, what } of [...this.#byName.values()]) {
        const other = task === NOBODY ? task : (to[task] ?? task);
        if (other !== task) this.#object(this.#nameOf(other, number, what), other, number, what);
      }
      isNew = this.#byName.size > known;
    }
    const isAllocator = (task: number) => (tasks[task] as Task).allocations >= 0;
    for (const { index } of tasks) {
      // Along the cycle of the renaming that the task is on.
      for (let each = to[index] ?? index; isAllocator(index) && each !== index; each = to[each] as number)
        if (!isAllocator(each)) (tasks[each] as Task).allocations = memory.addSlot();
    }
  }

  /** Of the objects that the task has allocated and nobody has freed. */
  #liveNumbers(task: number): number[] {
    const numbers: number[] = [];
    for (const known of this.#byName.values())
      if (known.task === task && this.#machine.memory.words[known.liveSlot] === LIVE) numbers.push(known.number);
    return numbers;
  }

  /** The object that the task's n-th allocation gives. */
  #object(name: string, task: number, number: number, what: Allocatable<object>): Known {
    const known = this.#byName.get(name);
    if (known) return known;
    const { memory, names } = this.#machine;
    const cells: Cell[] = [];
    const object = what.fields((initial, field) => {
      const made = new Cell(`${name}.${field}`, initial, memory.addSlot());
      cells.push(made as Cell);
      return made;
    });
    names.freeze(object, name);
    return this.#know(name, { task, number, liveSlot: memory.addSlot(), cells, object, what });
  }

  #know(name: string, known: Known): Known {
    this.#byName.set(name, known);
    this.#byObject.set(known.object, known);
    return known;
  }

  #nameOf(task: number, number: number, what: Allocatable<object>): string {
    return `${what.name} ${(this.#machine.tasks[task] as Task).name}.${number}`;
  }

  /** The object that the value is, or is a part of. */
  #behind(value: unknown): Known | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const known = this.#byObject.get(value);
    if (known) return known;
    const path = this.#machine.names.pathOf(value);
    return path === undefined ? undefined : [...this.#byName].find(([name]) => path.startsWith(`${name}.`))?.[1];
  }
}
