/** The device's power, by its user's hand. */

import { vfio_pm_config_write } from '../drivers/vfio/pci/vfio_pci_config.ts';
import {
  vfio_pci_runtime_pm_entry,
  vfio_pci_runtime_pm_exit,
  whileAwake,
} from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import { PCI_D0, PCI_D3hot } from '../include/linux/pci.ts';
import { deviceNamed } from '../machine.ts';
import { oneOf, refuse, show } from '../words.ts';
import { checkDevice, namedDevice } from './command.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

const STATES = { D0: PCI_D0, D3hot: PCI_D3hot };

export interface PowerState {
  readonly kind: 'setPowerState';
  readonly state: keyof typeof STATES;
  readonly device?: string;
}

/** The task writes the power management capability: of the device of that name, or of the only one. */
export function setPowerState(state: PowerState['state'], device?: string): PowerState {
  return { kind: 'setPowerState', state, ...namedDevice(device) };
}

export const settingPower: DeedKind<PowerState> = {
  example: "setPowerState('D3hot')",
  describe: ({ state, device }) => `setPowerState(${[state, ...(device ? [device] : [])].join(', ')})`,
  check({ state, device }, where, world) {
    if (state === undefined) refuse(`${where}, setPowerState: ${show(state)} is no state: write 'D0' or 'D3hot'`);
    oneOf(state, `${where}, setPowerState: the state`, Object.keys(STATES));
    checkDevice(device, `${where}, setPowerState`, world);
  },
  foresee: () => ({ changesPower: true }),
  *run({ state, device }, machine) {
    const vdev = deviceNamed(machine, device);
    const result = yield* whileAwake(vdev, () => vfio_pm_config_write(vdev, machine.driver, STATES[state]));
    return told(result, state);
  },
};

export interface Sleep {
  readonly kind: 'lowPower' | 'wakeUp';
  readonly device?: string;
}

/** The task lets the device sleep while nobody wants it: the device of that name, or the only one. */
export function lowPower(device?: string): Sleep {
  return { kind: 'lowPower', ...namedDevice(device) };
}

/** The task wants the device awake again: the device of that name, or the only one. */
export function wakeUp(device?: string): Sleep {
  return { kind: 'wakeUp', ...namedDevice(device) };
}

const sleeping: Omit<DeedKind<Sleep>, 'example'> = {
  describe: ({ kind, device = '' }) => `${kind}(${device})`,
  check: ({ kind, device }, where, world) => checkDevice(device, `${where}, ${kind}`, world),
  foresee: () => ({ letsSleep: true, changesPower: true }),
  *run({ kind, device }, machine) {
    const vdev = deviceNamed(machine, device);
    const isEntry = kind === 'lowPower';
    const result = yield* whileAwake(vdev, () =>
      isEntry ? vfio_pci_runtime_pm_entry(vdev, machine.driver) : vfio_pci_runtime_pm_exit(vdev),
    );
    return told(result, isEntry ? 'low power' : 'awake');
  },
};

export const lettingSleep: DeedKind<Sleep> = { ...sleeping, example: 'lowPower()' };
export const wakingUp: DeedKind<Sleep> = { ...sleeping, example: 'wakeUp()' };
