/** The kernel's accesses to a process's memory. Source: include/linux/uaccess.h and lib/usercopy.c, v6.1. */

import { kernelAccess, type Place } from '../../cpu.ts';
import type { Kernel } from '../../kernel.ts';

/** Memory of the process, by its address. */
export type UserBuffer = Omit<Place, 'isWrite'>;

/**
 * Copies `n` bytes to the process's memory; faults if it must, and then takes mmap_lock as a reader under what its caller holds.
 * Returns how many bytes were **not** copied: 0, or all of them, upon which callers answer -EFAULT. Left out: what is copied, ends half-way.
 */
export function* copy_to_user(to: UserBuffer, n: number): Kernel<number> {
  return (yield* kernelAccess({ ...to, isWrite: true })) ? 0 : n;
}

/** Copies `n` bytes from the process's memory. Returns and locks: as `copy_to_user`. */
export function* copy_from_user(from: UserBuffer, n: number): Kernel<number> {
  return (yield* kernelAccess({ ...from, isWrite: false })) ? 0 : n;
}
