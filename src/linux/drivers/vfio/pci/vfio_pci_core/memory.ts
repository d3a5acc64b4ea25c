/** The hardware's memory switched on for the kernel's own needs. Models drivers/vfio/pci/vfio_pci_core.c, v6.1. */

import { decodesMemory, PCI_COMMAND, PCI_COMMAND_MEMORY, PCI_ROM_RESOURCE } from '../../../../include/linux/pci.ts';
import { down_write, up_write } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { pci_read_config_word, pci_write_config_word } from '../../../pci/access.ts';
import type { vfio_pci_core_device } from '../vfio_pci_core.ts';

/**
 * Switches the hardware's memory on, whatever the user has set; no user meets it, for faults wait. Returns the command register to give
 * to `vfio_pci_memory_unlock_and_restore`. Locks: takes memory_lock as the writer, and keeps it; no mapping is taken back.
 */
export function* vfio_pci_memory_lock_and_enable({ memory_lock, pdev }: vfio_pci_core_device): Kernel<number> {
  yield* down_write(memory_lock);
  const command = yield* pci_read_config_word(pdev, PCI_COMMAND);
  if (!decodesMemory(command)) yield* pci_write_config_word(pdev, PCI_COMMAND, command | PCI_COMMAND_MEMORY);
  return command;
}

/** Puts the register back, and gives memory_lock back. */
export function* vfio_pci_memory_unlock_and_restore(
  { memory_lock, pdev }: vfio_pci_core_device,
  command: number,
): Kernel {
  yield* pci_write_config_word(pdev, PCI_COMMAND, command);
  yield* up_write(memory_lock);
}

/**
 * Looks into a region for its user. The ROM is mapped for that, to see whether it is there. Returns 0.
 * Left out: what it tells of it, and of other regions.
 */
export function* vfio_pci_ioctl_get_region_info(vdev: vfio_pci_core_device, index: number): Kernel<number> {
  if (index !== PCI_ROM_RESOURCE) return 0;
  const command = yield* vfio_pci_memory_lock_and_enable(vdev);
  yield* vfio_pci_memory_unlock_and_restore(vdev, command);
  return 0;
}
