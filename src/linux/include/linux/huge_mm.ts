/** Entries above the lowest table that map huge pages themselves. Source: include/linux/huge_mm.h, v6.12; only what is used. */

import { PAGE_SHIFT } from '../../arch/x86/include/asm/page_types.ts';
import { PMD_SHIFT, PUD_SHIFT } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_MIXEDMAP, VM_NOHUGEPAGE, VM_PFNMAP } from './mm.ts';
import type { vm_area_struct } from './mm_types.ts';
import { MMF_DISABLE_THP } from './sched/coredump.ts';

/** A huge page of 2 MiB is so many powers of two of small ones; one of 1 GiB, so many. */
export const PMD_ORDER = PMD_SHIFT - PAGE_SHIFT;
export const PUD_ORDER = PUD_SHIFT - PAGE_SHIFT;
/** Clears the offset in the huge page. For addresses below 2^31. */
export const PMD_MASK = ~(2 ** PMD_SHIFT - 1);
export const PUD_MASK = ~(2 ** PUD_SHIFT - 1);

/**
 * Whether a fault in the vma may make a leaf of that order: bare frames of a file ("special huge": 2 MiB and 1 GiB, no other), and a program that
 * has refused neither for the vma (MADV_NOHUGEPAGE) nor for its process (prctl PR_SET_THP_DISABLE). Whether the leaf would lie in the vma,
 * and its frames as they must, is for the driver to look at: nobody does after it.
 * Left out: RAM, of which no leaf is modelled; and the policy of sysfs, which counted until 2026 (e384abeb559d).
 */
export const thp_vma_allowable_order = ({ vm_flags, vm_mm }: vm_area_struct, order: number): boolean =>
  (order === PMD_ORDER || order === PUD_ORDER) &&
  (vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) !== 0 &&
  !(vm_flags & VM_NOHUGEPAGE) &&
  !(vm_mm.flags & MMF_DISABLE_THP);
