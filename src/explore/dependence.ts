/**
 * Dependence: two operations of different tasks on one object commute unless the table says otherwise. What commutes can be
 * exchanged in an execution without changing what comes after; a Mazurkiewicz trace is all executions that differ by that.
 */

/** How an operation touches its object. */
export type Mode = number;

/** Touches nothing that others touch. */
export const NONE: Mode = 0;
/** Reads a cell; a failed compare-and-swap. */
export const READ: Mode = 1;
/** Writes a cell, whatever the value; takes a lock alone after waiting for it, or gives it back; spawns a task of that name. */
export const WRITE: Mode = 2;
/** Takes a lock alone by trying: nobody may hold it, nor queue for it. */
export const TRY: Mode = 3;
/** Tries for a lock and fails: somebody must hold it, or queue for it. */
export const FAIL: Mode = 4;
/** Takes a lock with other readers. */
export const SHARE: Mode = 5;
/** Gives a shared lock back. */
export const UNSHARE: Mode = 6;
/** Queues for a fair lock: readers who come now must wait; those who leave, and other writers, don't mind. */
export const QUEUE: Mode = 7;

const bits = (...modes: Mode[]) => modes.reduce((set, mode) => set | (1 << mode), 0);

/** By mode: the modes that it does not commute with, as bits. Symmetric. */
const conflicting: Int32Array = Int32Array.of(
  0,
  bits(WRITE),
  bits(READ, WRITE, TRY, FAIL, SHARE, UNSHARE),
  bits(WRITE, TRY, FAIL, SHARE, UNSHARE, QUEUE),
  bits(WRITE, TRY, SHARE, UNSHARE, QUEUE),
  bits(WRITE, TRY, FAIL, QUEUE),
  bits(WRITE, TRY, FAIL),
  bits(TRY, FAIL, SHARE),
);

/** Whether the two modes of touching one object conflict. */
export function conflict(one: Mode, other: Mode): boolean {
  return (((conflicting[one] as number) >> other) & 1) === 1;
}
