/*
 * A program has touched a page of your mapping, and the CPU found
 * no entry for it. The kernel calls you.
 *
 *   vmf.address   the touched address, rounded down to its page
 *   vma.vm_start  where the mapping starts
 *   vma.vm_pgoff  PFN of its first page; the others follow
 *   PAGE_SHIFT    12: a page is 1 << 12 bytes
 *
 * One line is wrong. Which frame belongs behind vmf.address?
 */
import { type Kernel, PAGE_SHIFT, type vm_fault, type vm_fault_t, vmf_insert_pfn } from '#linux';

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma } = vmf;
  const pfn = 0xbad;
  return yield* vmf_insert_pfn(vma, vmf.address, pfn);
}
