/** What a process's address space is made of. Source: include/linux/mm_types.h, v5.14; only the fields that are used. */

import type { Allocatable, Cell } from '#explore';
import type { pgprot_t, pte_t, UpperValue } from '../../arch/x86/include/asm/pgtable.ts';
import type { Tlb } from '../../arch/x86/mm/tlb.ts';
import type { vfio_pci_core_device } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import type { mutex } from '../../kernel/locking/mutex.ts';
import type { rw_semaphore } from '../../kernel/locking/rwsem.ts';
import type { spinlock_t } from '../../kernel/locking/spinlock.ts';
import type { kvm } from '../../virt/kvm/kvm_main.ts';
import type { address_space, file } from './fs.ts';
import type { vm_operations_struct } from './mm.ts';
import type { FramesOfTask } from './sched.ts';

/** What a fault handler answers: VM_FAULT_ bits. */
export type vm_fault_t = number;

export const VM_FAULT_OOM = 0x000001;
export const VM_FAULT_SIGBUS = 0x000002;
/** It had to wait for a disk: only counted. */
export const VM_FAULT_MAJOR = 0x000004;
/** A write got through; for GUP, until v6.1. */
export const VM_FAULT_WRITE = 0x000008;
export const VM_FAULT_HWPOISON = 0x000010;
export const VM_FAULT_HWPOISON_LARGE = 0x000020;
export const VM_FAULT_SIGSEGV = 0x000040;
/** The handler has made the entry itself, or there was nothing to do: the access is tried again. */
export const VM_FAULT_NOPAGE = 0x000100;
/** The page that the handler brings is locked. */
export const VM_FAULT_LOCKED = 0x000200;
/** Try again; mmap_lock **has been dropped** by the handler. */
export const VM_FAULT_RETRY = 0x000400;
/** The handler has no huge entry for it: try a smaller one. */
export const VM_FAULT_FALLBACK = 0x000800;
/** The handler has dealt with the copy itself; only DAX says so, of which there is nothing here. */
export const VM_FAULT_DONE_COW = 0x001000;
/** Left out: DAX says so to its file system, which writes to the disk first and makes the entry then; it never comes as far as `__do_fault`. */
export const VM_FAULT_NEEDDSYNC = 0x002000;
/** Done; mmap_lock **has been dropped** by the handler (v6.0). */
export const VM_FAULT_COMPLETED = 0x004000;

export const VM_FAULT_ERROR =
  VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE | VM_FAULT_FALLBACK;

/** One table of lowest entries, with the lock that guards them. Sparse: only what some vma of the world covers. */
export interface PteTable {
  readonly name: string;
  readonly lock: spinlock_t;
  readonly entries: Readonly<Record<number, Cell<pte_t>>>;
}

/** One table of upper entries. Sparse. */
export interface UpperTable<Below> {
  readonly name: string;
  /** Guards its entries while they are filled in; absent where all are there from the start. */
  readonly lock: spinlock_t | null;
  readonly entries: Readonly<Record<number, UpperEntry<Below>>>;
}

/** An upper entry, and the table that is below it, or will be. */
export interface UpperEntry<Below> {
  readonly name: string;
  /** What stands there: nothing (0), `TABLE`, or a leaf; null where it is the table from the start and for ever. */
  readonly value: Cell<UpperValue> | null;
  /** It may come to map a huge page itself. */
  readonly mayBeLeaf: boolean;
  readonly table: Below;
}

export type PmdTable = UpperTable<PteTable>;
export type PudTable = UpperTable<PmdTable>;
export type PgdTable = UpperTable<PudTable>;
export type pmd_t = UpperEntry<PteTable>;
export type pud_t = UpperEntry<PmdTable>;
export type pgd_t = UpperEntry<PudTable>;

/** A frame of RAM. */
export interface page {
  readonly name: string;
  readonly pfn: number;
  /** How many reasons there are to keep it; 0: it is free. Boot leaves it at 1, for whoever allocates it. */
  readonly _refcount: Cell<number>;
  /** Null of anonymous memory: PageAnon(). */
  readonly ofFile: PageOfFile | null;
  /** Stands for its content: gone once it is freed. */
  readonly memory: Cell<true>;
}

