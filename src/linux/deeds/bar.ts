/** Registers of a BAR, reached through the device's file. */

import { devicesOf, pagesIn } from '../description.ts';
import { whileAwake } from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import {
  type RegisterAccess,
  vfio_pci_bar_rw,
  vfio_pci_ioeventfd_handler,
  vfio_pci_ioeventfd_thread,
} from '../drivers/vfio/pci/vfio_pci_rdwr.ts';
import type { Bar } from '../include/linux/pci.ts';
import { deviceNamed, type Machine } from '../machine.ts';
import { known, range, refuse, show } from '../words.ts';
import { checkDevice, namedDevice } from './command.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

export interface BarAccess {
  readonly kind: 'readBar' | 'writeBar' | 'signalIoeventfd';
  readonly bar: string;
  readonly page: number;
  readonly device?: string;
}

/** The task reads a register in that page of the BAR through the device's file. */
export function readBar(bar: string, page: number, device?: string): BarAccess {
  return { kind: 'readBar', bar, page, ...namedDevice(device) };
}

/** The task writes a register in that page of the BAR through the device's file. */
export function writeBar(bar: string, page: number, device?: string): BarAccess {
  return { kind: 'writeBar', bar, page, ...namedDevice(device) };
}

/** The task signals an eventfd that stands for a write of a register in that page of the BAR. */
export function signalIoeventfd(bar: string, page: number, device?: string): BarAccess {
  return { kind: 'signalIoeventfd', bar, page, ...namedDevice(device) };
}

const describe = ({ kind, bar, page, device }: BarAccess) =>
  `${kind}(${[bar, page, ...(device ? [device] : [])].join(', ')})`;

/** How it can end, besides in an error. */
const words = {
  device: 'the device answered',
  'no answer': 'touched disabled device',
  '0xFF': '0xFF',
  nobody: 'dropped',
};

function accessOf({ kind, bar, page, device }: BarAccess, machine: Machine): RegisterAccess {
  const { bars } = deviceNamed(machine, device).pdev;
  const found = bars.find(({ name }) => name === bar || name.startsWith(`${bar} of `)) as Bar;
  return { bar: found, page, isWrite: kind !== 'readBar' };
}

const reaching: Omit<DeedKind<BarAccess>, 'example' | 'run'> = {
  describe,
  check(deed, where, world) {
    const { kind, bar, page, device } = deed;
    const devices = devicesOf(world);
    checkDevice(device, `${where}, ${kind}`, world);
    const { bars } = devices[device ?? (Object.keys(devices)[0] as string)] ?? { bars: {} };
    const pages = pagesIn(known(bar, bars, `${where}, ${kind}`, 'BAR'));
    if (!Number.isInteger(page) || page < 0 || page >= pages)
      refuse(`${where}, ${describe(deed)}: ${bar} has no page ${show(page)}; its pages are ${range(pages)}`);
  },
};

const throughFile: Omit<DeedKind<BarAccess>, 'example'> = {
  ...reaching,
  *run(deed, machine) {
    const vdev = deviceNamed(machine, deed.device);
    const access = accessOf(deed, machine);
    const result = yield* whileAwake(vdev, () => vfio_pci_bar_rw(vdev, access));
    return told(result, words[access.met ?? 'nobody']);
  },
};

export const readingBar: DeedKind<BarAccess> = { ...throughFile, example: "readBar('bar0', 0)" };
export const writingBar: DeedKind<BarAccess> = { ...throughFile, example: "writeBar('bar0', 0)" };
export const signallingIoeventfd: DeedKind<BarAccess> = {
  ...reaching,
  example: "signalIoeventfd('bar0', 0)",
  *run(deed, machine) {
    const vdev = deviceNamed(machine, deed.device);
    const write = accessOf(deed, machine);
    // The worker is a task of its own in Linux; here whoever signals does its work too, as nothing of its own is left to do.
    if (yield* vfio_pci_ioeventfd_handler(vdev, write)) yield* vfio_pci_ioeventfd_thread(vdev, write);
    return words[write.met ?? 'nobody'];
  },
};
