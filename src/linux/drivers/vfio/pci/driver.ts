/** A generation of the driver, so that lessons and graders can swap one for another. */

import type { vm_fault, vm_operations_struct } from '../../../include/linux/mm.ts';
import type { vm_area_struct, vm_fault_t } from '../../../include/linux/mm_types.ts';
import type { Kernel } from '../../../kernel.ts';
import { vfio_pci_zap_and_down_write_memory_lock as gateThenZap } from './addressSpace.ts';
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
  /** When entries are made: before anybody touches the BAR, by a fault for the whole vma, or by faults page by page. */
  readonly fills: 'in mmap' | 'the whole vma' | 'page by page';
  /** How it finds the mappings to take back: by its list of vmas, by the device's address_space, or not at all. */
  readonly findsMappingsBy: 'vma_list' | 'i_mmap' | 'nothing';
  /** Takes all mappings back. Afterwards the caller holds memory_lock as the writer. */
  readonly zap: (vdev: vfio_pci_core_device) => Kernel;
}

/** A driver before v6.10, with this handler. */
export function driverNamed(name: string, fault: Fault, kernel = '5.14'): Driver {
  const vm_ops = { fault, open: vfio_pci_mmap_open, close: vfio_pci_mmap_close };
  const zap = vfio_pci_zap_and_down_write_memory_lock;
  return { name, kernel, vm_ops, fills: 'the whole vma', findsMappingsBy: 'vma_list', zap };
}

/** A driver since v6.10, with these handlers: it need not know when a vma comes or goes. */
export function driverWithoutList(
  name: string,
  vm_ops: Pick<Driver['vm_ops'], 'fault' | 'huge_fault'>,
  kernel = '6.10',
): Driver {
  return { name, kernel, vm_ops, fills: 'page by page', findsMappingsBy: 'i_mmap', zap: gateThenZap };
}

/** What a learner may write of a driver. */
export interface DriverParts {
  readonly fault?: (vmf: vm_fault) => Kernel<vm_fault_t>;
  readonly huge_fault?: (vmf: vm_fault, order: number) => Kernel<vm_fault_t>;
  readonly __vfio_pci_add_vma?: AddVma;
  readonly zap?: Driver['zap'];
}

/** `base` with a learner's functions: see `driverWith`. */
export function driverFrom(parts: DriverParts, base: Driver): Driver {
  const { huge_fault, __vfio_pci_add_vma: add, zap = base.zap } = parts;
  if (Object.values(parts).every((part) => part === undefined))
    throw new TypeError('driverWith({ fault }): give it a fault handler, or an __vfio_pci_add_vma');
  const fault = parts.fault ?? (add ? withAdd(add, base) : base.vm_ops.fault);
  const vm_ops = { ...base.vm_ops, fault, ...(huge_fault && { huge_fault }) };
  return { ...base, name: 'your driver', vm_ops, zap };
}

/** The base's handler, with another way to put a vma on the list. */
function withAdd(add: AddVma, { name, vm_ops: { fault }, findsMappingsBy }: Driver): Fault {
  if (findsMappingsBy !== 'vma_list')
    throw new TypeError(`driverWith({ __vfio_pci_add_vma }): ${name} keeps no list; give it a fault handler`);
  return (vmf) => fault(vmf, add);
}
