/** A CPU's page fault, until it is clear what becomes of the program. Models arch/x86/mm/fault.c, v5.10 (no per-vma locks). */

import { BUG } from '../../../include/asm-generic/bug.ts';
import { FAULT_FLAG_DEFAULT, FAULT_FLAG_USER, FAULT_FLAG_WRITE, VM_READ, VM_WRITE } from '../../../include/linux/mm.ts';
import {
  type mm_struct,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_HWPOISON_LARGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
  type vm_fault_t,
} from '../../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../include/linux/mmap_lock.ts';
import type { Kernel } from '../../../kernel.ts';
import { handle_mm_fault } from '../../../mm/memory.ts';
import { find_vma } from '../../../mm/mmap.ts';
import { X86_PF_WRITE } from '../include/asm/trap_pf.ts';

/** What a fault needs to know of the access. */
export interface FaultingAccess {
  readonly mm: mm_struct;
  readonly address: number;
  /** X86_PF_ bits. */
  readonly error_code: number;
}

type Signal = 'SIGBUS' | 'SIGSEGV';

/** The exception. Returns the signal that ends the task, or null: try the access again. */
export function* exc_page_fault(access: FaultingAccess): Kernel<Signal | null> {
  return yield* do_user_addr_fault(access);
}

/**
 * Finds the vma and hands the fault down, under mmap_lock as a reader.
 * Returns SIGSEGV where no vma is, or one that does not allow the access; what `mm_fault_error` says; null to try again, also after VM_FAULT_RETRY, for which the
 * handler must have dropped mmap_lock itself. Left out: FAULT_FLAG_TRIED, fatal signals, accounting.
 */
export function* do_user_addr_fault({ mm, address, error_code }: FaultingAccess): Kernel<Signal | null> {
  const flags = FAULT_FLAG_DEFAULT | FAULT_FLAG_USER | (error_code & X86_PF_WRITE ? FAULT_FLAG_WRITE : 0);
  yield* mmap_read_lock(mm);
  const vma = yield* find_vma(mm, address);
  if (!vma || address < vma.vm_start) {
    yield* mmap_read_unlock(mm);
    return 'SIGSEGV';
  }
  if (access_error(error_code, vma)) {
    yield* mmap_read_unlock(mm);
    return 'SIGSEGV';
  }
  const fault = yield* handle_mm_fault(vma, address, flags);
  if (fault & VM_FAULT_RETRY) return null;
  yield* mmap_read_unlock(mm);
  return fault & VM_FAULT_ERROR ? yield* mm_fault_error(fault) : null;
}

/** Whether the vma does not allow the access. Left out: execution, protection keys. */
export function access_error(error_code: number, { vm_flags }: vm_area_struct): boolean {
  return (vm_flags & (error_code & X86_PF_WRITE ? VM_WRITE : VM_READ)) === 0;
}

/**
 * What becomes of a fault that failed. VM_FAULT_OOM: null, as running out of memory kills nobody by itself. VM_FAULT_SIGBUS and
 * VM_FAULT_HWPOISON: SIGBUS. VM_FAULT_SIGSEGV: SIGSEGV. BUGs at what is left: VM_FAULT_FALLBACK, which must not come this far.
 */
export function* mm_fault_error(fault: vm_fault_t): Kernel<Signal | null> {
  if (fault & VM_FAULT_OOM) return null;
  if (fault & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE)) return 'SIGBUS';
  if (fault & VM_FAULT_SIGSEGV) return 'SIGSEGV';
  return yield* BUG('BUG(): mm_fault_error (arch/x86/mm/fault.c) is given VM_FAULT_FALLBACK');
}
