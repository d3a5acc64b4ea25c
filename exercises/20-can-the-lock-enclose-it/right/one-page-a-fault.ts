import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  down_read,
  entriesOf,
  get,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  up_read,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vfio_pci_core_device,
  type vm_area_struct,
  type vm_fault,
  type vm_fault_t,
  vmf_insert_pfn,
} from '#linux';

/** Whether the vma is on the list. Locks: vma_lock. */
function* isListed(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<boolean> {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return true;
  }
  return false;
}

// Nothing to look at again but the list: vmf_insert_pfn looks at the entry itself, under the page table's lock.
export function* vfio_pci_mmap_fault({ vma, address, pgoff }: vm_fault): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  let ret = VM_FAULT_SIGBUS;

  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  if (yield* __vfio_pci_memory_enabled(vdev)) {
    const isNew = !(yield* isListed(vdev, vma));
    if (isNew && (yield* __vfio_pci_add_vma(vdev, vma))) ret = VM_FAULT_OOM;
    else ret = yield* vmf_insert_pfn(vma, address, pgoff);
  }
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
