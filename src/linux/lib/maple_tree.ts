/** The tree of a process's vmas, as readers without mmap_lock see it. Models lib/maple_tree.c, v6.12, by `mm_rb`'s few places. */

import { type Cell, get, readAs, set } from '#explore';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { rcu_assign_pointer, rcu_dereference } from '../include/linux/rcupdate.ts';
import type { Kernel } from '../kernel.ts';
import { toldToContain } from '../vma.ts';

/**
 * The vma whose range the tree says contains the address; null: none. Without mmap_lock the answer may be old, or miss one that moves
 * meanwhile. Locks: rcu_read_lock, or mmap_lock.
 */
export function* mas_walk(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  if (!mm.isReshaped) return yield* amongFixed(mm, address);
  for (const place of mm.mm_rb) {
    const vma = yield* rcu_dereference(place);
    if (!vma?.shape) continue;
    if (yield* readAs(vma.shape, toldToContain(address), 'mas_walk')) return vma;
  }
  return null;
}

/** Where vmas never change only one place can have it; where none even goes away, that is no step. */
function* amongFixed(mm: mm_struct, address: number): Kernel<vm_area_struct | null> {
  const isIt = (vma: vm_area_struct | null) => vma !== null && address >= vma.vm_start && address < vma.vm_end;
  const place = mm.mm_rb.find(({ initial }) => isIt(initial));
  if (!place) return null;
  return yield* mm.mm_lock_seq ? rcu_dereference(place) : get(place, 'mas_walk');
}

/** Puts a vma into its place of the tree, or null for none. Locks: mmap_lock as the writer. */
export function* mas_store(
  mm: mm_struct,
  place: Cell<vm_area_struct | null>,
  vma: vm_area_struct | null,
  called = 'mas_store',
): Kernel {
  yield* mm.mm_lock_seq ? rcu_assign_pointer(place, vma) : set(place, vma, called);
}
