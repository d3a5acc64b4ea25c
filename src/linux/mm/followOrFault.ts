/** How those who use a process's device memory without touching it find its frames: vfio's type1 and KVM do it alike. */

import { readAs } from '#explore';
import { pte_pfn, type pte_t, pte_write } from '../arch/x86/include/asm/pgtable.ts';
import { EAGAIN, EFAULT, EINVAL } from '../include/linux/errno.ts';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE } from '../include/linux/mm.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { KERNEL_VERSION } from '../include/linux/version.ts';
import type { Kernel } from '../kernel.ts';
import { fixup_user_fault } from './gup.ts';
import { follow_pfn, follow_pfnmap_end, follow_pfnmap_start, follow_pte, pte_unmap_unlock } from './memory.ts';

/**
 * The frame at an address of a VM_IO or VM_PFNMAP vma; makes the entry first if there is none. Returns its number; -EAGAIN if mmap_lock was
 * dropped on the way: look the vma up again; what `fixup_user_fault` says; -EFAULT for a write where the entry forbids it.
 * Locks: mmap_lock as a reader. The number may be old as soon as it is there. Until v5.11 the entry's rights go unseen
 * (commits 07956b6269d3, bd2fae8da794).
 */
export function* followOrFault(vma: vm_area_struct, address: number, isWrite: boolean): Kernel<number> {
  const found = yield* follow(vma, address, isWrite);
  if (found !== -EINVAL) return found;
  const unlocked = { isUnlocked: false };
  const flags = FAULT_FLAG_REMOTE | (isWrite ? FAULT_FLAG_WRITE : 0);
  const error = yield* fixup_user_fault(vma.vm_mm, address, flags, unlocked);
  if (unlocked.isUnlocked) return -EAGAIN;
  return error || (yield* follow(vma, address, isWrite));
}

/** What is there now. Returns as `followOrFault`; -EINVAL if nothing is mapped. */
export function* follow(vma: vm_area_struct, address: number, isWrite: boolean): Kernel<number> {
  const { version } = vma.vm_mm;
  if (version < KERNEL_VERSION(5, 12)) return yield* follow_pfn(vma, address);
  if (version >= KERNEL_VERSION(6, 12)) return yield* followPfnmap(vma, address, isWrite);
  const followed = yield* follow_pte(vma.vm_mm, address);
  if (typeof followed === 'number') return followed;
  const frame = (pte: pte_t) => (isWrite && !pte_write(pte) ? -EFAULT : pte_pfn(pte));
  const pfn = yield* readAs(followed.ptep, frame, 'ptep_get');
  yield* pte_unmap_unlock(followed);
  return pfn;
}

function* followPfnmap(vma: vm_area_struct, address: number, isWrite: boolean): Kernel<number> {
  const args = yield* follow_pfnmap_start(vma, address);
  if (typeof args === 'number') return args;
  yield* follow_pfnmap_end(args);
  return isWrite && !args.writable ? -EFAULT : args.pfn;
}
