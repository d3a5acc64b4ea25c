/** A PCI device: what of it a driver and a CPU see. Source: include/linux/pci.h and include/uapi/linux/pci_regs.h, v5.14. */

import { type Cell, getAs, readAs, type Snapshot } from '#explore';
import type { Field } from '../../field.ts';
import type { mutex } from '../../kernel/locking/mutex.ts';
import type { Kernel } from '../../kernel.ts';
import type { page } from './mm_types.ts';
import type { dev_pm_info } from './pm.ts';

/** Where the command register stands in the configuration space. */
export const PCI_COMMAND = 0x04;
/** Its bit that makes the device answer at the addresses of its BARs. */
export const PCI_COMMAND_MEMORY = 0x2;

/** The power state, in the control register of the power management capability. */
export const PCI_PM_CTRL_STATE_MASK = 0x3;
/** Resets the function: in the device's control register of the PCIe capability. */
export const PCI_EXP_DEVCTL_BCR_FLR = 0x8000;
/** The same, in the control register of the advanced features' capability. */
export const PCI_AF_CTRL_FLR = 0x01;

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
  /** The page with the table of MSI-X, which users may neither read nor write through the device's file; null: none. */
  readonly msixPage: number | null;
}

/** Which BAR's place the ROM has among a device's resources. */
export const PCI_ROM_RESOURCE = 6;

/** How much power a device has, from all to none. */
export type pci_power_t = number;
export const PCI_D0: pci_power_t = 0;
/** It keeps its configuration space, and answers nowhere else. */
// biome-ignore lint/style/useNamingConvention: Linux's name
export const PCI_D3hot: pci_power_t = 3;

const POWER_NAMES = ['D0', 'D1', 'D2', 'D3hot', 'D3cold'];
/** A power state in words. */
export const pci_power_name = (state: pci_power_t): string => POWER_NAMES[state] ?? 'unknown';

export interface pci_dev {
  readonly name: string;
  /** The Linux that drives it, as KERNEL_VERSION() has it. */
  readonly version: number;
  readonly bars: readonly Bar[];
  /** The device itself: its registers, and above them what they do not tell. See `answersWith`. */
  readonly config: { readonly [PCI_COMMAND]: Cell<number> };
  /** The stretches of its frames that are reserved, each as `0x40000+2`; null: the world does not track them. See track_pfn_remap(). */
  readonly memtypes: Cell<string> | null;
  /** No task of the world ever changes whether it answers. */
  readonly isSteady: boolean;
  /** Tasks of the world reset it, so its registers may have been lost. */
  readonly isReset: boolean;
  /** A virtual function, known as such: its memory bit is always 0, and its memory always on. */
  readonly is_virtfn: boolean;
  /** Its command register has no memory bit. So of each virtual function; s390 hides that it is one. */
  readonly no_command_memory: boolean;
  /** How many virtual functions of its own are in use. */
  readonly num_vf: number;
  /** Its power as the kernel knows it. Locks: memory_lock. */
  readonly current_state: Field<pci_power_t>;
  /** Guards it against two resets at once, and against its driver's coming and going. */
  readonly device_lock: mutex;
  /** What `pci_save_state` has put by. Locks: device_lock. */
  readonly saved_config_space: Cell<number>;
  /** Its runtime power management; null in worlds where its user always keeps it awake. */
  readonly power: dev_pm_info | null;
}

/** Whether a command register has the memory bit. */
export const decodesMemory = (command: number): boolean => (command & PCI_COMMAND_MEMORY) !== 0;

/** The device's own word, above the 16 bits of its command register: it is in D3hot; its BARs hold no addresses. */
export const ASLEEP = 0x10000;
export const WITHOUT_BARS = 0x20000;
/** Above those, how often it has come to answer, or ceased to. */
export const SWITCHED = 0x40000;

/** Whether a device with this word of its own answers at its BARs. */
export const answersWith = ({ no_command_memory }: pci_dev, word: number): boolean =>
  (word & (ASLEEP | WITHOUT_BARS)) === 0 && (no_command_memory || decodesMemory(word));

/** Whether it answers at that moment. */
export const answersNow = (pdev: pci_dev, now: Snapshot): boolean =>
  answersWith(pdev, now.get(pdev.config[PCI_COMMAND]));

/** What stands at a frame: the page of the BAR that it is, a page of RAM, or in words which frame, if it is neither. */
export type Frame = Bar['frames'][number] | page | string;

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

/**
 * What an access to the device's memory meets: true, the device answers; or else a number that is another one whenever that has
 * changed in between. Where nobody ever changes it, it is no step, and has no line in traces.
 */
export function* answer(pdev: pci_dev): Kernel<true | number> {
  const word = pdev.config[PCI_COMMAND];
  const told = (now: number): true | number => answersWith(pdev, now) || now;
  return pdev.isSteady ? yield* getAs(word, told, '') : yield* readAs(word, told, 'access');
}
