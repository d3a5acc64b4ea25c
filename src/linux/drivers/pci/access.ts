/** Reading and writing a device's own registers. Source: drivers/pci/access.c, v5.14. */

import { readAs, remark, update } from '#explore';
import { answersWith, PCI_COMMAND, PCI_COMMAND_MEMORY, type pci_dev, SWITCHED } from '../../include/linux/pci.ts';
import type { Kernel } from '../../kernel.ts';

const REGISTER = 0xffff;
const WHAT_IT_IS = SWITCHED - 1;

/** Reads the device's command register. */
export function* pci_read_config_word(pdev: pci_dev, where: typeof PCI_COMMAND): Kernel<number> {
  return yield* readAs(pdev.config[where], (word) => word & REGISTER, 'pci_read_config_word');
}

/**
 * Writes the device's command register: from here on it decodes its BARs, or does not. A register without a memory bit drops it.
 * Locks: whatever keeps accesses away meanwhile.
 */
export function* pci_write_config_word(pdev: pci_dev, _where: typeof PCI_COMMAND, value: number): Kernel {
  const kept = pdev.no_command_memory ? value & ~PCI_COMMAND_MEMORY : value;
  yield* changeDevice(pdev, (word) => (word & ~REGISTER) | kept, 'pci_write_config_word');
}

/** Changes what the device is: one step, after which it answers or does not. */
export function* changeDevice(pdev: pci_dev, change: (word: number) => number, called: string): Kernel {
  const after = (before: number) => {
    const word = change(before & WHAT_IT_IS);
    const isSwitched = answersWith(pdev, before) !== answersWith(pdev, word);
    return (Math.floor(before / SWITCHED) + (isSwitched ? 1 : 0)) * SWITCHED + word;
  };
  const before = yield* update(pdev.config[PCI_COMMAND], after, called);
  yield* remark(answersWith(pdev, after(before)) ? 'the device answers' : 'the device answers no more');
}
