/** Declares the IOMMU of a world in which a task maps something for DMA. */

import { cell, mutex } from '#explore';
import type { Foreseen } from '../deeds/index.ts';
import type { IommuEntry, vfio_iommu } from '../drivers/vfio/vfio_iommu_type1.ts';
import type { pci_dev } from '../include/linux/pci.ts';

/** Null where nobody does. */
export function bootIommu(foreseen: readonly Foreseen[], pdevs: readonly pci_dev[]): vfio_iommu | null {
  const names = new Set(foreseen.flatMap(({ pins }) => pins ?? []));
  if (names.size === 0) return null;
  const entries = [...names].map((name) => [name, cell<IommuEntry>(0, `iommu ${name}`)] as const);
  return { lock: mutex('iommu lock'), domain: Object.fromEntries(entries), pdevs };
}
