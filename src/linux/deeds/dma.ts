/** DMA: mapping a page for a device, and the device's own accesses. */

import { again, type Cell, read, remark } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { deedsOf, pagesOfVma, type WorldDescription } from '../description.ts';
import {
  IOMMU_READ,
  IOMMU_WRITE,
  type IommuEntry,
  vfio_dma_do_map,
  vfio_dma_do_unmap,
  type vfio_iommu,
} from '../drivers/vfio/vfio_iommu_type1.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { answer, frameAt, frameName, type pci_dev, pdevBehind } from '../include/linux/pci.ts';
import type { Machine } from '../machine.ts';
import { known, oneOf, range, refuse, show } from '../words.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

export interface DmaMap {
  readonly kind: 'dmaMap';
  readonly vma: string;
  readonly page: number;
  readonly access: 'read' | 'read-write';
}

export interface DmaOfPage {
  readonly kind: 'dmaUnmap' | 'dma';
  readonly vma: string;
  readonly page: number;
}

/** The task maps a page of its process for DMA, through the IOMMU: for the device to read, or, unless said so, to write as well. */
export function dmaMap(vma: string, page: number, access: DmaMap['access'] = 'read-write'): DmaMap {
  return { kind: 'dmaMap', vma, page, access };
}

/** The task takes the mapping back. */
export function dmaUnmap(vma: string, page: number): DmaOfPage {
  return { kind: 'dmaUnmap', vma, page };
}

/** A device that uses the mapping, as it may at any time: the task stands for it. */
export function dma(vma: string, page: number): DmaOfPage {
  return { kind: 'dma', vma, page };
}

type AnyDma = DmaMap | DmaOfPage;
const nameOf = ({ vma, page }: AnyDma) => `${vma}[${page}]`;
const describe = ({ kind, vma, page }: AnyDma) => `${kind}(${vma}, ${page})`;
const iommuOf = ({ iommu }: Machine) => iommu as vfio_iommu;
const entryOf = (deed: AnyDma, machine: Machine) => iommuOf(machine).domain[nameOf(deed)] as Cell<IommuEntry>;

function check(deed: AnyDma, where: string, world: WorldDescription): void {
  const pages = pagesOfVma(world, known(deed.vma, world.vmas, `${where}, ${deed.kind}`, 'vma'));
  if (!Number.isInteger(deed.page) || deed.page < 0 || deed.page >= pages)
    refuse(`${where}, ${describe(deed)}: ${deed.vma} has no page ${show(deed.page)}; its pages are ${range(pages)}`);
}

export const dmaMapping: DeedKind<DmaMap> = {
  example: "dmaMap('v', 0)",
  describe,
  check(deed, where, world) {
    check(deed, where, world);
    oneOf(deed.access, `${where}, ${describe(deed)}: access`, ['read', 'read-write']);
  },
  process: ({ vma }, { vmas }) => vmas[vma]?.process,
  foresee: (deed) => ({ pins: [nameOf(deed)] }),
  *run(deed, machine) {
    const { vm_mm: mm, vm_start } = machine.vmas[deed.vma] as vm_area_struct;
    const prot = deed.access === 'read' ? IOMMU_READ : IOMMU_READ | IOMMU_WRITE;
    const what = { mm, vaddr: vm_start + deed.page * PAGE_SIZE, prot, entry: entryOf(deed, machine) };
    return told(yield* vfio_dma_do_map(iommuOf(machine), what), 'mapped for DMA');
  },
};

function checkMapped(deed: DmaOfPage, where: string, world: WorldDescription): void {
  check(deed, where, world);
  const isIt = (each: { kind: string }) => each.kind === 'dmaMap' && nameOf(each as DmaMap) === nameOf(deed);
  if (!Object.values(world.tasks).some((task) => deedsOf(task).some(isIt)))
    refuse(`${where}, ${describe(deed)}: no task maps that page: add dmaMap('${deed.vma}', ${deed.page})`);
}

export const dmaUnmapping: DeedKind<DmaOfPage> = {
  example: "dmaUnmap('v', 0)",
  describe,
  check: checkMapped,
  process: ({ vma }, { vmas }) => vmas[vma]?.process,
  *run(deed, machine) {
    return told(yield* vfio_dma_do_unmap(iommuOf(machine), entryOf(deed, machine)), 'unmapped for DMA');
  },
};

export const doingDma: DeedKind<DmaOfPage> = {
  example: "dma('v', 0)",
  describe,
  check: checkMapped,
  *run(deed, machine) {
    const walk = () => read(entryOf(deed, machine), 'IOMMU walk');
    const entry = yield* walk();
    if (entry === 0) return 'stopped by the IOMMU';
    const pdevs = machine.devices.map(({ pdev }) => pdev);
    const frame = frameAt(pdevs, Math.floor(entry / PAGE_SIZE));
    const pdev = pdevBehind(pdevs, frame) as pci_dev; // type1 maps no other frames
    const first = yield* answer(pdev);
    if (first === true) return 'DMA done';
    const isStillSo = pdev.isSteady || ((yield* walk()) === entry && (yield* answer(pdev)) === first);
    if (!isStillSo) yield* again(); // to unmap is to wait for the DMA that still uses the entry
    yield* remark(`no answer from ${frameName(frame)}`);
    return 'DMA to a disabled device';
  },
};
