/**
 * A device's power, and its resets. Models drivers/pci/pci.c, v6.1.
 * A reset is two steps of the device, in between which it answers nobody: so whoever resets it keeps accesses away meanwhile.
 * Left out: devices that lose their registers in D3hot (needs_pm_restore), and the ways to reset one other than FLR and the bus.
 */

import { get, set } from '#explore';
import { cellOf, fieldAs } from '../../field.ts';
import { EAGAIN } from '../../include/linux/errno.ts';
import {
  ASLEEP,
  PCI_COMMAND,
  PCI_COMMAND_MEMORY,
  PCI_D0,
  PCI_D3hot,
  type pci_dev,
  type pci_power_t,
  WITHOUT_BARS,
} from '../../include/linux/pci.ts';
import { mutex_trylock, mutex_unlock } from '../../kernel/locking/mutex.ts';
import type { Kernel } from '../../kernel.ts';
import { changeDevice, pci_read_config_word, pci_write_config_word } from './access.ts';

/** Puts the device into that state; one that is in it already is left alone. Returns 0. Locks: for vfio's, memory_lock as the writer. */
export function* pci_set_power_state(pdev: pci_dev, state: pci_power_t): Kernel<number> {
  if (yield* fieldAs(pdev.current_state, (now) => now === state, 'current_state')) return 0;
  const isAsleep = state >= PCI_D3hot;
  yield* changeDevice(pdev, (word) => (isAsleep ? word | ASLEEP : word & ~ASLEEP), 'pci_set_power_state');
  yield* set(cellOf(pdev.current_state, `current_state of ${pdev.name}`), state, 'current_state');
  return 0;
}

/** Puts its registers by. Returns 0. Locks: device_lock. Only the command register is modelled, and that the BARs hold addresses. */
export function* pci_save_state(pdev: pci_dev): Kernel<number> {
  yield* set(pdev.saved_config_space, yield* pci_read_config_word(pdev, PCI_COMMAND), 'saved_config_space');
  return 0;
}

/** Gives it back the registers that were put by, also the addresses of its BARs. Locks: device_lock. */
export function* pci_restore_state(pdev: pci_dev): Kernel {
  const command = yield* get(pdev.saved_config_space, 'saved_config_space');
  yield* changeDevice(pdev, (word) => (word & ASLEEP) | command, 'pci_restore_state');
}

/**
 * Resets the device alone and restores its registers. Returns 0, or -EAGAIN if somebody else is at the device.
 * Locks: for vfio's, memory_lock as the writer; tries device_lock.
 */
export function* pci_try_reset_function(pdev: pci_dev): Kernel<number> {
  if (!(yield* mutex_trylock(pdev.device_lock))) return -EAGAIN;
  yield* pci_dev_save_and_disable(pdev);
  yield* pcie_flr(pdev);
  yield* pci_restore_state(pdev);
  yield* mutex_unlock(pdev.device_lock);
  return 0;
}

/**
 * Resets all devices of the bus together and restores their registers. Returns 0, or -EAGAIN if somebody else is at one of them.
 * Locks: for vfio's, memory_lock of each as the writer; tries device_lock of each. Takes the devices, where Linux takes the bus.
 */
export function* pci_reset_bus(pdevs: readonly pci_dev[]): Kernel<number> {
  const locked: pci_dev[] = [];
  for (const pdev of pdevs) {
    if (!(yield* mutex_trylock(pdev.device_lock))) break;
    locked.push(pdev);
  }
  const isWhole = locked.length === pdevs.length;
  if (isWhole) {
    for (const pdev of pdevs) yield* pci_dev_save_and_disable(pdev);
    for (const pdev of pdevs) yield* changeDevice(pdev, afterReset, 'pci_bridge_secondary_bus_reset');
    for (const pdev of pdevs) yield* pci_restore_state(pdev);
  }
  for (const pdev of locked.reverse()) yield* mutex_unlock(pdev.device_lock);
  return isWhole ? 0 : -EAGAIN;
}

/** Wakes it, puts its registers by, and switches its memory off: nothing may be under way when it is reset. Locks: device_lock. */
function* pci_dev_save_and_disable(pdev: pci_dev): Kernel {
  yield* pci_set_power_state(pdev, PCI_D0);
  yield* pci_save_state(pdev);
  yield* pci_write_config_word(pdev, PCI_COMMAND, 0);
}

/** The reset of one function: its registers are lost. Returns 0. */
export function* pcie_flr(pdev: pci_dev): Kernel<number> {
  yield* changeDevice(pdev, afterReset, 'pcie_flr');
  return 0;
}

/** Awake; without addresses in its BARs, nor the memory bit. */
const afterReset = (word: number) => (word & ~(ASLEEP | PCI_COMMAND_MEMORY)) | WITHOUT_BARS;
