/** Registers of a BAR, reached through the device's file. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { surroundingsOf } from '../cpu.ts';
import { devicesOf, pagesIn } from '../description.ts';
import { whileAwake } from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import {
  type RegisterAccess,
  vfio_pci_bar_rw,
  vfio_pci_ioeventfd_handler,
  vfio_pci_ioeventfd_thread,
  WIDTH,
} from '../drivers/vfio/pci/vfio_pci_rdwr.ts';
import type { Bar } from '../include/linux/pci.ts';
import type { task_struct } from '../include/linux/sched.ts';
import { copy_from_user, copy_to_user } from '../include/linux/uaccess.ts';
import { deviceNamed, type Machine, placeNamed } from '../machine.ts';
import { placesOf } from '../places.ts';
import { known, range, refuse, show } from '../words.ts';
import { checkDevice, namedDevice } from './command.ts';
import type { DeedKind } from './deed.ts';
import { checkPage } from './range.ts';
import { told } from './result.ts';

export interface BarAccess {
  readonly kind: 'readBar' | 'writeBar' | 'signalIoeventfd';
  readonly bar: string;
  readonly page: number;
  readonly device?: string;
  /** The page of a vma that the program's buffer lies in; unless given, memory that never faults. */
  readonly buffer?: BufferPage;
}

export interface BufferPage {
  readonly vma: string;
  readonly page: number;
}

/** The task reads a register in that page of the BAR through the device's file; `buffer`: into that page of a vma. */
export function readBar(bar: string, page: number, device?: string, buffer?: BufferPage): BarAccess {
  return { kind: 'readBar', bar, page, ...namedDevice(device), ...(buffer && { buffer }) };
}

/** The task writes a register in that page of the BAR through the device's file; `buffer`: from that page of a vma. */
export function writeBar(bar: string, page: number, device?: string, buffer?: BufferPage): BarAccess {
  return { kind: 'writeBar', bar, page, ...namedDevice(device), ...(buffer && { buffer }) };
}

/** The task signals an eventfd that stands for a write of a register in that page of the BAR. */
export function signalIoeventfd(bar: string, page: number, device?: string): BarAccess {
  return { kind: 'signalIoeventfd', bar, page, ...namedDevice(device) };
}

const describe = ({ kind, bar, page, device, buffer }: BarAccess) => {
  const from = buffer ? [`${kind === 'readBar' ? 'into' : 'from'} ${buffer.vma}[${buffer.page}]`] : [];
  return `${kind}(${[bar, page, ...(device ? [device] : []), ...from].join(', ')})`;
};

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
    if (deed.buffer) checkPage(deed.buffer, `${where}, ${describe(deed)}`, world);
  },
};

/** Between the buffer and the kernel. Returns how many bytes were not copied. */
function copyOf({ kind, buffer }: BarAccess, machine: Machine, { cpu }: task_struct): Pick<RegisterAccess, 'copy'> {
  if (!buffer) return {};
  const { mm, start } = placeNamed(machine, buffer.vma);
  const at = { mm, address: start + buffer.page * PAGE_SIZE, ...surroundingsOf(machine, cpu) };
  return { copy: () => (kind === 'readBar' ? copy_to_user : copy_from_user)(at, WIDTH) };
}

const throughFile: Omit<DeedKind<BarAccess>, 'example'> = {
  ...reaching,
  process: ({ buffer }, world) => buffer && placesOf(world)[buffer.vma]?.process,
  *run(deed, machine, task) {
    const vdev = deviceNamed(machine, deed.device);
    const access = { ...accessOf(deed, machine), ...copyOf(deed, machine, task) };
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
