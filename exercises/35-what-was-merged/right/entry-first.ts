import {
  __vfio_pci_memory_enabled,
  down_read,
  entriesOf,
  get,
  io_remap_pfn_range,
  type Kernel,
  kfree,
  kzalloc,
  list_add,
  mutex_lock,
  mutex_unlock,
  set,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vfio_pci_core_device,
  vfio_pci_mmap_vma,
  type vm_area_struct,
  type vm_fault,
  type vm_fault_t,
  zap_vma_ptes,
} from '#linux';

// The entry is allocated before anything is filled, and linked after: once the remap has worked, nothing can fail.
export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  const ret = yield* fill(vdev, vma, size);
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

function* fill(vdev: vfio_pci_core_device, vma: vm_area_struct, size: number): Kernel<vm_fault_t> {
  if (!(yield* __vfio_pci_memory_enabled(vdev))) return VM_FAULT_SIGBUS;
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return VM_FAULT_NOPAGE;
  }
  const mmap_vma = yield* kzalloc(vfio_pci_mmap_vma);
  if (!mmap_vma) return VM_FAULT_OOM;
  if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) {
    yield* zap_vma_ptes(vma, vma.vm_start, size);
    yield* kfree(mmap_vma);
    return VM_FAULT_SIGBUS;
  }
  yield* set(mmap_vma.vma, vma);
  yield* list_add(mmap_vma.vma_next, vdev.vma_list);
  return VM_FAULT_NOPAGE;
}
