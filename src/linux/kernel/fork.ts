/** The life of vmas and address spaces. Models kernel/fork.c, v6.1 unless another version is named. */

import { allocate, free, get, update, write } from '#explore';
import { flush_tlb_range } from '../arch/x86/mm/tlb.ts';
import { ENOMEM } from '../include/linux/errno.ts';
import { vma_start_write } from '../include/linux/mm/vmaLock.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/linux/mmap_lock.ts';
import { KERNEL_VERSION } from '../include/linux/version.ts';
import type { Kernel } from '../kernel.ts';
import { should_failslab } from '../mm/failslab.ts';
import { vma_interval_tree_insert_after } from '../mm/interval_tree.ts';
import { copy_page_range } from '../mm/memory/copy.ts';
import { exit_mmap, vma_mas_store, vmasIn, withMappingLocked } from '../mm/mmap.ts';
import { initialShape, kindOfCopy, reshape, shapeOf } from '../vma.ts';
import { call_rcu } from './rcu/tree.ts';

/**
 * A copy of the vma, for the address space `mm`, not linked yet, without its entries. Returns null if there is no memory for it.
 * Locks: mmap_lock. In Linux the caller sets `vm_mm`; here a vma is of one address space for ever, and named after the place `at` which
 * it will begin, if that has a name.
 */
export function* vm_area_dup(
  orig: vm_area_struct,
  mm: mm_struct,
  at: number | null = null,
): Kernel<vm_area_struct | null> {
  const kind = kindOfCopy(orig, mm, at);
  if (yield* should_failslab(kind)) return null;
  const copy = yield* allocate(kind, 'vm_area_dup');
  yield* reshape(copy, shapeOf(orig));
  return copy;
}

/**
 * A vma that begins at the address and shows the whole of what `like` showed when the world began, not linked yet. Returns null if there
 * is no memory for it. Locks: mmap_lock as the writer. In Linux it is empty, and the caller fills it in.
 */
export function* vm_area_alloc(like: vm_area_struct, mm: mm_struct, at: number): Kernel<vm_area_struct | null> {
  const kind = kindOfCopy(like, mm, at);
  if (yield* should_failslab(kind)) return null;
  const vma = yield* allocate(kind, 'vm_area_alloc');
  const { vm_start, vm_end, ...shape } = initialShape(like);
  yield* reshape(vma, { ...shape, vm_start: at, vm_end: at + vm_end - vm_start });
  return vma;
}

/** Frees the vma, since v6.4 once no reader without mmap_lock can have it: to touch it afterwards is `use after free`. Locks: mmap_lock as writer; nobody else may still find the vma. */
export function* vm_area_free(vma: vm_area_struct): Kernel {
  yield* vma.vm_lock ? call_rcu(() => free(vma, 'vm_area_free')) : free(vma, 'vm_area_free');
}

/** A look into a vma that was found by other ways than through mmap_lock, at what never changes of it. A freed one: `use after free`. */
export function* touchVma(vma: vm_area_struct): Kernel {
  yield* get(vma.memory, 'not freed');
}

/** Makes the child, and lets its tasks run. Returns 0; -ENOMEM: then there is no child. Locks: takes mmap_lock of both as the writer. */
export function* kernel_clone(oldmm: mm_struct, mm: mm_struct): Kernel<number> {
  const error = yield* dup_mm(mm, oldmm);
  if (mm.birth) yield* write(mm.birth, error ? 'never' : 'born', 'wake_up_new_task');
  return error;
}

/** Fills the child's address space. Returns 0; -ENOMEM, after all that was copied until then has been taken down. */
export function* dup_mm(mm: mm_struct, oldmm: mm_struct): Kernel<number> {
  const error = yield* dup_mmap(mm, oldmm);
  if (error) yield* __mmput(mm);
  return error;
}

/** Copies all vmas of the parent. Returns 0, or -ENOMEM at the first that cannot be copied. Locks: takes mmap_lock of both as the writer. */
export function* dup_mmap(mm: mm_struct, oldmm: mm_struct): Kernel<number> {
  let error = 0;
  yield* mmap_write_lock(oldmm);
  yield* mmap_write_lock(mm);
  for (const mpnt of yield* vmasIn(oldmm, 0, Number.POSITIVE_INFINITY)) {
    if (mm.version >= KERNEL_VERSION(6, 5)) yield* vma_start_write(mpnt);
    error = yield* copyVma(mm, mpnt);
    yield* flush_tlb_range(mpnt, mpnt.vm_start, mpnt.vm_end); // what was copied may have lost the right to be written to
    if (error) break;
  }
  yield* mmap_write_unlock(mm);
  yield* mmap_write_unlock(oldmm);
  return error;
}

/**
 * One vma of a fork. Until v6.8 its entries are copied first, and `open` finds them; since commit 35e351780fa9 (v6.9) `open` comes before, and
 * finds none. The child's vma stands in the file's tree behind its parent's, so a walk that meets both cannot miss an entry that is copied
 * meanwhile. Returns 0 or -ENOMEM.
 */
function* copyVma(mm: mm_struct, mpnt: vm_area_struct): Kernel<number> {
  const tmp = yield* vm_area_dup(mpnt, mm, mpnt.vm_start);
  if (!tmp) return -ENOMEM;
  yield* vma_mas_store(mm, tmp);
  const { open } = tmp.vm_ops;
  const isOpenFirst = mm.version >= KERNEL_VERSION(6, 9);
  if (open && isOpenFirst) yield* open(tmp);
  yield* withMappingLocked(tmp, (mapping) => vma_interval_tree_insert_after(tmp, mpnt, mapping));
  const error = yield* copy_page_range(tmp, mpnt);
  if (open && !isOpenFirst) yield* open(tmp);
  return error;
}

/** Takes a reference to the address space, unless it is being taken down already. Returns whether it did. Source: include/linux/sched/mm.h. */
export function* mmget_not_zero({ mm_users }: mm_struct): Kernel<boolean> {
  return mm_users === null || (yield* update(mm_users, (users) => (users ? users + 1 : 0), 'mmget_not_zero')) > 0;
}

/** Gives a reference back; the last one takes the address space down. Locks: none of mmap_lock, nor of what `close` takes. */
export function* mmput(mm: mm_struct): Kernel {
  if (mm.mm_users && (yield* update(mm.mm_users, (users) => users - 1, 'mmput')) === 1) yield* __mmput(mm);
}

/** Takes the address space down: nobody uses it any more. */
export function* __mmput(mm: mm_struct): Kernel {
  yield* exit_mmap(mm);
}
