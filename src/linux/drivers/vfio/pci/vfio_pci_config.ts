/** The user's writes to configuration space. Models drivers/vfio/pci/vfio_pci_config.c, v6.1. */

import { set } from '#explore';
import { decodesMemory, PCI_COMMAND } from '../../../include/linux/pci.ts';
import { down_write, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import { pci_write_config_word } from '../../pci/access.ts';
import type { Driver } from './driver.ts';
import type { vfio_pci_core_device } from './vfio_pci_core.ts';

/**
 * Writes the command register, of which only the memory bit is modelled. Off: takes all mappings back first, even if it was off.
 * Returns the number of bytes written. Locks: none of mmap_lock, vma_lock, memory_lock. Left out: the BARs' restoring after a reset.
 */
export function* vfio_basic_config_write(vdev: vfio_pci_core_device, { zap }: Driver, command: number): Kernel<number> {
  if (decodesMemory(command)) yield* down_write(vdev.memory_lock);
  else yield* zap(vdev);
  yield* pci_write_config_word(vdev.pdev, PCI_COMMAND, command);
  yield* set(vdev.vconfig[PCI_COMMAND], command, 'vconfig');
  yield* up_write(vdev.memory_lock);
  return 2;
}
