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

/** Whether the vma is on the list, and so filled. Locks: vma_lock. */
function* isListed(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<boolean> {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return true;
  }
  return false;
}

// memory_lock only round the test. While vma_lock is held, nobody can switch the memory off: that takes vma_lock first.
export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  let ret = VM_FAULT_NOPAGE;

  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  const isOn = yield* __vfio_pci_memory_enabled(vdev);
  yield* up_read(vdev.memory_lock);

  if (!isOn) {
    ret = VM_FAULT_SIGBUS;
  } else if (!(yield* isListed(vdev, vma))) {
    if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) {
      yield* zap_vma_ptes(vma, vma.vm_start, size);
      ret = VM_FAULT_SIGBUS;
    } else if (yield* __vfio_pci_add_vma(vdev, vma)) {
      yield* zap_vma_ptes(vma, vma.vm_start, size);
      ret = VM_FAULT_OOM;
    }
  }

  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
