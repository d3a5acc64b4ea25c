/**
 * The probes of the real kernel, in the simulation: a task that comes to one waits until the recording has come to that very event.
 * So of all interleavings only those are left that the recording could be a recording of; and if there is none, it is not of this driver.
 */

import { again, bug, type Cell, type Lock, readAs, remark, type Steps, tryAcquire, update, waitFor } from '#explore';
import {
  type AddVma,
  type Driver,
  type Kernel,
  PAGE_SHIFT,
  pte_pfn,
  type pte_t,
  VM_FAULT_NOPAGE,
  type vm_fault,
  type vm_fault_t,
} from '#linux';
import type { LockName, Observation, ObservationKind } from './observation.ts';
import { type Deed, tellDeed } from './words.ts';

type Operation = Steps<unknown> extends Generator<infer Asked, unknown, unknown> ? Asked : never;

/** What the probes of one task have to do with. */
export interface Watched {
  readonly task: string;
  /** The page that this body touches; undefined where it writes the command register. */
  readonly page: number | undefined;
  readonly recorded: readonly Observation[];
  readonly locks: readonly LockName[];
  /** How many of the recorded events have been taken, by all tasks. */
  readonly cursor: Cell<number>;
  /** Locks are taken as late as the recording allows. Fewer executions are left, and most recordings have one among them. */
  readonly isLate: boolean;
  /** Hears what the task is about to do wherever a probe stands: told in the order in which it happens by a replay alone. */
  readonly comesTo?: (what: string) => void;
}

/** What a task dies of whose BUG is not in the recording, or not yet. */
export const NOT_RECORDED = 'a BUG that the recording does not have';

/** The name of the cell that tells how far the recording has come. */
export const RECORDING = 'the recording';

const ENTRY = 'entry of vfio_pci_mmap_fault: page ';
const RETURN = 'return of vfio_pci_mmap_fault: ';

/** The driver, which says when its handler is entered, and what it returns. */
export function withProbes(driver: Driver): Driver {
  const { fault } = driver.vm_ops;
  const probed = function* (vmf: vm_fault, add?: AddVma): Kernel<vm_fault_t> {
    yield* remark(`${ENTRY}${(vmf.address - vmf.vma.vm_start) >> PAGE_SHIFT}`);
    const ret = yield* fault(vmf, add);
    yield* remark(`${RETURN}${ret}`);
    return ret;
  };
  return { ...driver, vm_ops: { ...driver.vm_ops, fault: probed } };
}

/**
 * The body's steps, with a probe wherever the real kernel has one. An access is made over and over, until the recording has the task touch
 * something else: a program that loops does, and who has made it how often is then no part of a state.
 */
export function* watch(steps: Steps<unknown>, watched: Watched): Steps<unknown> {
  const probes = new Probes(watched);
  if (yield* probes.isOver()) return undefined;
  let step = steps.next();
  while (!step.done) {
    const operation = step.value;
    if (operation.kind === 'remark') {
      yield* probes.marked(operation.called);
      step = steps.next();
      continue;
    }
    yield* probes.before(operation);
    if (watched.isLate) yield* probes.lateTurn(operation);
    const result: unknown = yield operation;
    yield* probes.after(operation);
    step = steps.next(result);
  }
  yield* probes.ended(step.value);
  return watched.page === undefined ? step.value : yield* again();
}

/** What a task has done to the entries of one table since it took the table's lock. */
interface Section {
  /** What the recording calls it. */
  readonly as: Observation;
  readonly pages: Set<number>;
  /** By page: the frame. */
  readonly filled: Map<number, number>;
}

class Probes {
  readonly #watched: Watched;
  #isInHandler = false;
  #section: Section | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /**
   * Whether this access is not made any more: what the task's next fault is on is another page, or there is none.
   */
  *isOver(): Steps<boolean> {
    const { task, page, recorded, cursor } = this.#watched;
    if (page === undefined) return false;
    const isNextOn = (at: number) => {
      const next = recorded.find((each, index) => index >= at && each.task === task && isAccess(each));
      return next?.page === page;
    };
    return !(yield* readAs(cursor, isNextOn, ''));
  }

