/** "Zap first, then the gate." Never merged: v6.10 with the two in the wrong order, as code. */

import { down_write } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { vfio_pci_zap_bars } from '../addressSpace.ts';
import type { vfio_pci_core_device } from '../vfio_pci_core.ts';
import { v6_10 } from './v6_10.ts';

/** Takes all mappings back, and then takes memory_lock as the writer. A fault that has passed the test inserts in between. */
function* zapFirst(vdev: vfio_pci_core_device): Kernel {
  yield* vfio_pci_zap_bars(vdev);
  yield* down_write(vdev.memory_lock);
}

export const zapThenGate = { ...v6_10, name: 'zap, then memory_lock', zap: zapFirst };
