// misconception: bytes-for-pages
import { type Kernel, type vm_fault, type vm_fault_t, vmf_insert_pfn } from '#linux';

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const { vma } = vmf;
  const pfn = vma.vm_pgoff + (vmf.address - vma.vm_start);
  return yield* vmf_insert_pfn(vma, vmf.address, pfn);
}
