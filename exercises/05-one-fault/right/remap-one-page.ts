import {
  io_remap_pfn_range,
  type Kernel,
  PAGE_SIZE,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_fault,
  type vm_fault_t,
} from '#linux';

// One CPU, so nobody else fills the entry: the other function does as well.
export function* vfio_pci_mmap_fault({ vma, address }: vm_fault): Kernel<vm_fault_t> {
  const pfn = vma.vm_pgoff + (address - vma.vm_start) / PAGE_SIZE;
  const error = yield* io_remap_pfn_range(vma, address, pfn, PAGE_SIZE, vma.vm_page_prot);
  return error ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}
