/** A booted world: what the tasks of one program share. */

import type { Cell, Lock } from '#explore';
import type { pte_t } from './arch/x86/include/asm/pgtable.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device } from './drivers/vfio/pci/vfio_pci_core.ts';
import type { mm_struct, vm_area_struct } from './include/linux/mm_types.ts';
import type { task_struct } from './include/linux/sched.ts';

/** One page of a vma, and its entry. */
export interface MappedPage {
  readonly vma: vm_area_struct;
  readonly page: number;
  /** The frame that it should map. */
  readonly pfn: number;
  readonly pte: Cell<pte_t>;
}

export interface Machine {
  readonly driver: Driver;
  readonly vdev: vfio_pci_core_device;
  readonly processes: Readonly<Record<string, mm_struct>>;
  readonly vmas: Readonly<Record<string, vm_area_struct>>;
  readonly tasks: Readonly<Record<string, task_struct>>;
  readonly pages: readonly MappedPage[];
  readonly locks: readonly Lock[];
}
