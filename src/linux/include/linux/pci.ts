/** A PCI device: what of it a driver and a CPU see. Source: include/linux/pci.h and include/uapi/linux/pci_regs.h, v5.14. */

import { type Cell, get, read } from '#explore';
import type { Kernel } from '../../kernel.ts';

/** Where the command register stands in the configuration space. */
export const PCI_COMMAND = 0x04;
/** Its bit that makes the device answer at the addresses of its BARs. */
export const PCI_COMMAND_MEMORY = 0x2;

/** A region of the device's memory. */
export interface Bar {
  readonly name: string;
  /** Its first frame. */
  readonly pfn: number;
  readonly pages: number;
}

export interface pci_dev {
  readonly name: string;
  readonly bars: readonly Bar[];
  /** The device's own registers. Above the 16 bits of the command register its cell counts how often decoding was switched. */
  readonly config: { readonly [PCI_COMMAND]: Cell<number> };
  /** No task of the world ever writes the command register. */
  readonly isSteady: boolean;
}

/** Whether a device with this command register answers at its BARs. */
export const decodesMemory = (command: number): boolean => (command & PCI_COMMAND_MEMORY) !== 0;

/** What an access to the device's memory meets: the command register, and how often decoding has been switched. */
export function* stateOnAccess(pdev: pci_dev): Kernel<number> {
  const command = pdev.config[PCI_COMMAND];
  return pdev.isSteady ? yield* get(command, 'access') : yield* read(command, 'access');
}
