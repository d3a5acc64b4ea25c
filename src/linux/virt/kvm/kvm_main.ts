/**
 * A virtual machine whose guest uses a process's memory: a second-level page table that follows the process's own. Models
 * virt/kvm/kvm_main.c and arch/x86/kvm/mmu/mmu.c, v6.1. It holds no lock from the look at the process's entry to its own entry; it takes note
 * of invalidations instead, and tries again if one came. Left out: memory slots, huge pages, dirty logging, ordinary pages.
 */

import { type Cell, get, read, readAs, set, write } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { EAGAIN, EFAULT } from '../../include/linux/errno.ts';
import { VM_IO, VM_PFNMAP } from '../../include/linux/mm.ts';
import type { mm_struct } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import { spin_lock, spin_unlock, type spinlock_t } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { followOrFault } from '../../mm/followOrFault.ts';
import { find_vma } from '../../mm/mmap.ts';

/** An entry of the second-level table: the frame above bit 12, and bit 0; 0: none. */
export type GuestEntry = number;

export interface kvm {
  /** Guards the second-level table's changes, and `mmu_invalidate_in_progress`. Guests walk it at any time. */
  readonly mmu_lock: spinlock_t;
  /** By the process's address. */
  readonly entries: Readonly<Record<number, Cell<GuestEntry>>>;
  /** How many zaps of the process's entries are under way. */
  readonly mmu_invalidate_in_progress: Cell<number>;
  /**
   * For each vcpu, whether a zap has ended since it last took its snapshot. Stands for the number `mmu_invalidate_seq` and the comparison
   * with what it was, which would make no end of states.
   */
  readonly mmu_invalidate_seq: Readonly<Record<string, Cell<boolean>>>;
}

/** A guest's access that its table does not allow. */
export interface kvm_page_fault {
  readonly mm: mm_struct;
  readonly address: number;
  readonly isWrite: boolean;
  /** The task that runs the vcpu. */
  readonly vcpu: string;
}

/**
 * Makes the guest's entry. Returns 0: there is one, or an invalidation came in between, so let the guest try again; or what `kvm_faultin_pfn`
 * returns, which KVM_RUN hands to its user. Locks: none; takes mmap_lock as a reader, then mmu_lock.
 */
export function* kvm_tdp_page_fault(kvm: kvm, fault: kvm_page_fault): Kernel<number> {
  yield* write(kvm.mmu_invalidate_seq[fault.vcpu] as Cell<boolean>, false, 'mmu_invalidate_seq');
  const pfn = yield* kvm_faultin_pfn(fault);
  if (pfn < 0) return pfn;
  yield* spin_lock(kvm.mmu_lock);
  if (!(yield* mmu_invalidate_retry(kvm, fault.vcpu))) yield* mapGuestPage(kvm, fault, pfn);
  yield* spin_unlock(kvm.mmu_lock);
  return 0;
}

/** The entry itself. Locks: mmu_lock. */
export function* mapGuestPage({ entries }: kvm, { address }: kvm_page_fault, pfn: number): Kernel {
  yield* write(entries[address] as Cell<GuestEntry>, pfn * PAGE_SIZE + 1, 'tdp_mmu_map');
}

/** Whether a zap runs, or one has run since the vcpu's snapshot: then what it has read of the process may be old. Locks: mmu_lock. */
export function* mmu_invalidate_retry(kvm: kvm, vcpu: string): Kernel<boolean> {
  if (yield* get(kvm.mmu_invalidate_in_progress, 'mmu_invalidate_in_progress')) return true;
  return yield* read(kvm.mmu_invalidate_seq[vcpu] as Cell<boolean>, 'mmu_invalidate_seq');
}

/**
 * The frame at the process's address; faults on behalf of the guest if need be. Returns its number; -EFAULT where the process itself would
 * end in a signal (its user reads "Bad address"). Locks: takes mmap_lock as a reader. The number may be old as soon as it is there.
 */
export function* kvm_faultin_pfn({ mm, address, isWrite }: kvm_page_fault): Kernel<number> {
  yield* mmap_read_lock(mm);
  let pfn = -EAGAIN;
  while (pfn === -EAGAIN) {
    const vma = yield* find_vma(mm, address);
    const isDevice = vma && address >= vma.vm_start && vma.vm_flags & (VM_IO | VM_PFNMAP);
    pfn = isDevice ? yield* followOrFault(vma, address, isWrite) : -EFAULT;
  }
  yield* mmap_read_unlock(mm);
  return pfn < 0 ? -EFAULT : pfn;
}

/** A zap of the process's entries begins: takes the guest's own away. Locks: takes mmu_lock. */
export function* kvm_mmu_notifier_invalidate_range_start(kvm: kvm, start: number, end: number): Kernel {
  yield* spin_lock(kvm.mmu_lock);
  yield* set(
    kvm.mmu_invalidate_in_progress,
    (yield* get(kvm.mmu_invalidate_in_progress, '')) + 1,
    'kvm_mmu_invalidate_begin',
  );
  for (const [address, entry] of Object.entries(kvm.entries)) {
    if (Number(address) < start || Number(address) >= end) continue;
    if (yield* readAs(entry, (value) => value !== 0, 'is_shadow_present_pte'))
      yield* write(entry, 0, 'kvm_unmap_gfn_range');
  }
  yield* spin_unlock(kvm.mmu_lock);
}

/** It ends: from here on the process may have new entries. Who has taken a snapshot before will notice. Locks: takes mmu_lock. */
export function* kvm_mmu_notifier_invalidate_range_end(kvm: kvm): Kernel {
  yield* spin_lock(kvm.mmu_lock);
  for (const moved of Object.values(kvm.mmu_invalidate_seq)) yield* write(moved, true, 'mmu_invalidate_seq');
  yield* set(
    kvm.mmu_invalidate_in_progress,
    (yield* get(kvm.mmu_invalidate_in_progress, '')) - 1,
    'kvm_mmu_invalidate_end',
  );
  yield* spin_unlock(kvm.mmu_lock);
}
