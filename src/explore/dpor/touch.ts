/** How a step touches its object, as one number: what the commutation of two steps is decided by. */

import { conflict, type Mode, NONE } from '../dependence.ts';

const MODE_BITS = 3;
const MODE = (1 << MODE_BITS) - 1;

/** A step that touches nothing that others touch. */
export const NOTHING_TOUCHED = 0;

export function touchOf(slot: number, mode: Mode): number {
  return mode === NONE ? NOTHING_TOUCHED : (slot << MODE_BITS) | mode;
}

/** Whether two steps of different tasks may be exchanged. */
export function commutes(one: number, other: number): boolean {
  return one >> MODE_BITS !== other >> MODE_BITS || !conflict(one & MODE, other & MODE);
}
