/** Writes to a device's own registers. Source: drivers/pci/access.c, v5.14. */

import { remark, update } from '#explore';
import { decodesMemory, type PCI_COMMAND, type pci_dev } from '../../include/linux/pci.ts';
import type { Kernel } from '../../kernel.ts';

const SWITCHED = 0x10000;

/** Writes the device's command register: from here on it decodes its BARs, or does not. Locks: whatever keeps accesses away meanwhile. */
export function* pci_write_config_word(pdev: pci_dev, where: typeof PCI_COMMAND, value: number): Kernel {
  const written = (before: number) => {
    const switched = Math.floor(before / SWITCHED) + (decodesMemory(before) === decodesMemory(value) ? 0 : 1);
    return switched * SWITCHED + value;
  };
  yield* update(pdev.config[where], written, 'pci_write_config_word');
  yield* remark(decodesMemory(value) ? 'the device answers' : 'the device answers no more');
}
