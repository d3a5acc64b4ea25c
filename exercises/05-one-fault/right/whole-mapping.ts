import { type Kernel, PAGE_SIZE, VM_FAULT_NOPAGE, type vm_fault, type vm_fault_t, vmf_insert_pfn } from '#linux';

// The first touch fills the whole mapping; the others find their entries.
export function* vfio_pci_mmap_fault({ vma }: vm_fault): Kernel<vm_fault_t> {
  let pfn = vma.vm_pgoff;
  for (let address = vma.vm_start; address < vma.vm_end; address += PAGE_SIZE) {
    const ret = yield* vmf_insert_pfn(vma, address, pfn);
    if (ret !== VM_FAULT_NOPAGE) return ret;
    pfn++;
  }
  return VM_FAULT_NOPAGE;
}
