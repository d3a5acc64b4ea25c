/** The kernel's word for code that other CPUs may interleave with, and the plain accesses that it shares with `#explore`. */

import type { Steps } from '#explore';

/** A kernel function that gives a `T`: at each of its `yield*`, other CPUs may run. */
export type Kernel<T = void> = Steps<T>;

export { get, getAs, set } from '#explore';
