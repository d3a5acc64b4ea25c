/** What is counted of faults. Models mm/memory.c and include/linux/vmstat.h, v6.12. */

import { type Cell, get, set } from '#explore';
import { get_current } from '../../arch/x86/include/asm/current.ts';
import { FAULT_FLAG_TRIED } from '../../include/linux/mm.ts';
import { VM_FAULT_ERROR, VM_FAULT_MAJOR, VM_FAULT_RETRY, type vm_fault_t } from '../../include/linux/mm_types.ts';
import type { FaultCounts } from '../../include/linux/sched.ts';
import { KERNEL_VERSION } from '../../include/linux/version.ts';
import type { Kernel } from '../../kernel.ts';

/** So that a task that faults for ever is a cycle: beyond it nobody counts. */
const MOST = 9;

/**
 * Counts a fault that is over. One that is to be tried again (VM_FAULT_RETRY) counts when it is; VM_FAULT_COMPLETED is over. One that failed
 * counts as a fault, but neither as major nor as minor. Major: VM_FAULT_MAJOR, or not the first try; all others are minor.
 * `version` is the Linux, as KERNEL_VERSION() has it: until v6.3 each try counts as a fault.
 * Locks: none; the counters are the task's and its CPU's own. Nothing is counted unless the world asks for it (`counts: 'faults'`), and
 * no counter goes beyond 9. Left out: memory cgroups, perf's events, PGMAJFAULT.
 */
export function* mm_account_fault(version: number, flags: number, ret: vm_fault_t): Kernel {
  const counts = get_current()?.faults;
  if (!counts) return;
  const isOver = !(ret & VM_FAULT_RETRY);
  if (isOver || version < KERNEL_VERSION(6, 4)) yield* count(counts, 'pgfault');
  if (!isOver || ret & VM_FAULT_ERROR) return;
  const isMajor = (ret & VM_FAULT_MAJOR) !== 0 || (flags & FAULT_FLAG_TRIED) !== 0;
  yield* count(counts, isMajor ? 'maj_flt' : 'min_flt');
}

function* count(counts: FaultCounts, which: keyof FaultCounts): Kernel {
  const counter: Cell<number> = counts[which];
  const before = yield* get(counter, '');
  if (before < MOST) yield* set(counter, before + 1, which);
}
