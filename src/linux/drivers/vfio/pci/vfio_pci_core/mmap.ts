/** The `mmap` method: what a user may map, and how. Models drivers/vfio/pci/vfio_pci_core.c, v6.1 and v6.12. */

import { set } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { pgprot_decrypted, pgprot_noncached, type pgprot_t } from '../../../../arch/x86/include/asm/pgtable.ts';
import { cellOf, fieldAs } from '../../../../field.ts';
import { EBUSY, EINVAL, ENOMEM } from '../../../../include/linux/errno.ts';
import {
  VM_ALLOW_ANY_UNCACHED,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_IO,
  VM_PFNMAP,
  VM_SHARED,
  type vm_operations_struct,
} from '../../../../include/linux/mm.ts';
import type { Bar } from '../../../../include/linux/pci.ts';
import { KERNEL_VERSION } from '../../../../include/linux/version.ts';
import { VFIO_PCI_OFFSET_SHIFT } from '../../../../include/linux/vfio_pci_core.ts';
import { VFIO_PCI_NUM_REGIONS, VFIO_PCI_ROM_REGION_INDEX } from '../../../../include/uapi/linux/vfio.ts';
import type { Kernel } from '../../../../kernel.ts';
import { should_failslab } from '../../../../mm/failslab.ts';
import type { Driver } from '../driver.ts';
import type { vfio_pci_core_device } from '../vfio_pci_core.ts';

/** A vma that is being made: nobody else sees it yet, so its fields are plain. */
export interface MappingVma {
  readonly vm_start: number;
  readonly vm_end: number;
  vm_pgoff: number;
  vm_flags: number;
  vm_page_prot: pgprot_t;
  vm_ops: vm_operations_struct | null;
  vm_private_data: vfio_pci_core_device | null;
}

/** The device's file is in regions of so many pages. */
const PAGES_APART = 2 ** VFIO_PCI_OFFSET_SHIFT / PAGE_SIZE;

/**
 * Prepares the vma for faults: nothing is mapped yet, and whether the device's memory is on is not asked.
 * Returns 0; -EINVAL, in this order, for an unknown region, a private mapping, a region without an `mmap` of its own, one that is no
 * BAR, a BAR that users may not map, a range beyond its end; -EBUSY or -ENOMEM if the kernel cannot have the BAR for itself, at its
 * first use. Locks: mmap_lock as the writer. Left out: BARs that end within a page; here all are whole pages.
 */
export function* vfio_pci_core_mmap(vdev: vfio_pci_core_device, vma: MappingVma, driver: Driver): Kernel<number> {
  const index = Math.floor(vma.vm_pgoff / PAGES_APART);
  if (index >= VFIO_PCI_NUM_REGIONS + vdev.region.length) return -EINVAL;
  if (!(vma.vm_flags & VM_SHARED)) return -EINVAL;
  if (index >= VFIO_PCI_NUM_REGIONS) {
    const { mmap } = vdev.region[index - VFIO_PCI_NUM_REGIONS] ?? {};
    return mmap ? yield* mmap(vdev, vma) : -EINVAL;
  }
  if (index >= VFIO_PCI_ROM_REGION_INDEX || !vdev.bar_mmap_supported[index]) return -EINVAL;
  const bar = vdev.pdev.bars[index] as Bar;
  const first = vma.vm_pgoff % PAGES_APART;
  if (first + (vma.vm_end - vma.vm_start) / PAGE_SIZE > bar.pages) return -EINVAL;
  const error = yield* vfio_pci_core_setup_barmap(vdev, index);
  if (!error) prepare(vdev, vma, bar.pfn + first, driver);
  return error;
}

function prepare(vdev: vfio_pci_core_device, vma: MappingVma, pfn: number, { vm_ops, findsMappingsBy }: Driver): void {
  const since = (...version: [number, number]) => vdev.pdev.version >= KERNEL_VERSION(...version);
  const noncached = pgprot_noncached(vma.vm_page_prot);
  vma.vm_private_data = vdev;
  vma.vm_page_prot = since(6, 10) ? pgprot_decrypted(noncached) : noncached;
  // Until v6.9: its handler needs no more; later ones compute the frame from the offset, by which the tree finds the vma too.
  if (findsMappingsBy !== 'i_mmap') vma.vm_pgoff = pfn;
  vma.vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
  if (since(6, 12)) vma.vm_flags += VM_ALLOW_ANY_UNCACHED;
  vma.vm_ops = vm_ops;
}

/** Has the BAR for the kernel, and maps it there, at its first use. Returns 0; -EBUSY if it cannot be had, -ENOMEM if it cannot be mapped. */
export function* vfio_pci_core_setup_barmap({ name, barmap }: vfio_pci_core_device, index: number): Kernel<number> {
  const isMapped = barmap[index] ?? false;
  if (yield* fieldAs(isMapped, (mapped) => mapped, 'barmap')) return 0;
  if (yield* should_failslab({ name: 'the region' })) return -EBUSY;
  if (yield* should_failslab({ name: 'a mapping of the kernel' })) return -ENOMEM;
  yield* set(cellOf(isMapped, `barmap[${index}] of ${name}`), true, 'barmap');
  return 0;
}
