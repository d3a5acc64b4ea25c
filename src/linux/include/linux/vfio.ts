/** Devices that can be reset only together. Source: include/linux/vfio.h, v6.1. */

import type { vfio_pci_core_device } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import type { mutex } from '../../kernel/locking/mutex.ts';

export interface vfio_device_set {
  /** Guards the set. Order: before mmap_lock. */
  readonly lock: mutex;
  readonly device_list: readonly vfio_pci_core_device[];
}
