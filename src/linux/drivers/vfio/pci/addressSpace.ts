/**
 * What the generations since v6.10 share: the kernel knows by the device's one address_space who maps it, so there is no list,
 * and no vma_lock. Models drivers/vfio/pci/vfio_pci_core.c, v6.12.
 */

import { PAGE_SHIFT } from '../../../arch/x86/include/asm/page_types.ts';
import type { address_space } from '../../../include/linux/fs.ts';
import type { vm_area_struct } from '../../../include/linux/mm_types.ts';
import type { Bar } from '../../../include/linux/pci.ts';
import { VFIO_PCI_INDEX_TO_OFFSET, VFIO_PCI_OFFSET_SHIFT } from '../../../include/linux/vfio_pci_core.ts';
import { VFIO_PCI_BAR0_REGION_INDEX, VFIO_PCI_ROM_REGION_INDEX } from '../../../include/uapi/linux/vfio.ts';
import { down_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import { unmap_mapping_range } from '../../../mm/memory/mapping.ts';
import type { vfio_pci_core_device } from './vfio_pci_core.ts';

const PAGES_OF_A_REGION = 2 ** (VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT);

/** The frame behind the vma's first page: `vm_pgoff`, the offset in the device's file, tells the region and the page in it. */
export function vma_to_pfn({ vm_pgoff, vm_private_data: { pdev } }: vm_area_struct): number {
  const region = Math.floor(vm_pgoff / PAGES_OF_A_REGION);
  const { pfn } = pdev.bars.find(({ index }) => index === region) as Bar;
  return pfn + (vm_pgoff % PAGES_OF_A_REGION);
}

/** The frame behind an address of the vma. */
export const frameBehind = (vma: vm_area_struct, address: number): number =>
  vma_to_pfn(vma) + ((address - vma.vm_start) >> PAGE_SHIFT);

/** Takes back all mappings of the device's BARs, in all processes. Locks: memory_lock as the writer, or faults bring them back. */
export function* vfio_pci_zap_bars(vdev: vfio_pci_core_device): Kernel {
  const start = VFIO_PCI_INDEX_TO_OFFSET(VFIO_PCI_BAR0_REGION_INDEX);
  const end = VFIO_PCI_INDEX_TO_OFFSET(VFIO_PCI_ROM_REGION_INDEX);
  yield* unmap_mapping_range(vdev.i_mapping as address_space, start, end - start, true);
}

/** First the gate, memory_lock as the writer, in whose hands it leaves the device; then takes all mappings back. */
export function* vfio_pci_zap_and_down_write_memory_lock(vdev: vfio_pci_core_device): Kernel {
  yield* down_write(vdev.memory_lock);
  yield* vfio_pci_zap_bars(vdev);
}
