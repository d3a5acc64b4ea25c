/** The handler of v6.10-rc4 before the rest of the vma came in: one address_space a device, no list, no vma_lock. Models drivers/vfio/pci/vfio_pci_core.c, v6.10. */

import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_SIGBUS, type vm_area_struct, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import { down_read, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { vmf_insert_pfn } from '../../../../mm/memory/insert.ts';
import { frameBehind } from '../addressSpace.ts';
import { driverWithoutList } from '../driver.ts';
import { isLowPower } from '../vfio_pci_core/power.ts';
import { __vfio_pci_memory_enabled } from '../vfio_pci_core.ts';

/**
 * Runs `insert` while the device's memory stays as it is: the gate of all handlers since v6.10.
 * Returns what `insert` returns; VM_FAULT_SIGBUS if the device may sleep or its memory is off. Locks: takes memory_lock as a reader.
 */
export function* whileEnabled({ vma }: vm_fault, insert: () => Kernel<vm_fault_t>): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* down_read(vdev.memory_lock);
  const isOff = (yield* isLowPower(vdev)) || !(yield* __vfio_pci_memory_enabled(vdev));
  const ret = isOff ? VM_FAULT_SIGBUS : yield* insert();
  yield* up_read(vdev.memory_lock);
  return ret;
}

/**
 * Commit aac6db75a9fc: inserts the page that was touched.
 * Returns what vmf_insert_pfn() returns; VM_FAULT_SIGBUS if the memory is off.
 * Locks: mmap_lock as a reader; takes memory_lock as a reader.
 */
export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return yield* whileEnabled(vmf, () => insertAt(vmf.vma, vmf.address));
}

/** Inserts the page at that address of the vma. */
export const insertAt = (vma: vm_area_struct, address: number) =>
  vmf_insert_pfn(vma, address, frameBehind(vma, address));

export const v6_10 = driverWithoutList('v6.10', { fault: vfio_pci_mmap_fault });
