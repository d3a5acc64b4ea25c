/** Declares the devices of a world, each bound to vfio-pci. */

import { cell, mutex, rwlock } from '#explore';
import type { Foreseen } from '../deeds/index.ts';
import { type DeviceDescription, devicesOf, pagesIn, type WorldDescription } from '../description.ts';
import { OPENER } from '../drivers/base/power/runtime.ts';
import { pci_pm_runtime_resume, pci_pm_runtime_suspend } from '../drivers/pci/pci-driver.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import {
  vfio_pci_core_runtime_resume,
  vfio_pci_core_runtime_suspend,
} from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import type { vfio_pci_core_device, vfio_pci_mmap_vma } from '../drivers/vfio/pci/vfio_pci_core.ts';
import type { Field } from '../field.ts';
import { declareList } from '../include/linux/list.ts';
import {
  ASLEEP,
  type Bar,
  PCI_COMMAND,
  PCI_COMMAND_MEMORY,
  PCI_D0,
  PCI_D3hot,
  type pci_dev,
} from '../include/linux/pci.ts';
import { type dev_pm_info, RPM_ACTIVE } from '../include/linux/pm.ts';
import type { vfio_device_set } from '../include/linux/vfio.ts';
import { ofName } from '../machine.ts';
import { MAX_PAGES } from '../validate.ts';
import { declareMapping } from './mappings.ts';

/** Device memory stands far from what worlds use as virtual addresses. */
const FIRST_FRAME = 0x40000;
const FRAMES_APART = 0x100;

interface Surroundings {
  readonly description: WorldDescription;
  readonly foreseen: readonly Foreseen[];
  readonly driver: Driver;
  readonly version: number;
}

/** What of the devices may change in this world. */
interface Changes {
  readonly version: number;
  readonly memory: boolean;
  readonly power: boolean;
  readonly sleep: boolean;
  readonly reset: boolean;
  readonly memtypes: boolean;
}

/** All devices, in the kernel's order. */
export function bootDevices({ description, foreseen, driver, version }: Surroundings): vfio_pci_core_device[] {
  const devices = Object.entries(devicesOf(description));
  const changes: Changes = {
    version,
    memory: foreseen.some(({ switchesMemory, changesPower, resets }) => switchesMemory || changesPower || resets),
    power: foreseen.some(({ changesPower, resets }) => changesPower || resets),
    sleep: foreseen.some(({ letsSleep }) => letsSleep),
    reset: foreseen.some(({ resets }) => resets),
    memtypes: description.memtypes === 'tracked',
  };
  const booted: vfio_pci_core_device[] = [];
  const dev_set = { lock: mutex('dev_set.lock'), device_list: booted };
  let frame = FIRST_FRAME;
  for (const [name, device] of devices) {
    const of = ofName(name, devices.length > 1);
    const bars = placeBars(device, of, frame);
    frame += bars.reduce((sum, bar) => sum + roomFor(bar.pages), 0);
    booted.push(bootDevice({ name, of, device, bars, dev_set, driver, changes }));
  }
  return booted;
}

interface Booting {
  readonly name: string;
  readonly of: string;
  readonly device: DeviceDescription;
  readonly bars: readonly Bar[];
  readonly dev_set: vfio_device_set;
  readonly driver: Driver;
  readonly changes: Changes;
}

function bootDevice(booting: Booting): vfio_pci_core_device {
  const { name, of, device, bars, dev_set, driver, changes } = booting;
  const vdev: vfio_pci_core_device = {
    name,
    vma_lock: mutex(`vma_lock${of}`, { class: 'vma_lock' }),
    memory_lock: rwlock(`memory_lock${of}`, { fair: true, class: 'memory_lock' }),
    vma_list: declareList<vfio_pci_mmap_vma>(cell, `vma_list${of}`),
    i_mapping: declareMapping(of, driver),
    vconfig: { [PCI_COMMAND]: cell(commandOf(device), `vconfig[PCI_COMMAND]${of}`) },
    pdev: bootPdev(booting, () => vdev),
    pm_runtime_engaged: field(false, `pm_runtime_engaged${of}`, changes.sleep),
    dev_set,
    bar_mmap_supported: bars.map(() => true),
    barmap: bars.map(() => true),
    region: [],
  };
  return vdev;
}

