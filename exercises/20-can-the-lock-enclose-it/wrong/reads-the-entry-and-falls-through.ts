// misconception: found-and-filled

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
  pte_none,
  READ_ONCE,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_fault,
  type vm_fault_t,
} from '#linux';

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  let ret = VM_FAULT_NOPAGE;

  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);

  if (!(yield* __vfio_pci_memory_enabled(vdev))) {
    ret = VM_FAULT_SIGBUS;
  } else if (vmf.pte && !pte_none(yield* READ_ONCE(vmf.pte))) {
    ret = VM_FAULT_NOPAGE;
  } else if (yield* __vfio_pci_add_vma(vdev, vma)) {
    ret = VM_FAULT_OOM;
  }

  if (ret === VM_FAULT_NOPAGE && (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot))) {
    ret = VM_FAULT_SIGBUS;
  }
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
