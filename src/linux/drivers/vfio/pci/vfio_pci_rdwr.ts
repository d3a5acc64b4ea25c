/**
 * Reads and writes of a BAR through the device's file, and writes that an eventfd stands for. Models drivers/vfio/pci/vfio_pci_rdwr.c,
 * v6.1. Left out: registers of other widths, a table of MSI-X that is a part of its page. What the registers hold is not modelled.
 */

import { remark } from '#explore';
import { EFAULT, EIO } from '../../../include/linux/errno.ts';
import { answer, type Bar, frameAt, frameName } from '../../../include/linux/pci.ts';
import { KERNEL_VERSION } from '../../../include/linux/version.ts';
import { down_read, down_read_trylock, up_read } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import { vfio_pci_core_setup_barmap } from './vfio_pci_core/mmap.ts';
import { __vfio_pci_memory_enabled, type vfio_pci_core_device } from './vfio_pci_core.ts';

/** A register of a BAR, and a user's buffer for what is in it. */
export interface RegisterAccess {
  readonly bar: Bar;
  readonly page: number;
  readonly isWrite: boolean;
  /** So many, one behind the other; one, unless given. */
  readonly registers?: number;
  /** Copies between the buffer and the kernel. Returns how many bytes could not be copied; none, unless given. */
  readonly copy?: () => Kernel<number>;
  /** What came of it, or of the last, as the device or its stand-in has it. */
  met?: 'device' | 'no answer' | '0xFF' | 'nobody';
}

/** How many bytes a register has. */
export const WIDTH = 4;

/**
 * Reads or writes registers. Returns how many bytes; -EIO if the memory is off, also if only for the last; -EFAULT if the buffer cannot be reached; what
 * `vfio_pci_core_setup_barmap` returns. Of the table of MSI-X, which is the kernel's, it reads 0xFF, and writes nothing.
 * Locks: takes memory_lock as a reader for each register alone; until v5.8 also while it copies (bc93b9ae0151): a buffer that is a
 * mapping of the device itself then takes it twice. To be called `whileAwake`.
 */
export function* vfio_pci_bar_rw(vdev: vfio_pci_core_device, access: RegisterAccess): Kernel<number> {
  const error = yield* vfio_pci_core_setup_barmap(vdev, access.bar.index);
  if (error) return error;
  if (vdev.pdev.version >= KERNEL_VERSION(5, 9)) return yield* do_io_rw(vdev, true, access);
  if (!(yield* downReadIfEnabled(vdev))) return -EIO;
  const done = yield* do_io_rw(vdev, false, access);
  yield* up_read(vdev.memory_lock);
  return done;
}

/** Register by register. Returns how many bytes, or the first error. `test_mem`: takes memory_lock for each register. */
export function* do_io_rw(vdev: vfio_pci_core_device, test_mem: boolean, access: RegisterAccess): Kernel<number> {
  const { registers = 1 } = access;
  for (let done = 0; done < registers; done++) {
    const error = yield* transfer(vdev, test_mem, access);
    if (error) return error;
  }
  return WIDTH * registers;
}

/** The copy and the register, in the order in which the bytes go. Returns 0 or the error. */
function* transfer(vdev: vfio_pci_core_device, test_mem: boolean, access: RegisterAccess): Kernel<number> {
  const { isWrite, copy } = access;
  const isTaken = access.page === access.bar.msixPage;
  if (isTaken) access.met = isWrite ? 'nobody' : '0xFF';
  if (isWrite && isTaken) return 0;
  if (isWrite && copy && (yield* copy())) return -EFAULT;
  const rw = isWrite ? vfio_pci_iowrite32 : vfio_pci_ioread32;
  const error = isTaken ? 0 : yield* rw(vdev, test_mem, access);
  if (error) return error;
  if (!isWrite && copy && (yield* copy())) return -EFAULT;
  return 0;
}

/** Reads the register. Returns 0, or, if `test_mem`, -EIO if the memory is off. Locks: memory_lock as a reader; takes it if `test_mem`. */
export function* vfio_pci_ioread32(vdev: vfio_pci_core_device, test_mem: boolean, to: RegisterAccess): Kernel<number> {
  return yield* touchRegister(vdev, test_mem, to);
}

/** Writes it. Returns and locks: as `vfio_pci_ioread32`. */
export function* vfio_pci_iowrite32(vdev: vfio_pci_core_device, test_mem: boolean, to: RegisterAccess): Kernel<number> {
  return yield* touchRegister(vdev, test_mem, to);
}

function* touchRegister(vdev: vfio_pci_core_device, test_mem: boolean, to: RegisterAccess): Kernel<number> {
  if (test_mem && !(yield* downReadIfEnabled(vdev))) return -EIO;
  const name = frameName(frameAt([vdev.pdev], to.bar.pfn + to.page));
  to.met = (yield* answer(vdev.pdev)) === true ? 'device' : 'no answer';
  yield* remark(to.met === 'device' ? `the device answers: ${name}` : `no answer from ${name}`);
  if (test_mem) yield* up_read(vdev.memory_lock);
  return 0;
}

/** Takes memory_lock as a reader, and keeps it if the memory is on. Returns whether it is. */
function* downReadIfEnabled(vdev: vfio_pci_core_device): Kernel<boolean> {
  yield* down_read(vdev.memory_lock);
  const isEnabled = yield* __vfio_pci_memory_enabled(vdev);
  if (!isEnabled) yield* up_read(vdev.memory_lock);
  return isEnabled;
}

/**
 * An eventfd that stands for a write was signalled, by whoever did that, where nobody may sleep. Returns 0: written, or dropped as the
 * memory is off; 1 if memory_lock is taken: a worker shall do it. Locks: tries memory_lock as a reader. Models v5.10 and later.
 */
export function* vfio_pci_ioeventfd_handler(vdev: vfio_pci_core_device, write: RegisterAccess): Kernel<0 | 1> {
  if (!(yield* down_read_trylock(vdev.memory_lock))) return 1;
  if (yield* __vfio_pci_memory_enabled(vdev)) yield* vfio_pci_ioeventfd_do_write(vdev, write, false);
  yield* up_read(vdev.memory_lock);
  return 0;
}

/** The worker: writes, or drops it if the memory is off. Locks: takes memory_lock as a reader. */
export function* vfio_pci_ioeventfd_thread(vdev: vfio_pci_core_device, write: RegisterAccess): Kernel {
  yield* vfio_pci_ioeventfd_do_write(vdev, write, true);
}

function* vfio_pci_ioeventfd_do_write(vdev: vfio_pci_core_device, write: RegisterAccess, test_mem: boolean): Kernel {
  yield* vfio_pci_iowrite32(vdev, test_mem, write);
}
