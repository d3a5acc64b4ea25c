/** A CPU's page fault, until it is clear what becomes of the program. Models arch/x86/mm/fault.c, v6.12 (older ones by version). */

import { remark } from '#explore';
import { BUG } from '../../../include/asm-generic/bug.ts';
import { vma_end_read } from '../../../include/linux/mm/vmaLock.ts';
import {
  FAULT_FLAG_DEFAULT,
  FAULT_FLAG_INSTRUCTION,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_USER,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_EXEC,
  VM_READ,
  VM_WRITE,
} from '../../../include/linux/mm.ts';
import {
  type mm_struct,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_FALLBACK,
  VM_FAULT_HWPOISON,
  VM_FAULT_HWPOISON_LARGE,
  VM_FAULT_MAJOR,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
  type vm_fault_t,
} from '../../../include/linux/mm_types.ts';
import { mmap_read_unlock } from '../../../include/linux/mmap_lock.ts';
import { fault_signal_pending } from '../../../include/linux/sched/signal.ts';
import { KERNEL_VERSION } from '../../../include/linux/version.ts';
import type { Kernel } from '../../../kernel.ts';
import { handle_mm_fault, lock_mm_and_find_vma, lock_vma_under_rcu } from '../../../mm/memory.ts';
import { X86_PF_INSTR, X86_PF_PROT, X86_PF_USER, X86_PF_WRITE } from '../include/asm/trap_pf.ts';

/** What a fault needs to know of the access. */
export interface FaultingAccess {
  readonly mm: mm_struct;
  readonly address: number;
  /** X86_PF_ bits. */
  readonly error_code: number;
  /** Of kernel code: an exception-table entry says where it goes on when its access fails, as for copy_to_user(). */
  readonly hasFixup?: boolean;
}

/** What becomes of the access: a signal for the task; `fixup`: kernel code goes on without it; null: it is tried again. */
export type FaultEnd = 'SIGBUS' | 'SIGSEGV' | 'fixup' | null;

/** The exception. Returns as `do_user_addr_fault`. */
export function* exc_page_fault(access: FaultingAccess): Kernel<FaultEnd> {
  return yield* do_user_addr_fault(access);
}

/**
 * Finds the vma and hands the fault down: since v6.4, if it comes from user mode, first under the vma's own lock; then, or if that
 * fails, under mmap_lock as a reader. After VM_FAULT_RETRY, for which the handler must have dropped the lock itself, it finds the vma again.
 * Returns SIGSEGV where no vma is, or one that forbids the access; null after VM_FAULT_COMPLETED (the lock is dropped), after VM_FAULT_RETRY
 * with a fatal signal pending (from kernel mode: `fixup`), and where all is well; else as `mm_fault_error`.
 * Ours: a second VM_FAULT_RETRY under mmap_lock begins with the access itself, so that to retry for ever is a cycle. Left out: accounting.
 */
export function* do_user_addr_fault(access: FaultingAccess): Kernel<FaultEnd> {
  let flags = defaultFlags(access);
  if (flags & FAULT_FLAG_USER && access.mm.version >= KERNEL_VERSION(6, 4)) {
    const vma = yield* lock_vma_under_rcu(access.mm, access.address);
    const fault = vma ? yield* faultUnderVmaLock(access, vma, flags) : VM_FAULT_RETRY;
    if (!(fault & VM_FAULT_RETRY)) return yield* end(access, fault);
    if (vma && (yield* fault_signal_pending(fault))) return null;
    if (fault & VM_FAULT_MAJOR) flags |= FAULT_FLAG_TRIED;
  }
  for (;;) {
    const fault = yield* faultUnderMmapLock(access, flags);
    if (yield* fault_signal_pending(fault)) return yield* leave(access);
    if (!(fault & VM_FAULT_RETRY)) return yield* end(access, fault);
    if (flags & FAULT_FLAG_TRIED) return null;
    flags |= FAULT_FLAG_TRIED;
  }
}

function defaultFlags({ error_code }: FaultingAccess): number {
  const isOf = (bit: number, flag: number) => (error_code & bit ? flag : 0);
  return (
    FAULT_FLAG_DEFAULT |
    isOf(X86_PF_USER, FAULT_FLAG_USER) |
    isOf(X86_PF_WRITE, FAULT_FLAG_WRITE) |
    isOf(X86_PF_INSTR, FAULT_FLAG_INSTRUCTION)
  );
}

