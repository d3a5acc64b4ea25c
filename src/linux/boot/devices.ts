/** Declares the devices of a world, each bound to vfio-pci. */

import { cell, mutex, rwlock } from '#explore';
import type { Foreseen } from '../deeds/index.ts';
import { type DeviceDescription, devicesOf, pagesIn, type WorldDescription } from '../description.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device, vfio_pci_mmap_vma } from '../drivers/vfio/pci/vfio_pci_core.ts';
import { declareList } from '../include/linux/list.ts';
import { type Bar, PCI_COMMAND, PCI_COMMAND_MEMORY } from '../include/linux/pci.ts';
import { ofName } from '../machine.ts';
import { MAX_PAGES } from '../validate.ts';
import { declareMapping } from './mappings.ts';

/** Device memory stands far from what worlds use as virtual addresses. */
const FIRST_FRAME = 0x40000;
const FRAMES_APART = 0x100;

/** All devices, in the kernel's order. */
export function bootDevices(
  description: WorldDescription,
  foreseen: readonly Foreseen[],
  driver: Driver,
): vfio_pci_core_device[] {
  const devices = Object.entries(devicesOf(description));
  const isSteady = !foreseen.some(({ switchesMemory }) => switchesMemory);
  let frame = FIRST_FRAME;
  return devices.map(([name, device]) => {
    const of = ofName(name, devices.length > 1);
    const bars = placeBars(device, of, frame);
    frame += bars.reduce((sum, bar) => sum + roomFor(bar.pages), 0);
    const command = device.memory === 'disabled' ? 0 : PCI_COMMAND_MEMORY;
    return {
      name,
      vma_lock: mutex(`vma_lock${of}`),
      memory_lock: rwlock(`memory_lock${of}`, { fair: true }),
      vma_list: declareList<vfio_pci_mmap_vma>(cell, `vma_list${of}`),
      i_mapping: declareMapping(of, driver),
      vconfig: { [PCI_COMMAND]: cell(command, `vconfig[PCI_COMMAND]${of}`) },
      pdev: {
        name: `pdev${of}`,
        bars,
        config: { [PCI_COMMAND]: cell(command, `PCI_COMMAND${of}`) },
        isSteady,
        memtypes: description.memtypes === 'tracked' ? cell('', `memtypes${of}`) : null,
      },
    };
  });
}

const roomFor = (pages: number) => Math.ceil(pages / FRAMES_APART) * FRAMES_APART;

function placeBars({ bars }: DeviceDescription, of: string, first: number): Bar[] {
  let frame = first;
  return Object.entries(bars).map(([name, bar], index) => {
    const pages = pagesIn(bar);
    const pfn = (typeof bar === 'number' ? undefined : bar.pfn) ?? frame;
    frame += roomFor(pages);
    return { name: `${name}${of}`, index, pages, pfn, frames: framesOf(name, of, pages) };
  });
}

/** Of a BAR that is larger than what can be explored, the frames are named when they are met. */
function framesOf(name: string, of: string, pages: number): Bar['frames'] {
  if (pages > MAX_PAGES) return [];
  return Array.from({ length: pages }, (_, page) => ({ name: `${name}[${page}]${of}` }));
}
