import {
  __vfio_pci_memory_enabled,
  down_read,
  EEXIST,
  ENOMEM,
  entriesOf,
  get,
  io_remap_pfn_range,
  type Kernel,
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

export function* __vfio_pci_add_vma(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  if (yield* isListed(vdev, vma)) return -EEXIST;
  const mmap_vma = yield* kzalloc(vfio_pci_mmap_vma);
  if (!mmap_vma) return -ENOMEM;
  yield* set(mmap_vma.vma, vma);
  yield* list_add(mmap_vma.vma_next, vdev.vma_list);
  return 0;
}

function* isListed(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<boolean> {
  for (const entry of yield* entriesOf(vdev.vma_list)) if ((yield* get(entry.vma)) === vma) return true;
  return false;
}

// The other order, Zeng Tao's: with the entry made last there is none to take back.
export function* vfio_pci_mmap_fault({ vma }: vm_fault): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  let ret = VM_FAULT_NOPAGE;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  if (!(yield* __vfio_pci_memory_enabled(vdev))) ret = VM_FAULT_SIGBUS;
  else if (!(yield* isListed(vdev, vma))) {
    if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) ret = VM_FAULT_SIGBUS;
    else if (yield* __vfio_pci_add_vma(vdev, vma)) ret = VM_FAULT_OOM;
    if (ret !== VM_FAULT_NOPAGE) yield* zap_vma_ptes(vma, vma.vm_start, size);
  }
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