export interface PageOfFile {
  readonly index: number;
  /** Held by whoever brings its content, maps it or takes it out of its file. */
  readonly lock: mutex;
  /** The file that it belongs to; null once it was taken out. Locks: lock. */
  readonly mapping: Cell<address_space | null>;
  /** Whether it has been read in (PG_uptodate); null of a page that was in memory from the start. */
  readonly uptodate: Cell<boolean> | null;
}

/** The RAM of a machine. */
export interface Ram {
  /** All its frames, by number: `mem_map`. */
  readonly pages: Readonly<Record<number, page>>;
  /** The one that all reads of untouched anonymous memory share: never counted, never freed. */
  readonly zero_page: page;
  readonly frames: Readonly<Record<string, FramesOfTask>>;
  readonly files: Readonly<Record<string, file>>;
  /** How many pages a read fault of a file maps at most. Linux's own default is 16; debugfs calls it `fault_around_bytes`. */
  readonly fault_around_pages: number;
}

/** A process's address space. */
export interface mm_struct {
  readonly name: string;
  /** The Linux that it lives under, as KERNEL_VERSION() has it. */
  readonly version: number;
  /** MMF_ bits. */
  readonly flags: number;
  /** Read: its vmas stay. Write: they may change. */
  readonly mmap_lock: rw_semaphore;
  readonly pgd: PgdTable;
  /** Places for vmas, at boot in order of address; null: free. Locks: mmap_lock. Stands for the tree `mm_rb` (since v6.1 `mm_mt`). */
  readonly mm_rb: readonly Cell<vm_area_struct | null>[];
  /** How often a writer has given mmap_lock back; null where vmas have no locks: before v6.4, and where no task changes vmas. */
  readonly mm_lock_seq: Cell<number> | null;
  /** Who must hear of entries that go away: the virtual machine that uses the process's memory; null: nobody. */
  readonly notifier_subscriptions: kvm | null;
  /** Some task changes the ends, offsets or flags of vmas. Else they stand in the tree in order of address. */
  readonly isReshaped: boolean;
  /** How many use it: 0, and it is taken down. null where no task's exit is part of the world. */
  readonly mm_users: Cell<number> | null;
  /** Of a process that a task will fork: whether it has. null for those that are there from the start. */
  readonly birth: Cell<Birth> | null;
  /** Some vma maps a BAR so large that only the pages that tasks touch have entries. */
  readonly isSparse: boolean;
  /** The machine's frames; null where no vma of the world can map one. */
  readonly ram: Ram | null;
  /** What CPUs keep of the table; null where the world has no TLBs. */
  readonly tlbs: readonly Tlb[] | null;
}

export type Birth = 'unborn' | 'born' | 'never';

/** A stretch of addresses, mapped to one stretch of a BAR. */
export interface vm_area_struct {
  readonly name: string;
  readonly vm_mm: mm_struct;
  readonly vm_start: number;
  /** The first address behind it. */
  readonly vm_end: number;
  /** The first frame behind the mapping until v6.9, as vfio-pci's `mmap` puts it here; since then, the offset in the device's file. */
  readonly vm_pgoff: number;
  readonly vm_flags: number;
  readonly vm_page_prot: pgprot_t;
  readonly vm_ops: vm_operations_struct;
  /** The device; of no use where it maps RAM. */
  readonly vm_private_data: vfio_pci_core_device;
  readonly vm_file: file | null;
  /** What a page of it should map: `pfn` is the frame at the offset `pgoff`. Null where it maps RAM. */
  readonly backing: Backing | null;
  /** The kinds of its copies, by the name of the address space. */
  readonly copies: Readonly<Record<string, Allocatable<vm_area_struct>>>;
  /** Holds start, end, offset and flags where they may change: see `look`. */
  readonly shape: Cell<string> | null;
  /** Its own lock; null: see `mm_lock_seq`. */
  readonly vm_lock: vma_lock | null;
  /** Stands for its memory: gone once it is freed. See `touchVma`. */
  readonly memory: Cell<true>;
}

/** What guards one vma. In Linux the last two are fields of the vma itself. */
export interface vma_lock {
  readonly lock: rw_semaphore;
  /** A writer has the vma as long as this is `mm_lock_seq`. */
  readonly vm_lock_seq: Cell<number>;
  /** It has left the tree. */
  readonly detached: Cell<boolean>;
}

export interface Backing {
  readonly pfn: number;
  readonly pages: number;
  readonly pgoff: number;
}
