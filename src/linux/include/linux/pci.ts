/** A PCI device: what of it a driver and a CPU see. Source: include/linux/pci.h and include/uapi/linux/pci_regs.h, v5.14. */

import { type Cell, getAs, readAs } from '#explore';
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
  /** Its frames as traces name them, in order. */
  readonly frames: readonly { readonly name: string }[];
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

/** What stands at a frame: the page of the BAR that it is, or in words which frame, if it is none of the device's. */
export type Frame = Bar['frames'][number] | string;

/** What stands at the frame. */
export function frameAt({ bars }: pci_dev, pfn: number): Frame {
  const bar = bars.find((each) => pfn >= each.pfn && pfn < each.pfn + each.pages);
  return bar?.frames[pfn - bar.pfn] ?? `frame 0x${pfn.toString(16)}`;
}

/** What stands there, as text. */
export const frameName = (frame: Frame): string => (typeof frame === 'string' ? frame : frame.name);

const toldAs = (command: number): true | number => decodesMemory(command) || command;

/**
 * What an access to the device's memory meets: true, the device answers; or else a number that is another one whenever decoding has
 * been switched in between. Where nobody ever switches it is no step, and has no line in traces.
 */
export function* answer({ config, isSteady }: pci_dev): Kernel<true | number> {
  const command = config[PCI_COMMAND];
  return isSteady ? yield* getAs(command, toldAs, '') : yield* readAs(command, toldAs, 'access');
}
