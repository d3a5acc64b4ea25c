import { type Kernel, type vm_fault, type vm_fault_t, vmf_insert_pfn } from '#linux';

// The core has done the sum already: vmf.pgoff is vm_pgoff plus the page's number, and this driver keeps a PFN in vm_pgoff.
export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return yield* vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
}
