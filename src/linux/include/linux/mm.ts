/** Faults as the memory manager hands them down. Source: include/linux/mm.h, v5.14; only what is used. */

import type { Cell } from '#explore';
import type { pte_t } from '../../arch/x86/include/asm/pgtable.ts';
import type { Kernel } from '../../kernel.ts';
import { reshape } from '../../vma.ts';
import { vma_end_read } from './mm/vmaLock.ts';
import type { page, pmd_t, pud_t, vm_area_struct, vm_fault_t } from './mm_types.ts';
import { mmap_assert_write_locked, mmap_read_unlock } from './mmap_lock.ts';

export const VM_READ = 0x00000001;
export const VM_WRITE = 0x00000002;
export const VM_EXEC = 0x00000004;
export const VM_SHARED = 0x00000008;
export const VM_MAYREAD = 0x00000010;
export const VM_MAYWRITE = 0x00000020;
export const VM_MAYSHARE = 0x00000080;
/** Entries are bare frame numbers. */
export const VM_PFNMAP = 0x00000400;
/** Memory of a device: an access may have effects. */
export const VM_IO = 0x00004000;
export const VM_DONTEXPAND = 0x00040000;
export const VM_DONTDUMP = 0x04000000;
/** The program wants no huge pages here (MADV_NOHUGEPAGE). */
export const VM_NOHUGEPAGE = 0x40000000;
/** Bare frame numbers and ordinary pages, mixed. */
export const VM_MIXEDMAP = 0x10000000;
/** Whoever maps it again may choose any kind of uncached (v6.8). Beyond 32 bits: to be added, and never to be tested by `&`. */
export const VM_ALLOW_ANY_UNCACHED = 2 ** 39;

/** The flags without some and with others; those beyond 32 bits, which `&` and `|` would lose, stay as they are. */
export const flagsWith = (vm_flags: number, set: number, clear = 0): number => {
  const kept = vm_flags - (vm_flags & clear);
  return kept + (set & ~kept);
};

/** Whether a write to the vma goes to a copy of one's own: private, and may become writable. */
export const is_cow_mapping = (vm_flags: number): boolean => (vm_flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;

export const FAULT_FLAG_WRITE = 0x01;
export const FAULT_FLAG_ALLOW_RETRY = 0x04;
export const FAULT_FLAG_KILLABLE = 0x10;
/** Not the first try: a handler that asks for one more has had its turn. */
export const FAULT_FLAG_TRIED = 0x20;
export const FAULT_FLAG_USER = 0x40;
/** On behalf of another process. */
export const FAULT_FLAG_REMOTE = 0x80;
export const FAULT_FLAG_INSTRUCTION = 0x100;
export const FAULT_FLAG_INTERRUPTIBLE = 0x200;
/** Under the vma's own lock, not under mmap_lock (v6.4). */
export const FAULT_FLAG_VMA_LOCK = 0x1000;
export const FAULT_FLAG_DEFAULT = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE | FAULT_FLAG_INTERRUPTIBLE;

/** One fault on its way down to the driver. */
export interface vm_fault {
  readonly vma: vm_area_struct;
  /** The address touched, rounded down to its page. */
  readonly address: number;
  /** The page of what is mapped: `vm_pgoff` and the page's number in the vma. */
  readonly pgoff: number;
  readonly flags: number;
  /** The entry that leads to the table of `pmd`. */
  readonly pud: pud_t;
  /** The entry that leads to the table of `pte`. */
  readonly pmd: pmd_t;
  /** The page's entry; null where its table is not there yet. */
  readonly pte: Cell<pte_t> | null;
  /** What stood there when the kernel looked, without a lock; only where that was an entry. */
  orig_pte?: pte_t;
  /** The page that a handler brings, with a reference that is the caller's. */
  page?: page | null;
  /** A page of the task's own for a private copy. */
  cow_page?: page | null;
}

/** What a driver puts on its vmas; a method that is not there does nothing. */
export interface vm_operations_struct {
  /** A copy of the vma is made (fork, split). */
  readonly open?: (vma: vm_area_struct) => Kernel;
  /** The vma goes away. */
  readonly close?: (vma: vm_area_struct) => Kernel;
  /**
   * Makes entries for what of the offsets from `start_pgoff` to `end_pgoff` is there already; VM_FAULT_NOPAGE if one is the fault's own.
   * Must not sleep. Whoever has it may be called under the vma's lock.
   */
  readonly map_pages?: (vmf: vm_fault, start_pgoff: number, end_pgoff: number) => Kernel<vm_fault_t>;
  /** An address without an entry was touched. Called with mmap_lock held as reader. */
  readonly fault?: (vmf: vm_fault) => Kernel<vm_fault_t>;
  /** The same, where a leaf of 2^order pages could stand; VM_FAULT_FALLBACK: try a smaller one. Locks: mmap_lock or the vma's lock, as a reader. */
  readonly huge_fault?: (vmf: vm_fault, order: number) => Kernel<vm_fault_t>;
  /** Somebody writes to a page that was mapped read-only. Returns VM_FAULT_LOCKED with the page locked, or why not. */
  readonly page_mkwrite?: (vmf: vm_fault) => Kernel<vm_fault_t>;
}

/** Sets flags of the vma. Locks: mmap_lock as the writer, or it WARNs (v6.3: bc292ab00f6c; see `mmap_assert_write_locked`). Left out: the vma's own lock. */
export function* vm_flags_set(vma: vm_area_struct, flags: number): Kernel {
  yield* mmap_assert_write_locked(vma.vm_mm);
  if (flags & ~vma.vm_flags) yield* reshape(vma, { vm_flags: flagsWith(vma.vm_flags, flags) });
}

/** Gives back the lock that the fault runs under: the vma's, or mmap_lock. Locks: held. Since v6.6. */
export function* release_fault_lock({ vma, flags }: vm_fault): Kernel {
  yield* flags & FAULT_FLAG_VMA_LOCK ? vma_end_read(vma) : mmap_read_unlock(vma.vm_mm);
}

/** Anonymous memory has no methods. Stands for a NULL `vm_ops`. */
export const anonymous_vm_ops: vm_operations_struct = {};
export const vma_is_anonymous = ({ vm_ops }: vm_area_struct): boolean => vm_ops === anonymous_vm_ops;