function bootPdev({ of, device, bars, changes }: Booting, vdev: () => vfio_pci_core_device): pci_dev {
  const { power = 'D0', virtualFunction = false, activeVfs = 0 } = device;
  return {
    name: `pdev${of}`,
    version: changes.version,
    bars,
    config: { [PCI_COMMAND]: cell(commandOf(device) | (power === 'D0' ? 0 : ASLEEP), `PCI_COMMAND${of}`) },
    memtypes: changes.memtypes ? cell('', `memtypes${of}`) : null,
    isSteady: !changes.memory,
    isReset: changes.reset,
    is_virtfn: virtualFunction === true,
    no_command_memory: virtualFunction !== false,
    num_vf: activeVfs,
    current_state: field(power === 'D0' ? PCI_D0 : PCI_D3hot, `current_state${of}`, changes.power),
    device_lock: mutex(`device_lock${of}`, { class: 'device_lock' }),
    saved_config_space: cell(0, `saved_config_space${of}`),
    power: changes.sleep ? bootPower(of, vdev) : null,
  };
}

function bootPower(of: string, vdev: () => vfio_pci_core_device): dev_pm_info {
  return {
    usage: cell(OPENER, `usage_count${of}`),
    runtime_status: cell<dev_pm_info['runtime_status']['initial']>(RPM_ACTIVE, `runtime_status${of}`),
    transition: mutex(`power.wait_queue${of}`),
    ops: {
      runtime_suspend: () => pci_pm_runtime_suspend(vdev().pdev, () => vfio_pci_core_runtime_suspend(vdev())),
      runtime_resume: () => pci_pm_runtime_resume(vdev().pdev, () => vfio_pci_core_runtime_resume(vdev())),
    },
  };
}

function field<T extends number | boolean>(value: T, name: string, changes: boolean): Field<T> {
  return changes ? cell(value, name) : value;
}

/** A virtual function has no memory bit. */
const commandOf = ({ memory, virtualFunction }: DeviceDescription) =>
  memory === 'disabled' || virtualFunction ? 0 : PCI_COMMAND_MEMORY;

/** The devices' locks that tasks of this world can take, in order. */
export function locksOfDevices(devices: readonly vfio_pci_core_device[]) {
  const sets = new Set(devices.map(({ dev_set }) => dev_set));
  return [
    ...[...sets].flatMap(({ lock, device_list }) => (device_list.some(({ pdev }) => pdev.isReset) ? [lock] : [])),
    ...devices.flatMap(({ vma_lock, memory_lock, i_mapping, pdev }) => [
      ...(i_mapping ? [memory_lock, i_mapping.i_mmap_rwsem] : [vma_lock, memory_lock]),
      ...(pdev.isReset ? [pdev.device_lock] : []),
      ...(pdev.power ? [pdev.power.transition] : []),
    ]),
  ];
}

const roomFor = (pages: number) => Math.ceil(pages / FRAMES_APART) * FRAMES_APART;

function placeBars({ bars }: DeviceDescription, of: string, first: number): Bar[] {
  let frame = first;
  return Object.entries(bars).map(([name, bar], index) => {
    const pages = pagesIn(bar);
    const { pfn = frame, msixPage = null } = typeof bar === 'number' ? {} : bar;
    frame += roomFor(pages);
    return { name: `${name}${of}`, index, pages, pfn, frames: framesOf(name, of, pages), msixPage };
  });
}

/** Of a BAR that is larger than what can be explored, the frames are named when they are met. */
function framesOf(name: string, of: string, pages: number): Bar['frames'] {
  if (pages > MAX_PAGES) return [];
  return Array.from({ length: pages }, (_, page) => ({ name: `${name}[${page}]${of}` }));
}
