// The handler of Linux 5.14. Its three steps stand here in order:
// look up, remap, add last. What is missing:
//
// 1. The device's memory may be off: VM_FAULT_SIGBUS. And which
//    locks, from where to where?
// 2. If the remap fails, or the add: nothing may be left in the
//    page table. zap_vma_ptes(vma, from, size)

import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  down_read,
  entriesOf,
  get,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vfio_pci_core_device,
  type vm_area_struct,
  type vm_fault,
  type vm_fault_t,
  zap_vma_ptes,
} from '#linux';

/** Whether the vma is on the list. */
function* isListed(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<boolean> {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return true;
  }
  return false;
}

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;

  if (yield* isListed(vdev, vma)) return VM_FAULT_NOPAGE;
  if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) return VM_FAULT_SIGBUS;
  if (yield* __vfio_pci_add_vma(vdev, vma)) return VM_FAULT_OOM;
  return VM_FAULT_NOPAGE;
}
