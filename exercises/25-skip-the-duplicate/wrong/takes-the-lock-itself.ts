// misconception: mutex-is-recursive

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
  yield* mutex_lock(vdev.vma_lock);
  const error = yield* searchAndAdd(vdev, vma);
  yield* mutex_unlock(vdev.vma_lock);
  return error;
}

function* searchAndAdd(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return -EEXIST;
  }
  const mmap_vma = yield* kzalloc(vfio_pci_mmap_vma);
  if (!mmap_vma) return -ENOMEM;
  yield* set(mmap_vma.vma, vma);
  yield* list_add(mmap_vma.vma_next, vdev.vma_list);
  return 0;
}

function* undoAdd(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) !== vma) continue;
    yield* list_del(entry.vma_next);
    yield* kfree(entry);
  }
}

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  let ret = VM_FAULT_NOPAGE;

  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);

  if (!(yield* __vfio_pci_memory_enabled(vdev))) {
    ret = VM_FAULT_SIGBUS;
  } else {
    const error = yield* __vfio_pci_add_vma(vdev, vma);
    if (error === -EEXIST) {
      ret = VM_FAULT_NOPAGE; // the winner's entry, and the winner's pages
    } else if (error) {
      ret = VM_FAULT_OOM;
    } else if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) {
      yield* zap_vma_ptes(vma, vma.vm_start, size);
      yield* undoAdd(vdev, vma);
      ret = VM_FAULT_SIGBUS;
    }
  }

  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
