import {
  __vfio_pci_memory_enabled,
  down_read,
  EEXIST,
  ENOMEM,
  get,
  io_remap_pfn_range,
  type Kernel,
  kfree,
  kzalloc,
  list_add_tail,
  list_del,
  mutex_lock,
  mutex_unlock,
  next,
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

/** The vma's entry, or null. Locks: vma_lock. */
function* entryOf(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vfio_pci_mmap_vma | null> {
  for (let entry = yield* next(vdev.vma_list); entry; entry = yield* next(entry.vma_next)) {
    if ((yield* get(entry.vma)) === vma) return entry;
  }
  return null;
}

export function* __vfio_pci_add_vma(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  if (yield* entryOf(vdev, vma)) return -EEXIST;
  const mmap_vma = yield* kzalloc(vfio_pci_mmap_vma);
  if (!mmap_vma) return -ENOMEM;
  yield* set(mmap_vma.vma, vma);
  yield* list_add_tail(mmap_vma.vma_next, vdev.vma_list);
  return 0;
}

/** Lists and fills it. Locks: vma_lock, memory_lock. */
function* populate(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vm_fault_t> {
  const size = vma.vm_end - vma.vm_start;
  const error = yield* __vfio_pci_add_vma(vdev, vma);
  if (error === -EEXIST) return VM_FAULT_NOPAGE;
  if (error) return VM_FAULT_OOM;
  const failed = yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot);
  if (!failed) return VM_FAULT_NOPAGE;
  const mine = yield* entryOf(vdev, vma);
  if (mine) {
    yield* list_del(mine.vma_next);
    yield* kfree(mine);
  }
  yield* zap_vma_ptes(vma, vma.vm_start, size);
  return failed === -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

export function* vfio_pci_mmap_fault({ vma }: vm_fault): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  const ret = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* populate(vdev, vma) : VM_FAULT_SIGBUS;
  yield* mutex_unlock(vdev.vma_lock);
  yield* up_read(vdev.memory_lock);
  return ret;
}
