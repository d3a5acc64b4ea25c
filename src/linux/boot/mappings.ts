/** Declares what the kernel knows of a device's mappings, where the driver goes by that. */

import { type Cell, cell, rwlock } from '#explore';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import { type address_space, mappingBehind } from '../include/linux/fs.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';

/** The device's address_space, still empty; null where nobody asks it: then nobody links vmas into it either, which costs no states. */
export function declareMapping(of: string, { findsMappingsBy }: Driver): address_space | null {
  if (findsMappingsBy !== 'i_mmap') return null;
  return {
    name: `i_mapping${of}`,
    host: { i_size: cell(0, `i_size${of}`) },
    i_pages: [],
    frames: {},
    i_mmap_rwsem: rwlock(`i_mmap_rwsem${of}`, { fair: true, class: 'i_mmap_rwsem' }),
    i_mmap: [],
  };
}

/** Links the vmas that map each device, and leaves room for those that tasks will link. */
export function fillMappings(
  devices: readonly vfio_pci_core_device[],
  vmas: readonly vm_area_struct[],
  processes: readonly mm_struct[],
): void {
  const more = processes.flatMap(({ mm_rb }) => mm_rb.filter((place) => place.initial === null)).length;
  for (const { i_mapping } of devices) {
    if (!i_mapping) continue;
    const places = i_mapping.i_mmap as Cell<vm_area_struct | null>[];
    for (const vma of vmas) {
      if (mappingBehind(vma) === i_mapping) places.push(cell(vma, `${vma.name} in ${i_mapping.name}`));
    }
    for (let i = 1; i <= more; i++) places.push(cell(null, `place ${i} in ${i_mapping.name}`));
  }
}
