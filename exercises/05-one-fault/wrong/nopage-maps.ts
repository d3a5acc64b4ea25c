// misconception: nopage-maps
import { type Kernel, VM_FAULT_NOPAGE, type vm_fault, type vm_fault_t } from '#linux';

export function* vfio_pci_mmap_fault(_vmf: vm_fault): Kernel<vm_fault_t> {
  return VM_FAULT_NOPAGE;
}
