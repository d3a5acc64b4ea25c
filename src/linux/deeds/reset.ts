/** Resets of devices. */

import { devicesOf } from '../description.ts';
import { vfio_exp_config_write } from '../drivers/vfio/pci/vfio_pci_config.ts';
import { whileAwake } from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import { vfio_pci_dev_set_hot_reset, vfio_pci_ioctl_reset } from '../drivers/vfio/pci/vfio_pci_core/reset.ts';
import { PCI_EXP_DEVCTL_BCR_FLR } from '../include/linux/pci.ts';
import { deviceNamed } from '../machine.ts';
import { known } from '../words.ts';
import { checkDevice, namedDevice } from './command.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

export interface Reset {
  readonly kind: 'reset' | 'functionLevelReset';
  readonly device?: string;
}

/** The task resets the device by an ioctl: the device of that name, or the only one. */
export function reset(device?: string): Reset {
  return { kind: 'reset', ...namedDevice(device) };
}

/** The task resets the device by a bit in its configuration space: the device of that name, or the only one. */
export function functionLevelReset(device?: string): Reset {
  return { kind: 'functionLevelReset', ...namedDevice(device) };
}

const resettingOne: Omit<DeedKind<Reset>, 'example'> = {
  describe: ({ kind, device = '' }) => `${kind}(${device})`,
  check: ({ kind, device }, where, world) => checkDevice(device, `${where}, ${kind}`, world),
  foresee: () => ({ resets: true }),
  *run({ kind, device }, machine) {
    const { driver } = machine;
    const vdev = deviceNamed(machine, device);
    const result = yield* whileAwake(vdev, () =>
      kind === 'reset'
        ? vfio_pci_ioctl_reset(vdev, driver)
        : vfio_exp_config_write(vdev, driver, PCI_EXP_DEVCTL_BCR_FLR),
    );
    return told(result, 'reset');
  },
};

export const resetting: DeedKind<Reset> = { ...resettingOne, example: 'reset()' };
export const resettingFunction: DeedKind<Reset> = { ...resettingOne, example: 'functionLevelReset()' };

export interface HotReset {
  readonly kind: 'hotReset';
  readonly owned: readonly string[];
}

/** The task resets all devices of the world together, and shows that it owns those of these names; all, if none is named. */
export function hotReset(...owned: string[]): HotReset {
  return { kind: 'hotReset', owned };
}

export const resettingSet: DeedKind<HotReset> = {
  example: 'hotReset()',
  describe: ({ owned }) => `hotReset(${owned.join(', ')})`,
  check({ owned }, where, world) {
    for (const device of owned) known(device, devicesOf(world), `${where}, hotReset`, 'device');
  },
  foresee: () => ({ resets: true }),
  *run({ owned }, { vdev, devices }) {
    const mine = devices.filter(({ name }) => owned.length === 0 || owned.includes(name));
    const result = yield* whileAwake(vdev, () => vfio_pci_dev_set_hot_reset(vdev.dev_set, mine));
    return told(result, 'reset');
  },
};
