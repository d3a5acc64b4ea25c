/** Making mappings. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { mapsRam } from '../description.ts';
import { vfio_pci_core_mmap } from '../drivers/vfio/pci/vfio_pci_core/mmap.ts';
import { ENOMEM } from '../include/linux/errno.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { VFIO_PCI_INDEX_TO_OFFSET } from '../include/linux/vfio_pci_core.ts';
import type { Kernel } from '../kernel.ts';
import { type Machine, placeNamed } from '../machine.ts';
import { io_remap_pfn_range } from '../mm/memory.ts';
import { vm_mmap } from '../mm/mmap.ts';
import { placesOf } from '../places.ts';
import { known, refuse } from '../words.ts';
import type { DeedKind } from './deed.ts';
import { checkNewPlace } from './range.ts';

export interface Mmap {
  readonly kind: 'mmap';
  readonly vma: string;
  readonly at: string;
}

/** The task maps once more what the vma maps, at other addresses, which tasks touch by the name `at`: `fault('w', 0)` after `mmap('v', 'w')`. */
export function mmap(vma: string, at: string): Mmap {
  return { kind: 'mmap', vma, at };
}

export const mapping: DeedKind<Mmap> = {
  example: "mmap('v', 'w')",
  describe: ({ vma, at }) => `mmap(${vma}, ${at})`,
  check({ vma, at }, where, world) {
    const described = known(vma, world.vmas, `${where}, mmap`, 'vma');
    if (mapsRam(described)) refuse(`${where}, mmap: ${vma} maps no BAR: name a vma that does`);
    checkNewPlace(vma, at, `${where}, mmap`, world);
  },
  process: ({ vma }, world) => placesOf(world)[vma]?.process,
  foresee: ({ vma }, world) => ({ reshapesVmas: true, newVmas: { [placesOf(world)[vma]?.process ?? '']: 1 } }),
  *run({ vma, at }, machine) {
    const { mm, start } = placeNamed(machine, at);
    const like = machine.vmas[vma] as vm_area_struct;
    const result = yield* vm_mmap(mm, like, start, (made) => driversMmap(machine, made));
    if (result < 0) return result === -ENOMEM ? 'out of memory' : 'refused';
    return 'made the mapping';
  },
};

/** The `mmap` method of the world's driver, of a whole BAR; before v5.8 it also fills it. */
function* driversMmap({ driver }: Machine, vma: vm_area_struct): Kernel<number> {
  const { vm_private_data: vdev, vm_start, vm_end, vm_flags, vm_page_prot, backing } = vma;
  const bar = vdev.pdev.bars.find(({ pfn }) => pfn === backing?.pfn);
  const vm_pgoff = VFIO_PCI_INDEX_TO_OFFSET(bar?.index ?? 0) / PAGE_SIZE;
  const asked = { vm_start, vm_end, vm_pgoff, vm_flags, vm_page_prot, vm_ops: null, vm_private_data: null };
  const error = yield* vfio_pci_core_mmap(vdev, asked, driver);
  if (error || driver.fills !== 'in mmap') return error;
  return yield* io_remap_pfn_range(vma, vm_start, vma.vm_pgoff, vm_end - vm_start, vm_page_prot);
}
