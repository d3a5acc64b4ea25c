/** The machine that operations work on: cells, locks, objects and tasks, all of whose state is in its memory. */

import { Cell, type Declarations, declare, Lock, type LockSort } from './cells.ts';
import { Fault } from './fault.ts';
import { LockWords, MAX_READS } from './locks.ts';
import { Memory } from './memory.ts';
import { Names } from './names.ts';
import { FREED, Objects } from './objects.ts';
import type { Operation } from './operations.ts';
import type { Access, Body, LockOrder, Program, Snapshot, ViolationKind, Wait } from './program.ts';
import type { Pending } from './runs.ts';

/** A cell's word is the number of its value; these stand for no value: nothing yet, freed, and what is neither. */
const NO_VALUES = 3;

/** Sets of tasks are the bits of a number. */
export const MAX_TASKS = 30;
export interface Task {
  readonly index: number;
  readonly name: string;
  /** Run one after another. A spawned task's body comes with the operation that spawns it. */
  readonly bodies: readonly Body[];
  /** Where its position stands, for engines that number positions. */
  readonly slot: number;
  /** Where the number of its allocations stands; -1 before the first. */
  allocations: number;
}

/** What a report says of an access or of an order of locks: a replay adds the places. */
export type AccessFound = Omit<Access, 'stack' | 'locks'>;
export type OrderFound = Omit<LockOrder, 'holdsAt' | 'takesAt'>;

/** Something wrong that the machine noticed during a step. */
export interface Report {
  readonly kind: ViolationKind;
  readonly message: string;
  readonly task?: number;
  readonly accesses?: readonly AccessFound[];
  readonly waits?: readonly Wait[];
  readonly orders?: readonly OrderFound[];
}

export class Machine<World = unknown> {
  readonly program: Program<World>;
  readonly world: World;
  readonly names = new Names();
  readonly tasks: Task[] = [];
  /** By task: where its position stands. */
  readonly taskSlots: number[] = [];
  readonly reports: Report[] = [];
  readonly memory = new Memory();
  readonly locks = new LockWords();
  readonly objects = new Objects(this as Machine);
  /** Whether the step marked progress. */
  progressed = false;
  /** What a task does next; undefined before it is spawned. Set by whoever runs the tasks. */
  pendingOf: (task: number) => Pending | undefined = () => undefined;

  readonly #declarations: Declarations;
  readonly #spinlocks: readonly Lock[];
  readonly #values: unknown[] = Array(NO_VALUES).fill(undefined);
  readonly #numbers = new Map<unknown, number>();

