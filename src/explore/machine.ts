/** The machine's whole mutable state: one flat block of words, which can be copied, compared and rewound. */

import { type Allocatable, Cell, type Declarations, declare, Lock, type LockSort } from './cells.ts';
import { Fault } from './fault.ts';
import { Names } from './names.ts';
import type { Operation } from './operations.ts';
import type { Access, Body, Program, Snapshot, ViolationKind, Wait } from './program.ts';
import type { Pending } from './runs.ts';

/** A cell's word is the number of its value; these two stand for no value. */
const UNALLOCATED = 0;
const FREED = 1;
const LIVE = 2;

export const MAX_TASKS = 10;
/** A task that has so many and allocates one more will never be done: its states would have no end. */
const MAX_OBJECTS = 32;
/** An rwlock's word holds a reader count of three bits for each task. */
const READER_BITS = 3;
const MAX_READS = (1 << READER_BITS) - 1;

export interface Task {
  readonly index: number;
  readonly name: string;
  /** Run one after another. A spawned task's body comes with the operation that spawns it. */
  readonly bodies: readonly Body[];
  /** Where its position stands, for engines that number positions. */
  readonly slot: number;
  /** Where the number of its allocations stands. */
  readonly allocations: number;
}

/** Who made an object that was there from the start. */
const NOBODY = -1;

interface Allocated {
  readonly task: number;
  readonly number: number;
  readonly liveSlot: number;
  readonly cells: readonly Cell[];
  readonly object: object;
  readonly what: Allocatable<object>;
}

/** Something wrong that the machine noticed during a step. */
export interface Report {
  readonly kind: ViolationKind;
  readonly message: string;
  readonly task?: number;
  readonly accesses?: readonly Omit<Access, 'stack'>[];
  readonly waits?: readonly Wait[];
}

export class Machine<World = unknown> {
  readonly program: Program<World>;
  readonly world: World;
  readonly names = new Names();
  readonly tasks: Task[] = [];
  readonly reports: Report[] = [];
  /** Whether the step marked progress. */
  progressed = false;
  words = new Int32Array(64);
  length = 0;
  /** What a task does next; undefined before it is spawned. Set by whoever runs the tasks. */
  pendingOf: (task: number) => Pending | undefined = () => undefined;

  readonly #declarations: Declarations;
  readonly #spinlocks: readonly Lock[];
  readonly #values: unknown[] = [undefined, undefined];
  readonly #numbers = new Map<unknown, number>();
  readonly #allocated = new Map<object, Allocated>();
  readonly #byName = new Map<string, Allocated>();

  /** The values of the moment at which it is asked. */
  readonly now: Snapshot = {
    get: <T>(cell: Cell<T>) => this.#values[this.words[cell.slot] as number] as T,
    holders: (lock) => this.holdersOf(lock).map((task) => (this.tasks[task] as Task).name),
    returned: (name) => {
      const task = this.taskNamed(name);
      const pending = task && this.pendingOf(task.index);
      return pending?.type === 'returned' ? pending.value : undefined;
    },
  };

  constructor(program: Program<World>) {
    this.program = program;
    const { world, declarations } = declare(() => program.setup());
    this.world = world;
    this.#declarations = declarations;
    this.#spinlocks = declarations.locks.filter((lock) => lock.sort === 'spinlock');
    this.names.freeze(world, 'world');
    this.length = declarations.slots;
    this.#fit();
    for (const each of declarations.cells) {
      this.names.freeze(each.initial, `the initial value of ${each.name}`);
      this.write(each, each.initial);
    }
    for (const each of declarations.objects) {
      this.names.freeze(each.object, each.what.name);
      const { liveSlot } = this.#know(each.what.name, { ...each, task: NOBODY, number: 0, liveSlot: this.#newSlot() });
      this.words[liveSlot] = LIVE;
    }
    for (const [name, bodies] of Object.entries(program.tasks(world))) {
      this.addTask(name, typeof bodies === 'function' ? [bodies] : bodies);
    }
    if (this.tasks.length === 0) throw new Error(`program ${program.name} has no tasks`);
  }

  // --- Cells ------------------------------------------------------------------------------------------------------

  read<T>(cell: Cell<T>): T {
    const word = this.#wordOf(cell);
    if (word === FREED) throw new Fault('use after free', `${cell.name} belongs to an object that was freed`);
    return this.#values[word] as T;
  }

