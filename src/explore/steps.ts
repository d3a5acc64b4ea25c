/** What bodies call: each function yields one operation, or a few. */

import type { Allocatable, Cell, Completion, Lock } from './cells.ts';
import { Operation } from './operations.ts';
import type { Body, Steps } from './program.ts';

// --- Scheduling points -------------------------------------------------------------------------------------------

/** Reads a shared cell atomically. */
export function* read<T>(cell: Cell<T>, called = 'read'): Steps<T> {
  return yield new Operation('read', cell, [], called);
}

/** Reads a shared cell atomically and learns only `project(value)`: what is not needed stays out of the task's history. */
export function* readAs<T, R>(cell: Cell<T>, project: (value: T) => R, called = 'read'): Steps<R> {
  return yield new Operation('read', cell, [project], called);
}

/** Writes a shared cell atomically. */
export function* write<T>(cell: Cell<T>, value: T, called = 'write'): Steps {
  yield new Operation('write', cell, [value], called);
}

/** Replaces the cell's value by `change(value)` in one step. Returns the value before. */
export function* update<T>(cell: Cell<T>, change: (value: T) => T, called = 'update'): Steps<T> {
  return yield new Operation('update', cell, [change], called);
}

/** Writes `to` if the cell holds `from`. Returns whether it did; a failed one is a read. */
export function* compareAndSwap<T>(cell: Cell<T>, from: T, to: T, called = 'compareAndSwap'): Steps<boolean> {
  return yield new Operation('compareAndSwap', cell, [from, to], called);
}

/**
 * Takes a mutex or spinlock; waits while another task holds it. For an rwlock: as its only writer. For a fair one that is two
 * steps: it queues, which stops new readers, and takes the lock when nobody holds it.
 */
export function* acquire(lock: Lock, called = 'acquire', queueing = 'queue'): Steps {
  if (lock?.isFair) yield new Operation('queue', lock, [], queueing);
  yield new Operation('acquire', lock, [], called);
}

/** Releases a mutex, a spinlock, or an rwlock held as writer. Not held: `lock misuse`. */
export function* release(lock: Lock, called = 'release'): Steps {
  yield new Operation('release', lock, [], called);
}

/** Takes the lock if nobody holds it. Returns whether it did; never waits. */
export function* tryAcquire(lock: Lock, called = 'tryAcquire'): Steps<boolean> {
  return yield new Operation('tryAcquire', lock, [], called);
}

/** Takes an rwlock as one of its readers; waits while there is a writer. */
export function* acquireShared(lock: Lock, called = 'acquireShared'): Steps {
  yield new Operation('acquireShared', lock, [], called);
}

/** Takes an rwlock as a reader if there is no writer. Returns whether it did. */
export function* tryAcquireShared(lock: Lock, called = 'tryAcquireShared'): Steps<boolean> {
  return yield new Operation('tryAcquireShared', lock, [], called);
}

/** Releases an rwlock held as reader. Not held: `lock misuse`. */
export function* releaseShared(lock: Lock, called = 'releaseShared'): Steps {
  yield new Operation('releaseShared', lock, [], called);
}

/** Waits until `test(value)` holds, without polling. */
export function* waitFor<T>(cell: Cell<T>, test: (value: T) => boolean, called = 'waitFor'): Steps {
  yield new Operation('waitFor', cell, [test], called);
}

/** Marks a completion as done; those who wait for it go on. */
export function* complete(completion: Completion, called = 'complete'): Steps {
  yield new Operation('write', completion?.done, [true], called);
}

/** Waits until the completion is done. */
export function* waitForCompletion(completion: Completion, called = 'waitForCompletion'): Steps {
  yield* waitFor(completion?.done, (done) => done, called);
}

/** Starts another task. Its name (`[A-Za-z_]+`) appears in schedules. */
export function* spawn(name: string, body: Body): Steps {
  yield new Operation('spawn', undefined, [name, body], 'spawn');
}

/** Waits until the named task has returned. */
export function* join(name: string): Steps {
  yield new Operation('join', undefined, [name], 'join');
}

// --- Plain accesses: no other task runs before them, and two that nothing orders are a data race --------------------

/** Reads a field, plainly. */
export function* get<T>(cell: Cell<T>, called = 'get'): Steps<T> {
  return yield new Operation('get', cell, [], called);
}

/** Reads a field, plainly, and learns only `project(value)`. */
export function* getAs<T, R>(cell: Cell<T>, project: (value: T) => R, called = 'get'): Steps<R> {
  return yield new Operation('get', cell, [project], called);
}

/** Writes a field, plainly. */
export function* set<T>(cell: Cell<T>, value: T, called = 'set'): Steps {
  yield new Operation('set', cell, [value], called);
}

/** Makes an object whose fields are cells. It is named by the task and by how many that task has allocated. */
export function* allocate<T extends object>(what: Allocatable<T>, called = 'allocate'): Steps<T> {
  return yield new Operation('allocate', what, [], called);
}

/** Gives an object back. Whoever touches it afterwards is reported (`use after free`); so is a second `free`. */
export function* free(object: object, called = 'free'): Steps {
  yield new Operation('free', object, [], called);
}

// --- Ends and beginnings -----------------------------------------------------------------------------------------

/** Kills the task where it stands, with its locks held. */
export function* bug(message: string, called = 'bug'): Steps<never> {
  yield new Operation('bug', undefined, [message], called);
  throw new Error('a task was resumed after bug()');
}

/** Records a warning and goes on. */
export function* warn(message: string, called = 'warn'): Steps {
  yield new Operation('warn', undefined, [message], called);
}

/** Gives the trace a line of its own for what no other operation tells, such as a failure that the world injects. */
export function* remark(text: string): Steps {
  yield new Operation('remark', undefined, [], text);
}

/** Marks that something was achieved: going round with it is no livelock (SPIN's progress label). Not in traces. */
export function* progress(): Steps {
  yield new Operation('progress', undefined, [], '');
}

/** Starts the body over with an empty history, so that a task that tries for ever is a cycle and not an endless tree. */
export function* again(): Steps<never> {
  yield new Operation('again', undefined, [], 'again');
  throw new Error('a task was resumed after again()');
}
