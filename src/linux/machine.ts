/** A booted world: what the tasks of one program share. */

import type { Cell, Lock } from '#explore';
import type { Unanswered } from './cpu.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device } from './drivers/vfio/pci/vfio_pci_core.ts';
import type { vfio_iommu } from './drivers/vfio/vfio_iommu_type1.ts';
import type { mm_struct, Ram, vm_area_struct } from './include/linux/mm_types.ts';
import type { task_struct } from './include/linux/sched.ts';
import type { Path } from './mm/memory/tables.ts';

/** One page that has an entry. */
export interface MappedPage extends Pick<Path, 'pte' | 'pmd' | 'pud'> {
  readonly mm: mm_struct;
  /** The vma that it belongs to at boot; null where a vma comes to stand later. */
  readonly vma: vm_area_struct | null;
  /** Where it stands, as the description names it; its number there; and its name: the entry's. */
  readonly place: string;
  readonly page: number;
  readonly name: string;
  readonly address: number;
}

/** Where tasks touch memory, by name. */
export interface PlaceInMemory {
  readonly mm: mm_struct;
  readonly start: number;
  readonly pages: number;
}

export interface Machine {
  readonly driver: Driver;
  /** The first device; of most worlds the only one. */
  readonly vdev: vfio_pci_core_device;
  /** All of them, in the kernel's order. */
  readonly devices: readonly vfio_pci_core_device[];
  readonly processes: Readonly<Record<string, mm_struct>>;
  /** Those that are there at boot. */
  readonly vmas: Readonly<Record<string, vm_area_struct>>;
  /** Those of the vmas, and those that tasks will map. */
  readonly places: Readonly<Record<string, PlaceInMemory>>;
  readonly tasks: Readonly<Record<string, task_struct>>;
  readonly pages: readonly MappedPage[];
  /** What is mapped for DMA; null where nobody maps anything. */
  readonly iommu: vfio_iommu | null;
  /** Null where no vma maps any. */
  readonly ram: Ram | null;
  readonly locks: readonly Lock[];
  readonly unanswered: Unanswered;
  /** Whether a machine check has stopped it; null where none can. */
  readonly stopped: Cell<boolean> | null;
}

/** The device of that name, the first one without a name. */
export function deviceNamed({ devices, vdev }: Machine, name: string | undefined): vfio_pci_core_device {
  return devices.find((each) => each.name === name) ?? vdev;
}

/** The place of that name, which has been checked. */
export const placeNamed = ({ places }: Machine, name: string): PlaceInMemory => places[name] as PlaceInMemory;

/** A word of memory that tells which device or process it belongs to, where there are several: '' or ' of d1'. */
export const ofName = (name: string, isOneOfMany: boolean): string => (isOneOfMany ? ` of ${name}` : '');
