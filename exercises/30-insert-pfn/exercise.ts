// Version 2, March 2021: vmf_insert_pfn(vma, address, pfn) for
// each page of the vma. One entry on vma_list for each vma:
// __vfio_pci_add_vma does not look for duplicates. If it has no
// memory for the entry: VM_FAULT_OOM.
//
// vmf_insert_pfn answers in VM_FAULT_ bits; VM_FAULT_ERROR is all
// that mean a failure. The first failure ends the loop and is the
// answer. Then nothing of the vma stays mapped, or on the list:
// zap_vma_ptes(vma, from, size); list_del(entry.vma_next) and
// kfree(entry), with the entry from entriesOf(vdev.vma_list).

import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  down_read,
  entriesOf,
  get,
  type Kernel,
  kfree,
  list_del,
  mutex_lock,
  mutex_unlock,
  PAGE_SIZE,
  up_read,
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_fault,
  type vm_fault_t,
  vmf_insert_pfn,
  zap_vma_ptes,
} from '#linux';

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  let ret = VM_FAULT_NOPAGE;

  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);

  if (!(yield* __vfio_pci_memory_enabled(vdev))) {
    ret = VM_FAULT_SIGBUS;
  } else {
    ret = VM_FAULT_NOPAGE; // not yet true: list it, and fill it
  }

  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
