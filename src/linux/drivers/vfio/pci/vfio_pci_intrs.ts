/** Interrupts. Models drivers/vfio/pci/vfio_pci_intrs.c, v6.1; left out: all but the touches of the vector table. */

import type { Kernel } from '../../../kernel.ts';
import { vfio_pci_memory_lock_and_enable, vfio_pci_memory_unlock_and_restore } from './vfio_pci_core/memory.ts';
import type { vfio_pci_core_device } from './vfio_pci_core.ts';

/** Allocates the vectors, whose table is in a BAR. Returns 0. Locks: takes memory_lock as the writer, for that alone. */
export function* vfio_msi_enable(vdev: vfio_pci_core_device): Kernel<number> {
  const command = yield* vfio_pci_memory_lock_and_enable(vdev);
  yield* vfio_pci_memory_unlock_and_restore(vdev, command);
  return 0;
}