/** Holds no lock when it returns. */
function* faultUnderVmaLock(
  { address, error_code }: FaultingAccess,
  vma: vm_area_struct,
  flags: number,
): Kernel<vm_fault_t> {
  const isForbidden = access_error(error_code, vma);
  const fault = isForbidden ? VM_FAULT_SIGSEGV : yield* handle_mm_fault(vma, address, flags | FAULT_FLAG_VMA_LOCK);
  if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED))) yield* vma_end_read(vma);
  return fault;
}

/** VM_FAULT_SIGSEGV stands for Linux's bad_area() too: both end alike. Holds no lock when it returns. */
function* faultUnderMmapLock(access: FaultingAccess, flags: number): Kernel<vm_fault_t> {
  const { mm, address, error_code, hasFixup = false } = access;
  const vma = yield* lock_mm_and_find_vma(mm, address, (error_code & X86_PF_USER) !== 0 || hasFixup);
  if (!vma) return VM_FAULT_SIGSEGV;
  const isForbidden = access_error(error_code, vma);
  const fault = isForbidden ? VM_FAULT_SIGSEGV : yield* handle_mm_fault(vma, address, flags);
  if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED))) yield* mmap_read_unlock(mm);
  return fault;
}

/** Whether the vma forbids the access. A write needs VM_WRITE; other accesses any right at all, and no entry that has refused them. */
export function access_error(error_code: number, { vm_flags }: vm_area_struct): boolean {
  if (error_code & X86_PF_WRITE) return !(vm_flags & VM_WRITE);
  return (error_code & X86_PF_PROT) !== 0 || !(vm_flags & (VM_READ | VM_WRITE | VM_EXEC));
}

function* end(access: FaultingAccess, fault: vm_fault_t): Kernel<FaultEnd> {
  return fault & VM_FAULT_ERROR && !(fault & VM_FAULT_COMPLETED) ? yield* mm_fault_error(access, fault) : null;
}

/** The task is to die: in user mode at its next step, and kernel code need not finish its access. */
function* leave(access: FaultingAccess): Kernel<FaultEnd> {
  return access.error_code & X86_PF_USER ? null : yield* kernelmode_fixup_or_oops(access);
}

/**
 * What becomes of a fault that failed. Returns, for user mode: VM_FAULT_OOM: null, as running out of memory kills nobody by itself;
 * VM_FAULT_SIGBUS and VM_FAULT_HWPOISON: SIGBUS; VM_FAULT_SIGSEGV: SIGSEGV. For kernel mode, all of them: as `kernelmode_fixup_or_oops`.
 * BUGs at what is left: VM_FAULT_FALLBACK, which must not come this far. Left out: the warning that pagefault_out_of_memory() logs, and what it
 * does for a memory cgroup that is out of memory.
 */
export function* mm_fault_error(access: FaultingAccess, fault: vm_fault_t): Kernel<FaultEnd> {
  const isKnown = fault & VM_FAULT_ERROR & ~VM_FAULT_FALLBACK;
  if (!isKnown) return yield* BUG('BUG(): mm_fault_error (arch/x86/mm/fault.c) is given VM_FAULT_FALLBACK');
  if (!(access.error_code & X86_PF_USER)) return yield* kernelmode_fixup_or_oops(access);
  if (fault & VM_FAULT_OOM) return null;
  return fault & (VM_FAULT_SIGBUS | POISONED) ? yield* do_sigbus(fault) : 'SIGSEGV';
}

const POISONED = VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE;

/** Ends the task, and tells its handler why, by the signal's code; it stands in traces alone. Left out: how large what is poisoned is. */
function* do_sigbus(fault: vm_fault_t): Kernel<'SIGBUS'> {
  yield* remark(`SIGBUS, code ${fault & POISONED ? 'BUS_MCEERR_AR' : 'BUS_ADRERR'}`);
  return 'SIGBUS';
}

/** Kernel code whose access fails: goes on where its exception-table entry says (`fixup`), or is a kernel bug. */
export function* kernelmode_fixup_or_oops({ hasFixup, address }: FaultingAccess): Kernel<'fixup'> {
  if (hasFixup) return 'fixup';
  return yield* BUG(`BUG: unable to handle page fault for address: 0x${address.toString(16)} in kernel mode`);
}
