/** Entries above the lowest table that map huge pages themselves. Source: include/linux/huge_mm.h, v6.12; only what is used. */

import { PAGE_SHIFT } from '../../arch/x86/include/asm/page_types.ts';
import { PMD_SHIFT, PUD_SHIFT } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_NOHUGEPAGE } from './mm.ts';
import type { vm_area_struct } from './mm_types.ts';

/** A huge page of 2 MiB is so many powers of two of small ones; one of 1 GiB, so many. */
export const PMD_ORDER = PMD_SHIFT - PAGE_SHIFT;
export const PUD_ORDER = PUD_SHIFT - PAGE_SHIFT;
/** Clears the offset in the huge page. For addresses below 2^31. */
export const PMD_MASK = ~(2 ** PMD_SHIFT - 1);
export const PUD_MASK = ~(2 ** PUD_SHIFT - 1);

/**
 * Whether a fault in the vma may make a leaf of that order: a driver that can, and a program that has not refused (MADV_NOHUGEPAGE).
 * Whether the leaf would lie in the vma is for the driver to look at. Left out: the policy of sysfs, which counted until 2026 (e384abeb559d).
 */
export const thp_vma_allowable_order = ({ vm_ops, vm_flags }: vm_area_struct, order: number): boolean =>
  (order === PMD_ORDER || order === PUD_ORDER) && vm_ops.huge_fault !== undefined && !(vm_flags & VM_NOHUGEPAGE);
