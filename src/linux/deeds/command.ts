/** Switching a device's memory, through vfio-pci's configuration space. */

import { devicesOf, type WorldDescription } from '../description.ts';
import { vfio_basic_config_write } from '../drivers/vfio/pci/vfio_pci_config.ts';
import { whileAwake } from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import { PCI_COMMAND_MEMORY } from '../include/linux/pci.ts';
import { deviceNamed } from '../machine.ts';
import { known } from '../words.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

export interface CommandWrite {
  readonly kind: 'disableMemory' | 'enableMemory';
  readonly device?: string;
}

/** The task clears the memory bit of the command register: of the device of that name, or of the only one. */
export function disableMemory(device?: string): CommandWrite {
  return { kind: 'disableMemory', ...namedDevice(device) };
}

/** The task sets the memory bit of the command register: of the device of that name, or of the only one. */
export function enableMemory(device?: string): CommandWrite {
  return { kind: 'enableMemory', ...namedDevice(device) };
}

/** What a deed says of its device; nothing, if none is named. */
export const namedDevice = (device: string | undefined): { readonly device?: string } =>
  device === undefined ? {} : { device };

/** Refuses a device that is not there; none is the first one. */
export function checkDevice(device: string | undefined, where: string, world: WorldDescription): void {
  if (device !== undefined) known(device, devicesOf(world), where, 'device');
}

const switching: Omit<DeedKind<CommandWrite>, 'example'> = {
  describe: ({ kind, device = '' }) => `${kind}(${device})`,
  check: ({ kind, device }, where, world) => checkDevice(device, `${where}, ${kind}`, world),
  foresee: () => ({ switchesMemory: true }),
  *run({ kind, device }, machine) {
    const isOn = kind === 'enableMemory';
    const vdev = deviceNamed(machine, device);
    const command = isOn ? PCI_COMMAND_MEMORY : 0;
    const result = yield* whileAwake(vdev, () => vfio_basic_config_write(vdev, machine.driver, command));
    return told(result, isOn ? 'enabled memory' : 'disabled memory');
  },
};

export const disabling: DeedKind<CommandWrite> = { ...switching, example: 'disableMemory()' };
export const enabling: DeedKind<CommandWrite> = { ...switching, example: 'enableMemory()' };
