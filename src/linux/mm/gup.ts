/** Faults that the kernel takes for a process, without an access. Models mm/gup.c, v6.1. */

import { get_current } from '../arch/x86/include/asm/current.ts';
import { BUG, WARN_ON } from '../include/asm-generic/bug.ts';
import { EFAULT, EINTR, ENOMEM } from '../include/linux/errno.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_KILLABLE,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_WRITE,
  VM_READ,
  VM_WRITE,
} from '../include/linux/mm.ts';
import {
  type mm_struct,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_HWPOISON_LARGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
  type vm_fault_t,
} from '../include/linux/mm_types.ts';
import { mmap_read_lock } from '../include/linux/mmap_lock.ts';
import { fatal_signal_pending } from '../include/linux/sched/signal.ts';
import type { Kernel } from '../kernel.ts';
import { handle_mm_fault } from './memory.ts';
import { find_vma } from './mmap.ts';

/** Set by `fixup_user_fault` if mmap_lock was dropped meanwhile: then every vma must be looked up again. */
export interface Unlocked {
  isUnlocked: boolean;
}

/**
 * Makes an entry for the address as if it had been accessed. Given `unlocked`, the handler may drop mmap_lock: it is held again when this
 * returns. Returns 0; -EFAULT without a vma, for an access that it forbids and where the access would end in a signal; -EINTR
 * if the task is to die; -ENOMEM. BUGs at VM_FAULT_FALLBACK.
 * Ours: a handler that wants to be tried for ever is a WARN and -EFAULT; Linux would do it.
 * Locks: mmap_lock as a reader. VM_FAULT_RETRY without `unlocked` is the handler's fault: nobody takes the lock again.
 */
export function* fixup_user_fault(
  mm: mm_struct,
  address: number,
  fault_flags: number,
  unlocked: Unlocked | null,
): Kernel<number> {
  let flags = fault_flags | (unlocked ? FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE : 0);
  for (;;) {
    const vma = yield* find_vma(mm, address);
    if (!vma || address < vma.vm_start || !vma_permits_fault(vma, flags)) return -EFAULT;
    if (yield* mustDie(flags)) return -EINTR;
    const ret = yield* handle_mm_fault(vma, address, flags);
    const isDropped = (ret & (VM_FAULT_COMPLETED | VM_FAULT_RETRY)) !== 0;
    if (isDropped && unlocked) {
      yield* mmap_read_lock(mm);
      unlocked.isUnlocked = true;
    }
    if (ret & VM_FAULT_COMPLETED) return 0;
    if (ret & VM_FAULT_ERROR)
      return vm_fault_to_errno(ret) || (yield* BUG('BUG(): fixup_user_fault (mm/gup.c) is given VM_FAULT_FALLBACK'));
    if (!(ret & VM_FAULT_RETRY)) return 0;
    const isForEver = (flags & FAULT_FLAG_TRIED) !== 0;
    if (yield* WARN_ON(isForEver, 'a handler answers VM_FAULT_RETRY to FAULT_FLAG_TRIED')) return -EFAULT;
    flags |= FAULT_FLAG_TRIED;
  }
}

function* mustDie(flags: number): Kernel<boolean> {
  const current = get_current();
  return (flags & FAULT_FLAG_KILLABLE) !== 0 && current !== null && (yield* fatal_signal_pending(current));
}

/** Whether the vma allows such an access. Left out: protection keys. */
export function vma_permits_fault({ vm_flags }: vm_area_struct, fault_flags: number): boolean {
  return (vm_flags & (fault_flags & FAULT_FLAG_WRITE ? VM_WRITE : VM_READ)) !== 0;
}

/** The error number for a fault that failed; 0 where there is none. Source: include/linux/mm.h. Left out: FOLL_HWPOISON. */
export function vm_fault_to_errno(fault: vm_fault_t): number {
  if (fault & VM_FAULT_OOM) return -ENOMEM;
  const isFault = fault & (VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV);
  return isFault ? -EFAULT : 0;
}
