/** Accesses of shared fields that take no lock, marked as such: other CPUs may run before each, and two of them never race. */

import { type Cell, read, write } from '#explore';
import type { Kernel } from '../../kernel.ts';

/** Reads a field in one access. Source: include/asm-generic/rwonce.h, v5.14. */
export function* READ_ONCE<T>(field: Cell<T>): Kernel<T> {
  return yield* read(field, 'READ_ONCE');
}

/** Writes a field in one access. Source: include/asm-generic/rwonce.h, v5.14. */
export function* WRITE_ONCE<T>(field: Cell<T>, value: T): Kernel {
  yield* write(field, value, 'WRITE_ONCE');
}