  *marked(text: string): Steps {
    if (text.startsWith(ENTRY)) {
      const page = Number(text.slice(ENTRY.length));
      yield* this.#take({ kind: 'pte_none_seen', page });
      yield* this.#take({ kind: 'fault_in', page });
      this.#isInHandler = true;
    } else if (text.startsWith(RETURN)) {
      yield* this.#take({ kind: 'fault_out', ret: Number(text.slice(RETURN.length)) });
      this.#isInHandler = false;
    }
  }

  *before(operation: Operation): Steps {
    const { kind, called } = operation;
    const { page } = this.#watched;
    if (kind === 'bug') yield* this.#die(String(operation.args[0]));
    const name = nameOf(operation);
    if (name === 'mmap_lock' && kind === 'acquireShared' && page !== undefined)
      yield* this.#take({ kind: 'page_fault_user', page });
    if (this.#isWatched(name)) yield* this.#beforeLock(operation, name);
    if (called === 'spin_lock') yield* this.#enterSection();
  }

  /** Before a lock is taken: until the recording's next event is this task's. */
  *lateTurn({ kind }: Operation): Steps {
    const { task, recorded, cursor } = this.#watched;
    if (kind === 'acquire' || kind === 'acquireShared' || kind === 'queue')
      yield* waitFor(cursor, (at) => recorded[at]?.task === task, '');
  }

  *after(operation: Operation): Steps {
    const { kind, called } = operation;
    const name = nameOf(operation);
    if (this.#isWatched(name)) {
      const isMutex = name === 'vma_lock';
      if (kind === 'acquire') yield* this.#take({ kind: isMutex ? 'mutex_lock_out' : 'down_write_out', lock: name });
      if (kind === 'acquireShared') yield* this.#take({ kind: 'down_read_out', lock: name });
    }
    if (called === 'spin_unlock') yield* this.#leaveSection();
    else this.#note(operation);
  }

  /** A read that went through though the device's memory is off: told by those who look for it. */
  *ended(how: unknown): Steps {
    const { task, page, recorded } = this.#watched;
    const looks = recorded.some((each) => each.task === task && each.kind === 'stale');
    if (how === 'read all ones' && looks && page !== undefined) yield* this.#take({ kind: 'stale', page });
  }

  *#beforeLock(operation: Operation, name: LockName): Steps {
    const { kind } = operation;
    if (kind === 'acquireShared') yield* this.#take({ kind: 'down_read_in', lock: name });
    if (kind === 'releaseShared') yield* this.#take({ kind: 'up_read_in', lock: name });
    if (kind === 'queue') yield* this.#take({ kind: 'down_write_in', lock: name });
    if (kind === 'release')
      yield* this.#take({ kind: name === 'vma_lock' ? 'mutex_unlock_in' : 'up_write_in', lock: name });
    if (kind === 'acquire' && name === 'vma_lock') yield* this.#askForMutex(operation.on as Lock, name);
  }

