/** Offsets in what is mapped. Source: include/linux/pagemap.h, v5.14. */

import { PAGE_SHIFT } from '../../arch/x86/include/asm/page_types.ts';
import type { vm_area_struct } from './mm_types.ts';

/** The page of what is mapped that stands at the address: `vm_pgoff`, and the page's number in the vma. */
export function linear_page_index(vma: vm_area_struct, address: number): number {
  return vma.vm_pgoff + ((address - vma.vm_start) >> PAGE_SHIFT);
}
