/** What the kernel itself touches of a device for its user, whether its memory is on or not. */

import { vfio_pci_ioctl_get_region_info } from '../drivers/vfio/pci/vfio_pci_core/memory.ts';
import { whileAwake } from '../drivers/vfio/pci/vfio_pci_core/power.ts';
import { vfio_msi_enable } from '../drivers/vfio/pci/vfio_pci_intrs.ts';
import { VFIO_PCI_ROM_REGION_INDEX } from '../include/uapi/linux/vfio.ts';
import { deviceNamed } from '../machine.ts';
import { checkDevice, namedDevice } from './command.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

export interface KernelsOwn {
  readonly kind: 'setUpInterrupts' | 'mapRom';
  readonly device?: string;
}

/** The task has the kernel fill the device's table of interrupts: of the device of that name, or of the only one. */
export function setUpInterrupts(device?: string): KernelsOwn {
  return { kind: 'setUpInterrupts', ...namedDevice(device) };
}

/** The task has the kernel look whether there is a ROM: in the device of that name, or in the only one. */
export function mapRom(device?: string): KernelsOwn {
  return { kind: 'mapRom', ...namedDevice(device) };
}

const touching: Omit<DeedKind<KernelsOwn>, 'example'> = {
  describe: ({ kind, device = '' }) => `${kind}(${device})`,
  check: ({ kind, device }, where, world) => checkDevice(device, `${where}, ${kind}`, world),
  foresee: () => ({ switchesMemory: true }),
  *run({ kind, device }, machine) {
    const vdev = deviceNamed(machine, device);
    const isRom = kind === 'mapRom';
    const result = yield* whileAwake(vdev, () =>
      isRom ? vfio_pci_ioctl_get_region_info(vdev, VFIO_PCI_ROM_REGION_INDEX) : vfio_msi_enable(vdev),
    );
    return told(result, isRom ? 'mapped the ROM' : 'set up interrupts');
  },
};

export const settingUpInterrupts: DeedKind<KernelsOwn> = { ...touching, example: 'setUpInterrupts()' };
export const mappingRom: DeedKind<KernelsOwn> = { ...touching, example: 'mapRom()' };
