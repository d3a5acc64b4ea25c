/** Moving a mapping to other addresses. Models mm/mremap.c, v5.14, for moves that keep the size. */

import type { Cell } from '#explore';
import { PAGE_MASK, PAGE_SHIFT, PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { hasPte, native_ptep_get_and_clear, type pte_t, set_pte_at } from '../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../arch/x86/mm/tlb.ts';
import { EFAULT, EINVAL, ENOMEM } from '../include/linux/errno.ts';
import { VM_DONTEXPAND, VM_PFNMAP } from '../include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/linux/mmap_lock.ts';
import { spin_lock, spin_unlock } from '../kernel/locking/spinlock.ts';
import type { Kernel } from '../kernel.ts';
import { allocateTables, areTablesAbsent, type Path, pathTo, pte_lockptr, stretchesOf } from './memory/tables.ts';
import { __do_munmap, copy_vma, find_vma } from './mmap.ts';

/**
 * The system call with MREMAP_MAYMOVE and MREMAP_FIXED: what is mapped at `addr` comes to stand at `new_addr`, and what was there goes.
 * Returns `new_addr`, or a negative error number: -EINVAL for addresses within a page or ranges that overlap; as `vma_to_resize`; as `move_vma`.
 * Locks: takes mmap_lock as the writer. Left out: shrinking; growth, but for its refusal.
 */
export function* mremap_to(
  mm: mm_struct,
  addr: number,
  old_len: number,
  new_addr: number,
  new_len: number,
): Kernel<number> {
  const isInPage = ((addr | new_addr) & ~PAGE_MASK) !== 0;
  if (isInPage || (addr < new_addr + new_len && new_addr < addr + old_len)) return -EINVAL;
  yield* mmap_write_lock(mm);
  const result = yield* moveTo(mm, addr, old_len, new_addr, new_len);
  yield* mmap_write_unlock(mm);
  return result;
}

function* moveTo(mm: mm_struct, addr: number, old_len: number, new_addr: number, new_len: number): Kernel<number> {
  const error = yield* __do_munmap(mm, new_addr, new_len);
  if (error) return error;
  const vma = yield* vma_to_resize(mm, addr, old_len, new_len);
  return typeof vma === 'number' ? vma : yield* move_vma(vma, addr, old_len, new_addr);
}

/**
 * The vma, if it may come to have that size. -EFAULT where none is, for a range beyond its end, and for a growth that VM_DONTEXPAND or
 * VM_PFNMAP forbid; to move it as it is they do not. Locks: mmap_lock. Throws for other growth, which is left out.
 */
export function* vma_to_resize(
  mm: mm_struct,
  addr: number,
  old_len: number,
  new_len: number,
): Kernel<vm_area_struct | number> {
  const vma = yield* find_vma(mm, addr);
  if (!vma || addr < vma.vm_start) return -EFAULT;
  if (old_len > vma.vm_end - addr) return -EFAULT;
  if (new_len === old_len) return vma;
  if (vma.vm_flags & (VM_DONTEXPAND | VM_PFNMAP)) return -EFAULT;
  throw new Error('mremap with another size is left out of the simulation');
}

/**
 * Makes a copy of the vma at the new address (the driver's `open`), moves the entries into it, and unmaps the old range (`close`).
 * Returns the new address; -ENOMEM if there is no memory: for the vma, or for a table, and then the entries are moved back.
 * Locks: mmap_lock as the writer. Left out: accounting, `vm_ops->mremap`, `may_split`.
 */
export function* move_vma(vma: vm_area_struct, old_addr: number, len: number, new_addr: number): Kernel<number> {
  const { vm_mm: mm } = vma;
  const new_pgoff = vma.vm_pgoff + ((old_addr - vma.vm_start) >> PAGE_SHIFT);
  const new_vma = yield* copy_vma(vma, new_addr, len, new_pgoff);
  if (!new_vma) return -ENOMEM;
  const isMoved = yield* move_page_tables(mm, old_addr, new_addr, len);
  if (!isMoved) yield* move_page_tables(mm, new_addr, old_addr, len);
  yield* __do_munmap(mm, isMoved ? old_addr : new_addr, len); // an old range that cannot be cut out stays mapped
  return isMoved ? new_addr : -ENOMEM;
}

/**
 * Moves the entries of a range. Returns whether all could be: not, where there is no memory for a table. In Linux it returns how far it came.
 * Locks: mmap_lock as the writer. Left out: mmu notifiers, the moving of whole tables.
 */
export function* move_page_tables(mm: mm_struct, old_addr: number, new_addr: number, len: number): Kernel<boolean> {
  for (const { pages, ...old } of stretchesOf(mm, old_addr, old_addr + len)) {
    if (yield* areTablesAbsent(old)) continue;
    const moves = pages.map(({ address, pte }) => ({
      address,
      from: pte,
      to: pathTo(mm, address - old_addr + new_addr) as Path,
    }));
    for (const to of new Set(moves.map((move) => move.to.pmd))) {
      const ofTable = moves.filter((move) => move.to.pmd === to);
      if (!(yield* allocateTables(mm, (ofTable[0] as Move).to))) return false;
      yield* move_ptes(mm, old.pmd, to, ofTable);
    }
  }
  return true;
}

interface Move {
  /** Where the entry stands that goes. */
  readonly address: number;
  readonly from: Cell<pte_t>;
  readonly to: Path;
}

/** The entries that go from one table into one other, under the ptls of both, the old one's first. No TLB has them any more before others may look. */
export function* move_ptes(mm: mm_struct, old_pmd: Path['pmd'], new_pmd: Path['pmd'], moves: readonly Move[]): Kernel {
  const old_ptl = pte_lockptr(old_pmd);
  const new_ptl = pte_lockptr(new_pmd);
  yield* spin_lock(old_ptl);
  if (new_ptl !== old_ptl) yield* spin_lock(new_ptl);
  for (const { address, from, to } of moves) {
    if (!(yield* hasPte(from))) continue;
    yield* set_pte_at(to.pte, yield* native_ptep_get_and_clear(from));
    yield* flush_tlb_mm_range(mm, address, address + PAGE_SIZE);
  }
  if (new_ptl !== old_ptl) yield* spin_unlock(new_ptl);
  yield* spin_unlock(old_ptl);
}