  /** The values of the moment at which it is asked. */
  readonly now: Snapshot = {
    get: <T>(cell: Cell<T>) => this.#values[this.#word(cell.slot)] as T,
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
    for (let slot = 0; slot < declarations.slots; slot++) this.memory.addSlot();
    for (const each of declarations.cells) {
      this.names.freeze(each.initial, `the initial value of ${each.name}`);
      this.write(each, each.initial);
    }
    for (const each of declarations.objects) {
      this.names.freeze(each.object, each.what.name);
      this.objects.declare(each.what, each.object, each.cells);
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
    this.memory.store(cell.slot, this.#numberOf(value, cell));
  }

  *allCells(): Iterable<Cell> {
    yield* this.#declarations.cells;
    yield* this.objects.allocatedCells();
  }

  /** The cell whose value stands in the slot; undefined for other slots. */
  cellAt(slot: number): Cell | undefined {
    return [...this.allCells()].find((each) => each.slot === slot);
  }

  /** The number that the word of a cell becomes when tasks are renamed. */
  renamedWord(word: number, to: readonly number[]): number {
    const value = this.#values[word];
    if (typeof value !== 'object' || value === null) return word;
    const other = this.objects.renamed(value, to);
    const known = this.#numbers.get(other) ?? this.#values.push(other) - 1;
    this.#numbers.set(other, known);
    return known;
  }

  isFreed(cell: Cell): boolean {
    return this.#wordOf(cell) === FREED;
  }

  #wordOf(cell: Cell): number {
    if (!(cell instanceof Cell)) throw this.#notA('cell', cell);
    return this.#word(cell.slot);
  }

  #word(slot: number): number {
    return this.memory.words[slot] as number;
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

  // --- Locks ----------------------------------------------------------------------------------------------------------

  /** Whether the task, if it waits, may take the lock alone. */
  isUnheld(lock: Lock): boolean {
    return this.locks.isUnheld(this.#lockWord(lock));
  }

  /** Whether a task may take the lock alone that does not queue for it: nobody holds it, nobody queues. */
  isFree(lock: Lock): boolean {
    const word = this.#lockWord(lock);
    return this.locks.isUnheld(word) && !this.locks.hasQueue(word);
  }

  /** Whether another reader may come: nobody holds the lock alone, nobody queues to. */
  isOpen(lock: Lock): boolean {
    const word = this.#lockWord(lock, 'rwlock');
    return this.locks.writer(word) < 0 && !this.locks.hasQueue(word);
  }

  holdsAlone(lock: Lock, task: number): boolean {
    return this.locks.writer(this.#lockWord(lock)) === task;
  }

  holdsShared(lock: Lock, task: number): boolean {
    return this.locks.reads(this.#lockWord(lock, 'rwlock'), task) > 0;
  }

  takeAlone(lock: Lock, task: number): void {
    const word = this.#lockWord(lock);
    this.memory.store(lock.slot, this.locks.takenAlone(word, task));
  }

  release(lock: Lock): void {
    this.memory.store(lock.slot, this.locks.released(this.#lockWord(lock)));
  }

  takeShared(lock: Lock, task: number): void {
    const word = this.#lockWord(lock, 'rwlock');
    if (this.locks.reads(word, task) === MAX_READS)
      throw new Fault('lock misuse', `${lock.name} is taken by one reader ${MAX_READS + 1} times`);
    this.memory.store(lock.slot, this.locks.shared(word, task, 1));
  }

  releaseShared(lock: Lock, task: number): void {
    this.memory.store(lock.slot, this.locks.shared(this.#lockWord(lock), task, -1));
  }

  queueFor(lock: Lock, task: number): void {
    const word = this.#lockWord(lock);
    this.memory.store(lock.slot, this.locks.queuedFor(word, task));
  }

  /** Whether others must take the lock before the task may. */
  isReservedFrom(lock: Lock, task: number): boolean {
    return this.locks.isReservedFrom(this.#word(lock.slot), task);
  }

  holdersOf(lock: Lock): number[] {
    return this.#tasksIn(this.locks.holders(this.#lockWord(lock)));
  }

  /** Those behind whom a reader waits: who holds the lock alone, who queues for it. Of other readers only those who queue do wait. */
  beforeReaders(lock: Lock): number[] {
    const word = this.#lockWord(lock);
    const alone = this.locks.writer(word) < 0 ? 0 : this.locks.holders(word);
    return this.#tasksIn(alone | this.locks.queue(word));
  }

  get allLocks(): readonly Lock[] {
    return this.#declarations.locks;
  }

  locksHeldBy(task: number): Lock[] {
    return this.#declarations.locks.filter(({ slot }) => ((this.locks.holders(this.#word(slot)) >> task) & 1) === 1);
  }

  spinlockHeldBy(task: number): Lock | undefined {
    for (const lock of this.#spinlocks) if (this.locks.writer(this.#word(lock.slot)) === task) return lock;
    return undefined;
  }

  #lockWord(lock: Lock, sort?: LockSort): number {
    if (!(lock instanceof Lock)) throw this.#notA('lock', lock);
    if (sort && lock.sort !== sort)
      throw new Fault('lock misuse', `${lock.name} is a ${lock.sort}, which has no readers`);
    return this.#word(lock.slot);
  }

  #notA(what: string, given: unknown): Fault {
    const hint = given === undefined ? ': is its name spelled as in setup()?' : '';
    return new Fault('exception', `an operation was given ${this.names.show(given)}, which is not a ${what}${hint}`);
  }

  #tasksIn(bits: number): number[] {
    return this.tasks.flatMap(({ index }) => ((bits >> index) & 1 ? [index] : []));
  }

  // --- Tasks ------------------------------------------------------------------------------------------------------

  addTask(name: string, bodies: readonly Body[]): Task {
    if (typeof name !== 'string' || !/^[A-Za-z_]+$/.test(name))
      throw new Error(`task name ${JSON.stringify(name)}: use letters and _ only`);
    if (!Array.isArray(bodies) || bodies.length === 0 || bodies.some((body) => typeof body !== 'function'))
      throw new Error(`task ${name}: give it a function*, or a list of them; not what calling one returns`);
    if (this.tasks.length === MAX_TASKS) throw new Error(`more than ${MAX_TASKS} tasks`);
    const task = { index: this.tasks.length, name, bodies, slot: this.memory.addSlot(), allocations: -1 };
    this.tasks.push(task);
    this.taskSlots.push(task.slot);
    return task;
  }

  taskNamed(name: string): Task | undefined {
    return this.tasks.find((task) => task.name === name);
  }

  report(report: Report): void {
    this.reports.push(report);
  }

  /** An operation as traces show it: `mutex_lock(vma_lock)`; a remark is its text. */
  describe(operation: Operation): string {
    if (operation.kind === 'remark') return operation.called;
    const shown = operation.args.filter((each) => typeof each !== 'function').map((each) => this.names.show(each));
    if (operation.on !== undefined) shown.unshift(this.names.show(operation.on));
    return `${operation.called}(${shown.join(', ')})`;
  }
}