  /** A BUG under a spinlock, where nobody may wait: it is the recording's turn, or this is no execution of it. */
  *#die(message: string): Steps {
    const { task, recorded, cursor } = this.#watched;
    const isDue = yield* readAs(cursor, (at) => recorded[at]?.kind === 'bug' && recorded[at].task === task, '');
    if (!isDue) this.#watched.comesTo?.(message);
    if (!isDue) yield* bug(NOT_RECORDED);
  }

  /** Who had to wait has found it taken; or somebody else waiting for it, whose turn it is before (kernel/locking/mutex.c, v6.1). */
  *#askForMutex(lock: Lock, name: LockName): Steps {
    const at = yield* this.#take({ kind: 'mutex_lock_in', lock: name });
    const wait = this.#next(at);
    if (wait?.kind !== 'mutex_wait') return;
    if (!this.#isQueuedFor(wait) && (yield* tryAcquire(lock, ''))) yield* this.#refuse(`gets ${name} without waiting`);
    yield* this.#take({ kind: 'mutex_wait', lock: name });
  }

  /** Whether the recording has another task wait for the same mutex then. */
  #isQueuedFor(wait: Observation): boolean {
    const { recorded } = this.#watched;
    const waiting = new Set<string>();
    for (const { task, kind, lock } of recorded.slice(0, recorded.indexOf(wait))) {
      if (lock !== wait.lock) continue;
      if (kind === 'mutex_wait') waiting.add(task);
      if (kind === 'mutex_lock_out') waiting.delete(task);
    }
    return waiting.size > 0;
  }

  /** Other code takes it too, such as that which finds an entry where there was none: no probe sees that. */
  *#enterSection(): Steps {
    const isZap = this.#watched.page === undefined;
    if (!isZap && !this.#isInHandler) return;
    const at = yield* isZap ? this.#take({ kind: 'zap_in' }) : this.#take({ kind: 'remap_in' }, 'insert_in');
    this.#section = { as: this.#watched.recorded[at] as Observation, pages: new Set(), filled: new Map() };
  }

  *#leaveSection(): Steps {
    if (!this.#section) return;
    const { as, pages, filled } = this.#section;
    this.#section = undefined;
    const { kind, page: first = 0, pages: count = 1, pfn = 0 } = as;
    const wanted = Array.from({ length: count }, (_, at) => first + at);
    const isThere = wanted.length === pages.size && wanted.every((page) => pages.has(page));
    const isFilled = [...filled].every(([page, frame]) => frame === pfn + page - first);
    if (!isThere || !isFilled || (kind === 'remap_in' && filled.size < count))
      yield* this.#refuse(`fills ${[...filled.keys()].map((each) => `page ${each}`).join(', ') || 'nothing'}`);
    if (kind === 'remap_in') yield* this.#take({ kind: 'remap_out', ret: 0 });
    if (kind === 'insert_in') yield* this.#take({ kind: 'insert_out', ret: VM_FAULT_NOPAGE });
  }

  #note({ called, on: cell, args }: Operation): void {
    const section = this.#section;
    const [, page] = section ? (/\[(\d+)\]$/.exec((cell as Partial<Cell> | undefined)?.name ?? '') ?? []) : [];
    if (!section || page === undefined) return;
    section.pages.add(Number(page));
    if (called === 'set_pte_at') section.filled.set(Number(page), pte_pfn(args[0] as pte_t));
  }

  #isWatched(name: string | undefined): name is LockName {
    return this.#watched.locks.includes(name as LockName);
  }

  /** The task's event after that one. */
  #next(at: number): Observation | undefined {
    return this.#watched.recorded.slice(at + 1).find(({ task }) => task === this.#watched.task);
  }

  /**
   * Waits until the recording's next event is this one of this task, or the same of the other kind; for ever if it does not fit.
   * Returns its number.
   */
  *#take(own: Deed, otherKind?: ObservationKind): Steps<number> {
    const { task, recorded, cursor, comesTo } = this.#watched;
    comesTo?.(tellDeed(own));
    const isNext = (at: number) => {
      const next = recorded[at];
      return next !== undefined && next.task === task && (fits(next, own) || fits(next, { ...own, kind: otherKind }));
    };
    yield* waitFor(cursor, isNext, '');
    return yield* update(cursor, (at) => at + 1, '');
  }

  /** What the recording tells is not what happens here: this execution goes no further. */
  *#refuse(instead: string): Steps {
    this.#watched.comesTo?.(instead);
    yield* waitFor(this.#watched.cursor, () => false, '');
  }
}

/** Has what this one has. */
const fits = (next: Observation, own: Partial<Deed>): boolean =>
  Object.entries(own).every(([key, value]) => next[key as keyof Observation] === value);

const isAccess = ({ kind }: Observation): boolean => kind === 'page_fault_user' || kind === 'stale';

const nameOf = ({ on: thing }: Operation): string | undefined => (thing as Partial<Lock> | undefined)?.name;
