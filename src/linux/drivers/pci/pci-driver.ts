/** The bus's part of a device's going to sleep and waking up. Models drivers/pci/pci-driver.c, v6.1. */

import { PCI_D0, PCI_D3hot, type pci_dev } from '../../include/linux/pci.ts';
import type { Kernel } from '../../kernel.ts';
import { pci_set_power_state } from './pci.ts';

/** Its driver first, then the device. */
export function* pci_pm_runtime_suspend(pdev: pci_dev, suspend: () => Kernel): Kernel {
  yield* suspend();
  yield* pci_set_power_state(pdev, PCI_D3hot);
}

/** The device first, then its driver. */
export function* pci_pm_runtime_resume(pdev: pci_dev, resume: () => Kernel): Kernel {
  yield* pci_set_power_state(pdev, PCI_D0);
  yield* resume();
}
