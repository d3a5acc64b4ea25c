/** A generation of the driver, so that lessons and graders can swap one for another. */

import type { vm_fault, vm_operations_struct } from '../../../include/linux/mm.ts';
import type { vm_area_struct, vm_fault_t } from '../../../include/linux/mm_types.ts';
import type { Kernel } from '../../../kernel.ts';
import {
  type vfio_pci_core_device,
  vfio_pci_mmap_close,
  vfio_pci_mmap_open,
  vfio_pci_zap_and_down_write_memory_lock,
} from './vfio_pci_core.ts';

/** Puts a vma on the device's list. Returns 0, or a negative error number. */
export type AddVma = (vdev: vfio_pci_core_device, vma: vm_area_struct) => Kernel<number>;
/** A generation's fault handler; `add` takes the place of its own `__vfio_pci_add_vma`. */
export type Fault = (vmf: vm_fault, add?: AddVma) => Kernel<vm_fault_t>;

/** What a driver puts on its vmas, and how it takes mappings back. */
export interface Driver {
  readonly name: string;
  /** The Linux that it was made for, as '6.1'; a world may run it under another. */
  readonly kernel: string;
  readonly vm_ops: vm_operations_struct & { readonly fault: Fault };
  /** Takes all mappings back. Afterwards the caller holds memory_lock as the writer. */
  readonly zap: (vdev: vfio_pci_core_device) => Kernel;
  /** Since v6.10: the part of it that takes the mappings back. Locks: memory_lock as the writer. Without it, resets of a set have two phases. */
  readonly zapBars?: (vdev: vfio_pci_core_device) => Kernel;
}

/** A driver before v6.10, with this handler. */
export function driverNamed(name: string, fault: Fault, kernel = '5.14'): Driver {
  const vm_ops = { fault, open: vfio_pci_mmap_open, close: vfio_pci_mmap_close };
  return { name, kernel, vm_ops, zap: vfio_pci_zap_and_down_write_memory_lock };
}

/** What a learner may write of a driver. */
export interface DriverParts {
  readonly fault?: (vmf: vm_fault) => Kernel<vm_fault_t>;
  readonly __vfio_pci_add_vma?: AddVma;
}

/** `base` with a learner's functions: see `driverWith`. */
export function driverFrom({ fault, __vfio_pci_add_vma: add }: DriverParts, base: Driver): Driver {
  const own = fault ?? (add && ((vmf: vm_fault) => base.vm_ops.fault(vmf, add)));
  if (!own) throw new TypeError('driverWith({ fault }): give it a fault handler, or an __vfio_pci_add_vma');
  return { ...base, name: 'your driver', vm_ops: { ...base.vm_ops, fault: own } };
}
