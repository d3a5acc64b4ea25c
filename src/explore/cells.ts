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

export interface LockOptions {
  /** Locks of one class follow one order, and none is taken under another. Without one, a lock is alone in its class. */
  readonly class?: string;
}

export interface RwlockOptions extends LockOptions {
  /** A writer queues before it takes the lock, and a queued writer stops new readers. */
  readonly fair?: boolean;
  /**
   * Whether readers count as never waiting for readers where the order of locks is judged. `false` says that in what the lock
   * stands for they may, behind a writer that waits, although here they do not.
   */
  readonly recursive?: boolean;
}

/** A lock; who holds it is a word of memory, written by the operations on it. */
export class Lock {
  readonly name: string;
  readonly sort: LockSort;
  readonly class: string | undefined;
  /** A writer queues before it takes the lock, and a queued writer stops new readers. */
  readonly isFair: boolean;
  /** Where the order of locks is judged, its readers never wait for readers. */
  readonly isRecursive: boolean;
  readonly slot: number;

  constructor(name: string, sort: LockSort, options: RwlockOptions, slot: number) {
    this.name = name;
    this.sort = sort;
    this.class = options.class;
    this.isFair = options.fair ?? false;
    this.isRecursive = options.recursive ?? true;
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

  addLock(name: string, sort: LockSort, options: RwlockOptions): Lock {
    const lock = new Lock(name, sort, options, this.#slots++);
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
export function mutex(name: string, options: LockOptions = {}): Lock {
  return declaring(`mutex('${name}')`).addLock(name, 'mutex', options);
}

/** Declares a lock that one task at a time holds, and must not sleep under. Only in `setup()`. */
export function spinlock(name: string, options: LockOptions = {}): Lock {
  return declaring(`spinlock('${name}')`).addLock(name, 'spinlock', options);
}

/**
 * Declares a lock with many readers or one writer. Only in `setup()`. Unfair, a waiting writer does not stop new readers;
 * `fair`, a writer first queues, as a step of its own, and from then on new readers wait until it is through.
 */
export function rwlock(name: string, options: RwlockOptions = {}): Lock {
  return declaring(`rwlock('${name}')`).addLock(name, 'rwlock', options);
}

/** Declares a completion, not yet done. Only in `setup()`. */
export function completion(name: string): Completion {
  return new Completion(name, cell(false, name));
}
