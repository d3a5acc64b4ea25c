/** Signals, as far as faults ask for them. Source: include/linux/sched/signal.h, v6.12. */

import { read } from '#explore';
import { get_current } from '../../../arch/x86/include/asm/current.ts';
import type { Kernel } from '../../../kernel.ts';
import { VM_FAULT_RETRY, type vm_fault_t } from '../mm_types.ts';
import type { task_struct } from '../sched.ts';

/** Whether a signal is on its way to the task that will end it. No step where nobody sends one. */
export function* fatal_signal_pending({ killed }: task_struct): Kernel<boolean> {
  return killed ? yield* read(killed, 'fatal_signal_pending') : false;
}

/** Whether a fault that wants to be tried again need not be: the task is to die. Left out: signals with handlers. */
export function* fault_signal_pending(fault: vm_fault_t): Kernel<boolean> {
  const current = get_current();
  return (fault & VM_FAULT_RETRY) !== 0 && current !== null && (yield* fatal_signal_pending(current));
}
