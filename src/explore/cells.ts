/** Cells and locks: the only things that change. They are declared while `setup()` runs, and belong to that world alone. */

/** How a field of an object is declared. */
export type DeclareField = <T>(initial: T, name: string) => Cell<T>;

/** A kind of object that can be freed; `fields` is called once for each object. */
export interface Allocatable<T extends object> {
  readonly name: string;
  fields(cell: DeclareField): T;
}

/** A place that changes, reached only through operations. */
export class Cell<T = unknown> {
  readonly name: string;
  readonly initial: T;
  /** Where its value stands in the block of memory. */
  readonly slot: number;

  constructor(name: string, initial: T, slot: number) {
    this.name = name;
    this.initial = initial;
    this.slot = slot;
    Object.freeze(this);
  }
}

export type LockSort = 'mutex' | 'spinlock' | 'rwlock';

/** A lock; who holds it is a word of memory, written by the operations on it. */
export class Lock {
  readonly name: string;
  readonly sort: LockSort;
  /** A writer queues before it takes the lock, and a queued writer stops new readers. */
  readonly isFair: boolean;
  readonly slot: number;

  constructor(name: string, sort: LockSort, isFair: boolean, slot: number) {
    this.name = name;
    this.sort = sort;
    this.isFair = isFair;
    this.slot = slot;
    Object.freeze(this);
  }
}

/** Something that happens once; `complete` it, and those who wait go on. */
export class Completion {
  readonly name: string;
  readonly done: Cell<boolean>;

  constructor(name: string, done: Cell<boolean>) {
    this.name = name;
    this.done = done;
    Object.freeze(this);
  }
}

/** What a `setup()` has declared so far, in order. */
export class Declarations {
  readonly cells: Cell[] = [];
  readonly locks: Lock[] = [];
  /** Objects that exist from the start and can be freed. */
  readonly objects: { readonly what: Allocatable<object>; readonly object: object; readonly cells: readonly Cell[] }[] =
    [];
  #slots = 0;

  addCell<T>(name: string, initial: T): Cell<T> {
    const cell = new Cell(name, initial, this.#slots++);
    this.cells.push(cell as Cell);
    return cell;
  }

  addLock(name: string, sort: LockSort, isFair = false): Lock {
    const lock = new Lock(name, sort, isFair, this.#slots++);
    this.locks.push(lock);
    return lock;
  }

  addObject<T extends object>(what: Allocatable<T>): T {
    const cells: Cell[] = [];
    const object = what.fields((initial, field) => {
      const made = this.addCell(`${what.name}.${field}`, initial);
      cells.push(made as Cell);
      return made;
    });
    this.objects.push({ what, object, cells });
    return object;
  }

  get slots(): number {
    return this.#slots;
  }
}

let open: Declarations | undefined;

/** Runs `setup` and collects what it declares. */
export function declare<World>(setup: () => World): { world: World; declarations: Declarations } {
  const outer = open;
  const declarations = new Declarations();
  open = declarations;
  try {
    return { world: setup(), declarations };
  } finally {
    open = outer;
  }
}

function declaring(what: string): Declarations {
  if (!open)
    throw new Error(
      `${what} is called outside setup(): declare cells and locks in setup(), and objects made later with allocate()`,
    );
  return open;
}

/** Declares a cell. Only in `setup()`. */
export function cell<T>(initial: T, name: string): Cell<T> {
  return declaring(`cell(…, '${name}')`).addCell(name, initial);
}

/** Declares an object that exists from the start, and that a task may `free`. Only in `setup()`. */
export function object<T extends object>(what: Allocatable<T>): T {
  return declaring(`object('${what.name}')`).addObject(what);
}

/** Declares a lock that one task at a time holds, and may sleep for. Only in `setup()`. */
export function mutex(name: string): Lock {
  return declaring(`mutex('${name}')`).addLock(name, 'mutex');
}

/** Declares a lock that one task at a time holds, and must not sleep under. Only in `setup()`. */
export function spinlock(name: string): Lock {
  return declaring(`spinlock('${name}')`).addLock(name, 'spinlock');
}

/**
 * Declares a lock with many readers or one writer. Only in `setup()`. Unfair, a waiting writer does not stop new readers;
 * `fair`, a writer first queues, as a step of its own, and from then on new readers wait until it is through.
 */
export function rwlock(name: string, { fair = false }: { readonly fair?: boolean } = {}): Lock {
  return declaring(`rwlock('${name}')`).addLock(name, 'rwlock', fair);
}

/** Declares a completion, not yet done. Only in `setup()`. */
export function completion(name: string): Completion {
  return new Completion(name, cell(false, name));
}
