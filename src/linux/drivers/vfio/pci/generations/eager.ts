/** The driver before v5.8: its `mmap` maps the whole BAR at once, and nothing ever takes that back. Models drivers/vfio/pci/vfio_pci.c, v5.7. */

import { VM_FAULT_SIGBUS } from '../../../../include/linux/mm_types.ts';
import { down_write } from '../../../../kernel/locking/rwsem.ts';
import type { Driver } from '../driver.ts';

/**
 * The entries are there at boot, as `mmap` has made them with remap_pfn_range(); a fault is SIGBUS: Linux finds no handler,
 * and answers so itself.
 * memory_lock came with v5.8: it is taken only because whoever calls `zap` gives it back.
 */
export const eager: Driver = {
  name: 'eager',
  kernel: '5.7',
  vm_ops: {
    *fault() {
      return VM_FAULT_SIGBUS;
    },
  },
  fills: 'in mmap',
  findsMappingsBy: 'nothing',
  *zap({ memory_lock }) {
    yield* down_write(memory_lock);
  },
};
