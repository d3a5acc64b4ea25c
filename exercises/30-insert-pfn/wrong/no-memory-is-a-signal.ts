// misconception: one-error-for-all

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
  VM_FAULT_SIGBUS,
  type vfio_pci_core_device,
  type vfio_pci_mmap_vma,
  type vm_area_struct,
  type vm_fault,
  type vm_fault_t,
  vmf_insert_pfn,
  zap_vma_ptes,
} from '#linux';

function* entryOf(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vfio_pci_mmap_vma | null> {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return entry;
  }
  return null;
}

function* insertAll(vma: vm_area_struct): Kernel<vm_fault_t> {
  let pfn = vma.vm_pgoff;
  for (let address = vma.vm_start; address < vma.vm_end; address += PAGE_SIZE) {
    const ret = yield* vmf_insert_pfn(vma, address, pfn++);
    if (ret & VM_FAULT_ERROR) return ret;
  }
  return VM_FAULT_NOPAGE;
}

function* takeBack(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel {
  yield* zap_vma_ptes(vma, vma.vm_start, vma.vm_end - vma.vm_start);
  const entry = yield* entryOf(vdev, vma);
  if (!entry) return;
  yield* list_del(entry.vma_next);
  yield* kfree(entry);
}

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  let ret = VM_FAULT_NOPAGE;

  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);

  if (!(yield* __vfio_pci_memory_enabled(vdev))) {
    ret = VM_FAULT_SIGBUS;
  } else if (!(yield* entryOf(vdev, vma))) {
    if (yield* __vfio_pci_add_vma(vdev, vma)) {
      ret = VM_FAULT_SIGBUS;
    } else {
      ret = yield* insertAll(vma);
      if (ret & VM_FAULT_ERROR) yield* takeBack(vdev, vma);
    }
  }

  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
