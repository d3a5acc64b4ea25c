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
  /** Which of the device's BARs it is, from 0. */
  readonly index: number;
  /** Its first frame. */
  readonly pfn: number;
  readonly pages: number;
  /** Its frames as traces name them, in order; none of a large one. */
  readonly frames: readonly { readonly name: string }[];
}

export interface pci_dev {
  readonly name: string;
  readonly bars: readonly Bar[];
  /** The device's own registers. Above the 16 bits of the command register its cell counts how often decoding was switched. */
  readonly config: { readonly [PCI_COMMAND]: Cell<number> };
  /** The stretches of its frames that are reserved, each as `0x40000+2`; null: the world does not track them. See track_pfn_remap(). */
  readonly memtypes: Cell<string> | null;
  /** No task of the world ever writes the command register. */
  readonly isSteady: boolean;
}

/** Whether a device with this command register answers at its BARs. */
export const decodesMemory = (command: number): boolean => (command & PCI_COMMAND_MEMORY) !== 0;

/** What stands at a frame: the page of the BAR that it is, or in words which frame, if it is none of a device's. */
export type Frame = Bar['frames'][number] | string;

/** The BAR, and whose it is, that has the frame; undefined for a frame of no device. */
export function barAt(
  pdevs: readonly pci_dev[],
  pfn: number,
): { readonly pdev: pci_dev; readonly bar: Bar } | undefined {
  for (const pdev of pdevs) {
    const bar = pdev.bars.find((each) => pfn >= each.pfn && pfn < each.pfn + each.pages);
    if (bar) return { pdev, bar };
  }
  return undefined;
}

/** What stands at the frame. */
export function frameAt(pdevs: readonly pci_dev[], pfn: number): Frame {
  const found = barAt(pdevs, pfn);
  if (!found) return `frame 0x${pfn.toString(16)}`;
  const page = pfn - found.bar.pfn;
  return found.bar.frames[page] ?? `${found.bar.name}[${page}]`;
}

/** What stands there, as text. */
export const frameName = (frame: Frame): string => (typeof frame === 'string' ? frame : frame.name);

/** The device behind it; undefined where none is. */
export function pdevBehind(pdevs: readonly pci_dev[], frame: Frame): pci_dev | undefined {
  const isIn = ({ name, frames }: Bar) =>
    typeof frame === 'string' ? frame.startsWith(`${name}[`) : frames.includes(frame);
  return pdevs.find(({ bars }) => bars.some(isIn));
}

const toldAs = (command: number): true | number => decodesMemory(command) || command;

/**
 * What an access to the device's memory meets: true, the device answers; or else a number that is another one whenever decoding has
 * been switched in between. Where nobody ever switches it is no step, and has no line in traces.
 */
export function* answer({ config, isSteady }: pci_dev): Kernel<true | number> {
  const command = config[PCI_COMMAND];
  return isSteady ? yield* getAs(command, toldAs, '') : yield* readAs(command, toldAs, 'access');
}
