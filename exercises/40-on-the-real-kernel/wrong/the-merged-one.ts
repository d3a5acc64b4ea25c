// misconception: survived-means-right
import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  disableMemory,
  down_read,
  entriesOf,
  fault,
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
  type WorldDescription,
  zap_vma_ptes,
} from '#linux';

/** Whether the vma is on the list. */
function* isListed(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<boolean> {
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) return true;
  }
  return false;
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
  } else if (!(yield* isListed(vdev, vma))) {
    if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot)) ret = VM_FAULT_SIGBUS;
    else if (yield* __vfio_pci_add_vma(vdev, vma)) ret = VM_FAULT_OOM;
    if (ret !== VM_FAULT_NOPAGE) yield* zap_vma_ptes(vma, vma.vm_start, size);
  }
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}

export const world: WorldDescription = {
  bars: { bar0: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: fault('v', 1), Z: disableMemory() },
};
