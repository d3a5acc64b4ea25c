/** The handler of v6.10 and v6.11. Models drivers/vfio/pci/vfio_pci_core.c, v6.10. */

import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_ERROR, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import type { Kernel } from '../../../../kernel.ts';
import { driverWithoutList } from '../driver.ts';
import { insertAt, whileEnabled } from './v6_10.ts';

/**
 * Commit d71a989cf5d9: inserts the page that was touched, and then all others of the vma up to the first error, of which it says nothing.
 * Returns and locks: as before that commit.
 */
export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  return yield* whileEnabled(vmf, () => insertFrom(vmf));
}

function* insertFrom({ vma, address }: vm_fault): Kernel<vm_fault_t> {
  const ret = yield* insertAt(vma, address);
  if (ret & VM_FAULT_ERROR) return ret;
  for (let other = vma.vm_start; other < vma.vm_end; other += PAGE_SIZE) {
    if (other !== address && (yield* insertAt(vma, other)) & VM_FAULT_ERROR) break;
  }
  return ret;
}

export const v6_10_full = driverWithoutList('v6.10, the rest of the vma', { fault: vfio_pci_mmap_fault });
