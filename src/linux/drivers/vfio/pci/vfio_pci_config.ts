/** The user's writes to configuration space. Models drivers/vfio/pci/vfio_pci_config.c, v6.1. */

import { getAs, set } from '#explore';
import {
  decodesMemory,
  PCI_AF_CTRL_FLR,
  PCI_COMMAND,
  PCI_D3hot,
  PCI_EXP_DEVCTL_BCR_FLR,
  PCI_PM_CTRL_STATE_MASK,
  type pci_power_t,
  WITHOUT_BARS,
} from '../../../include/linux/pci.ts';
import { KERNEL_VERSION } from '../../../include/linux/version.ts';
import { down_write, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import { changeDevice, pci_read_config_word, pci_write_config_word } from '../../pci/access.ts';
import { pci_try_reset_function } from '../../pci/pci.ts';
import type { Driver } from './driver.ts';
import { vfio_pci_set_power_state } from './vfio_pci_core/power.ts';
import type { vfio_pci_core_device } from './vfio_pci_core.ts';

/**
 * Writes the command register, of which only the memory bit is modelled. Off: takes all mappings back first, even if it was off.
 * On: may restore the BARs first. Then the hardware, then the user's copy.
 * Returns the number of bytes written. Locks: none of mmap_lock, vma_lock, memory_lock.
 */
export function* vfio_basic_config_write(vdev: vfio_pci_core_device, { zap }: Driver, command: number): Kernel<number> {
  if (decodesMemory(command)) {
    yield* down_write(vdev.memory_lock);
    if (yield* wasResetBehind(vdev)) yield* vfio_bar_restore(vdev);
  } else yield* zap(vdev);
  yield* pci_write_config_word(vdev.pdev, PCI_COMMAND, command);
  yield* set(vdev.vconfig[PCI_COMMAND], command, 'vconfig');
  yield* up_write(vdev.memory_lock);
  return 2;
}

/** Whether the device was reset by a back door: its memory is off, and the user's copy says on. Only where some task resets it. */
function* wasResetBehind({ pdev, vconfig }: vfio_pci_core_device): Kernel<boolean> {
  if (!pdev.isReset || pdev.no_command_memory) return false;
  const isOn = yield* getAs(vconfig[PCI_COMMAND], decodesMemory, 'vconfig');
  return isOn && !decodesMemory(yield* pci_read_config_word(pdev, PCI_COMMAND));
}

/** Gives the device's BARs their addresses again. Locks: memory_lock as the writer. */
export function* vfio_bar_restore({ pdev }: vfio_pci_core_device): Kernel {
  yield* changeDevice(pdev, (word) => word & ~WITHOUT_BARS, 'vfio_bar_restore');
}

/** Writes the power management capability: the device's state is in it. Returns the number of bytes written. Locks: as for the command. */
export function* vfio_pm_config_write(vdev: vfio_pci_core_device, driver: Driver, control: number): Kernel<number> {
  yield* vfio_lock_and_set_power_state(vdev, driver, control & PCI_PM_CTRL_STATE_MASK);
  return 2;
}

/**
 * Down: takes all mappings back first. Up: memory_lock alone. Before v5.19 neither (2b2c651baf1c): entries stay live.
 * That the device refuses (-EBUSY) is not told to the user.
 */
export function* vfio_lock_and_set_power_state(
  vdev: vfio_pci_core_device,
  { zap }: Driver,
  state: pci_power_t,
): Kernel {
  const isLocked = vdev.pdev.version >= KERNEL_VERSION(5, 19);
  if (isLocked && state >= PCI_D3hot) yield* zap(vdev);
  else if (isLocked) yield* down_write(vdev.memory_lock);
  yield* vfio_pci_set_power_state(vdev, state);
  if (isLocked) yield* up_write(vdev.memory_lock);
}

/** Writes the control register of the PCIe capability: the bit for a reset of the function does one. Returns the number of bytes written. */
export function* vfio_exp_config_write(vdev: vfio_pci_core_device, driver: Driver, control: number): Kernel<number> {
  if (control & PCI_EXP_DEVCTL_BCR_FLR) yield* resetFunction(vdev, driver);
  return 2;
}

/** The same of the advanced features' capability, which devices of conventional PCI have. */
export function* vfio_af_config_write(vdev: vfio_pci_core_device, driver: Driver, control: number): Kernel<number> {
  if (control & PCI_AF_CTRL_FLR) yield* resetFunction(vdev, driver);
  return 1;
}

/** The bit never reaches the device: the kernel resets it, and restores it. Whether that works is not told to the user. */
function* resetFunction(vdev: vfio_pci_core_device, { zap }: Driver): Kernel {
  yield* zap(vdev);
  yield* pci_try_reset_function(vdev.pdev);
  yield* up_write(vdev.memory_lock);
}