  write<T>(cell: Cell<T>, value: T): void {
    this.#wordOf(cell);
    this.words[cell.slot] = this.#numberOf(value, cell);
  }

  isFreed(cell: Cell): boolean {
    return this.#wordOf(cell) === FREED;
  }

  #wordOf(cell: Cell): number {
    if (!(cell instanceof Cell)) throw new Fault('exception', 'an operation was given something that is not a cell');
    return this.words[cell.slot] as number;
  }

  #numberOf(value: unknown, cell: Cell): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    if (((typeof value === 'object' && value !== null) || typeof value === 'function') && !this.names.pathOf(value)) {
      throw new Fault(
        'exception',
        `${cell.name} is given an object that the task made itself: make it with allocate(), or store a number`,
      );
    }
    this.#numbers.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }

  // --- Locks: a word is 0 when free, -(task + 1) when held alone, else the readers' counts --------------------------

  isFree(lock: Lock): boolean {
    return this.#lockWord(lock) === 0;
  }

  hasWriter(lock: Lock): boolean {
    return this.#lockWord(lock, 'rwlock') < 0;
  }

  holdsAlone(lock: Lock, task: number): boolean {
    return this.#lockWord(lock) === -(task + 1);
  }

  holdsShared(lock: Lock, task: number): boolean {
    const word = this.#lockWord(lock, 'rwlock');
    return word > 0 && readsOf(word, task) > 0;
  }

  takeAlone(lock: Lock, task: number): void {
    this.#lockWord(lock);
    this.words[lock.slot] = -(task + 1);
  }

  free(lock: Lock): void {
    this.words[lock.slot] = 0;
  }

  takeShared(lock: Lock, task: number): void {
    const word = this.#lockWord(lock, 'rwlock');
    if (readsOf(word, task) === MAX_READS)
      throw new Fault('lock misuse', `${lock.name} is taken by one reader ${MAX_READS + 1} times`);
    this.words[lock.slot] = word + (1 << (READER_BITS * task));
  }

  dropShared(lock: Lock, task: number): void {
    this.words[lock.slot] = this.#lockWord(lock) - (1 << (READER_BITS * task));
  }

  holdersOf(lock: Lock): number[] {
    const word = this.#lockWord(lock);
    if (word < 0) return [-word - 1];
    return word === 0 ? [] : this.tasks.filter((task) => readsOf(word, task.index) > 0).map((task) => task.index);
  }

  locksHeldBy(task: number): Lock[] {
    return this.#declarations.locks.filter(({ slot }) => {
      const word = this.words[slot] as number;
      return word < 0 ? word === -(task + 1) : word > 0 && readsOf(word, task) > 0;
    });
  }

  spinlockHeldBy(task: number): Lock | undefined {
    for (const lock of this.#spinlocks) if (this.words[lock.slot] === -(task + 1)) return lock;
    return undefined;
  }

  #lockWord(lock: Lock, sort?: LockSort): number {
    if (!(lock instanceof Lock)) throw new Fault('exception', 'an operation was given something that is not a lock');
    if (sort && lock.sort !== sort)
      throw new Fault('lock misuse', `${lock.name} is a ${lock.sort}, which has no readers`);
    return this.words[lock.slot] as number;
  }

  // --- Objects that tasks allocate ---------------------------------------------------------------------------------

  allocate(task: number, what: Allocatable<object>): object {
    const owner = this.tasks[task] as Task;
    const live = this.#liveNumbers(task);
    let number = (this.words[owner.allocations] as number) + 1;
    while (live.has(number)) number++;
    if (live.size === MAX_OBJECTS)
      throw new Fault('endless loop', `${owner.name} allocates without end: ${MAX_OBJECTS} objects so far`);
    this.words[owner.allocations] = number;
    const { object, cells, liveSlot } = this.#object(`${what.name} ${owner.name}.${number}`, task, number, what);
    for (const each of cells) this.write(each, each.initial);
    this.words[liveSlot] = LIVE;
    return object;
  }

  /** Of the objects that the task has allocated and nobody has freed. */
  #liveNumbers(task: number): Set<number> {
    const live = [...this.#byName.values()].filter((each) => each.task === task && this.words[each.liveSlot] === LIVE);
    return new Set(live.map(({ number }) => number));
  }

  /** The object that the task's n-th allocation gives: the same in every execution. */
  #object(name: string, task: number, number: number, what: Allocatable<object>): Allocated {
    const known = this.#byName.get(name);
    if (known) return known;
    const cells: Cell[] = [];
    const object = what.fields((initial, field) => {
      const made = new Cell(`${name}.${field}`, initial, this.#newSlot());
      cells.push(made as Cell);
      return made;
    });
    this.names.freeze(object, name);
    return this.#know(name, { task, number, liveSlot: this.#newSlot(), cells, object, what });
  }

  #know(name: string, allocated: Allocated): Allocated {
    this.#byName.set(name, allocated);
    this.#allocated.set(allocated.object, allocated);
    return allocated;
  }

  /** The object of that path in this machine; one that the model has allocated is made here if need be. */
  counterpart(path: string, model: Machine): object | undefined {
    for (const [name, { task, number, what }] of model.#byName) {
      if (task !== NOBODY && (path === name || path.startsWith(`${name}.`))) this.#object(name, task, number, what);
    }
    return this.names.at(path);
  }

  freeObject(object: object): void {
    const allocated = this.#allocated.get(object);
    if (!allocated) throw new Fault('exception', `free(${this.names.show(object)}): it was never allocated`);
    if (this.words[allocated.liveSlot] !== LIVE)
      throw new Fault('use after free', `${this.names.show(object)} is freed twice`);
    this.words[allocated.liveSlot] = FREED;
    for (const each of allocated.cells) this.words[each.slot] = FREED;
  }

  cellsOf(object: object): readonly Cell[] {
    return this.#allocated.get(object)?.cells ?? [];
  }

  /** A task that starts over takes the first names that are free again: else no round would be like the one before. */
  restartAllocations(task: number): void {
    this.words[(this.tasks[task] as Task).allocations] = 0;
  }

  // --- Tasks ------------------------------------------------------------------------------------------------------

  addTask(name: string, bodies: readonly Body[]): Task {
    if (!/^[A-Za-z_]+$/.test(name)) throw new Error(`task name ${JSON.stringify(name)}: use letters and _ only`);
    if (!Array.isArray(bodies) || bodies.length === 0 || bodies.some((body) => typeof body !== 'function'))
      throw new Error(`task ${name}: give it a function*, or a list of them; not what calling one returns`);
    if (this.tasks.length === MAX_TASKS) throw new Error(`more than ${MAX_TASKS} tasks`);
    const task = { index: this.tasks.length, name, bodies, slot: this.#newSlot(), allocations: this.#newSlot() };
    this.tasks.push(task);
    return task;
  }

  taskNamed(name: string): Task | undefined {
    return this.tasks.find((task) => task.name === name);
  }

  report(report: Report): void {
    this.reports.push(report);
  }

  // --- The whole ----------------------------------------------------------------------------------------------------

  /** The number of words without the tail of objects that do not exist yet: equal states have equal words. */
  end(): number {
    let end = this.length;
    while (end > 0 && this.words[end - 1] === UNALLOCATED) end--;
    return end;
  }

  save(): Int32Array {
    return this.words.slice(0, this.end());
  }

  restore(saved: Int32Array): void {
    this.words.set(saved);
    this.clearFrom(saved.length);
  }

  /** Forgets the words from there on. */
  clearFrom(start: number): void {
    for (let i = start; i < this.length; i++) this.words[i] = UNALLOCATED;
  }

  /** An operation as traces show it: `mutex_lock(vma_lock)`; a remark is its text. */
  describe(operation: Operation): string {
    if (operation.kind === 'remark') return operation.called;
    const shown = operation.args.filter((each) => typeof each !== 'function').map((each) => this.names.show(each));
    if (operation.on !== undefined) shown.unshift(this.names.show(operation.on));
    return `${operation.called}(${shown.join(', ')})`;
  }

  #newSlot(): number {
    this.length++;
    this.#fit();
    return this.length - 1;
  }

  #fit(): void {
    if (this.length <= this.words.length) return;
    const larger = new Int32Array(Math.max(this.length, this.words.length * 2));
    larger.set(this.words);
    this.words = larger;
  }
}

const readsOf = (word: number, task: number) => (word >> (READER_BITS * task)) & MAX_READS;
