import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  down_read,
  get,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  next,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vfio_pci_core_device,
  type vm_area_struct,
  type vm_fault,
  type vm_fault_t,
} from '#linux';

// Each way out gives back what it holds; the list is walked link by link; the vma is put on it last.
export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vdev = vmf.vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);

  if (!(yield* __vfio_pci_memory_enabled(vdev))) return yield* leave(vdev, VM_FAULT_SIGBUS);
  for (let entry = yield* next(vdev.vma_list); entry; entry = yield* next(entry.vma_next)) {
    if ((yield* get(entry.vma)) === vmf.vma) return yield* leave(vdev, VM_FAULT_NOPAGE);
  }
  return yield* leave(vdev, yield* fill(vdev, vmf.vma));
}

function* leave(vdev: vfio_pci_core_device, ret: vm_fault_t): Kernel<vm_fault_t> {
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

function* fill(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vm_fault_t> {
  const { vm_start, vm_end, vm_pgoff, vm_page_prot } = vma;
  if (yield* io_remap_pfn_range(vma, vm_start, vm_pgoff, vm_end - vm_start, vm_page_prot)) return VM_FAULT_SIGBUS;
  return (yield* __vfio_pci_add_vma(vdev, vma)) ? VM_FAULT_OOM : VM_FAULT_NOPAGE;
}
