/** From an entry to the page behind it. Models mm/memory.c, v5.14. */

import { pte_pfn, pte_special, type pte_t } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_PFNMAP } from '../../include/linux/mm.ts';
import type { mm_struct, page, vm_area_struct } from '../../include/linux/mm_types.ts';

/** Whether entries of the vma may map pages of RAM, which are counted. Those of a device's vma are bare frame numbers. */
export const mayMapPages = ({ vm_flags, vm_mm }: vm_area_struct): boolean =>
  vm_mm.ram !== null && !(vm_flags & VM_PFNMAP);

/** Whether the frame is one of RAM, and so has a struct page. Source: include/linux/mmzone.h, where it asks the machine, not an address space. */
export const pfn_valid = ({ ram }: mm_struct, pfn: number): boolean => ram?.pages[pfn] !== undefined;

/** The page that a present entry of the vma maps; null for bare frame numbers and for the zero page: nobody counts those. */
export function vm_normal_page(vma: vm_area_struct, pte: pte_t): page | null {
  if (!mayMapPages(vma) || pte_special(pte)) return null;
  return vma.vm_mm.ram?.pages[pte_pfn(pte)] ?? null;
}
