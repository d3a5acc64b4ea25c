import {
  __vfio_pci_memory_enabled,
  down_read,
  EEXIST,
  ENOMEM,
  entriesOf,
  get,
  io_remap_pfn_range,
  type Kernel,
  kfree,
  kzalloc,
  list_add,
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

// The memory is fetched before the list is searched; a duplicate gives it back.
export function* __vfio_pci_add_vma(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  const mmap_vma = yield* kzalloc(vfio_pci_mmap_vma);
  if (!mmap_vma) return -ENOMEM;
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) {
      yield* kfree(mmap_vma);
      return -EEXIST;
    }
  }
  yield* set(mmap_vma.vma, vma);
  yield* list_add(mmap_vma.vma_next, vdev.vma_list);
  return 0;
}

const answers: Record<number, vm_fault_t> = { 0: VM_FAULT_NOPAGE, [-EEXIST]: VM_FAULT_NOPAGE, [-ENOMEM]: VM_FAULT_OOM };

export function* vfio_pci_mmap_fault({ vma }: vm_fault): Kernel<vm_fault_t> {
  const { vma_lock, memory_lock, vma_list } = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  let ret = VM_FAULT_SIGBUS;
  yield* mutex_lock(vma_lock);
  yield* down_read(memory_lock);
  if (yield* __vfio_pci_memory_enabled(vma.vm_private_data)) {
    const error = yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
    ret = answers[error] ?? VM_FAULT_SIGBUS;
    if (error === 0 && (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot))) {
      ret = VM_FAULT_SIGBUS;
      yield* zap_vma_ptes(vma, vma.vm_start, size);
      const mine = yield* next(vma_list); // list_add puts it first
      if (mine) {
        yield* list_del(mine.vma_next);
        yield* kfree(mine);
      }
    }
  }
  yield* up_read(memory_lock);
  yield* mutex_unlock(vma_lock);
  return ret;
}
