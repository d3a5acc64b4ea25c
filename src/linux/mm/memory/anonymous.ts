/** The first touch of anonymous memory. Models mm/memory.c, v5.14. */

import {
  hasPte,
  pfn_pte,
  pte_mkdirty,
  pte_mkspecial,
  pte_mkwrite,
  type pte_t,
  set_pte_at,
} from '../../arch/x86/include/asm/pgtable.ts';
import { FAULT_FLAG_WRITE, VM_SHARED, VM_WRITE, type vm_fault } from '../../include/linux/mm.ts';
import {
  type page,
  type Ram,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
} from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import { alloc_page } from '../page_alloc.ts';
import { put_page } from '../swap.ts';
import { type Path, pathTo, pte_alloc, pte_lockptr } from './tables.ts';

/**
 * A read maps the zero page, which all share; a write a page of its own. The page is had first, then ptl is taken and the entry looked at
 * again: who loses gives its page back, and that is no error.
 * Returns 0; VM_FAULT_OOM; VM_FAULT_SIGBUS for a shared vma (its memory would be a file's). Locks: mmap_lock as a reader.
 * Left out: memory cgroups, reverse mapping, userfaultfd.
 */
export function* do_anonymous_page({ vma, address, flags, pmd }: vm_fault): Kernel<vm_fault_t> {
  if (vma.vm_flags & VM_SHARED) return VM_FAULT_SIGBUS;
  const { pud, pte } = pathTo(vma.vm_mm, address) as Path;
  if (!(yield* pte_alloc(pud, pmd))) return VM_FAULT_OOM;
  const isWrite = (flags & FAULT_FLAG_WRITE) !== 0;
  const page = isWrite ? yield* alloc_page() : null;
  if (isWrite && !page) return VM_FAULT_OOM;
  yield* spin_lock(pte_lockptr(pmd));
  if (!(yield* hasPte(pte))) yield* set_pte_at(pte, page ? writtenTo(page, vma) : zeroFor(vma));
  else if (page) yield* put_page(page);
  yield* spin_unlock(pte_lockptr(pmd));
  return 0;
}

/** The entry of a page that is about to be written to. */
export const writtenTo = (page: page, vma: vm_area_struct): pte_t => maybe_mkwrite(pte_mkdirty(mk_pte(page, vma)), vma);

/** The entry of a page, with the vma's rights. Left out: the protection is an argument in Linux. */
export const mk_pte = ({ pfn }: page, { vm_page_prot }: vm_area_struct): pte_t => pfn_pte(pfn, vm_page_prot);

/** With the right to write, if the vma has it. Source: include/linux/mm.h. */
export const maybe_mkwrite = (pte: pte_t, { vm_flags }: vm_area_struct): pte_t =>
  vm_flags & VM_WRITE ? pte_mkwrite(pte) : pte;

/** Special, so that nobody counts it. */
const zeroFor = ({ vm_mm: { ram }, vm_page_prot }: vm_area_struct) =>
  pte_mkspecial(pfn_pte((ram as Ram).zero_page.pfn, vm_page_prot));
