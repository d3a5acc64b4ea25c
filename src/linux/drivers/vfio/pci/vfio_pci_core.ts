/**
 * What all generations of the driver before v6.10 share: the device's state, the list of mapped vmas, and taking mappings back.
 * Models drivers/vfio/pci/vfio_pci_core.c, v6.1 (vfio_pci.c before v5.15).
 */

import { type Allocatable, again, type Cell, get, getAs, progress, set } from '#explore';
import { type Field, fieldAs } from '../../../field.ts';
import { ENOMEM } from '../../../include/linux/errno.ts';
import type { address_space } from '../../../include/linux/fs.ts';
import { declareNode, entriesOf, list_add, list_del, type list_head, next } from '../../../include/linux/list.ts';
import type { mm_struct, vm_area_struct } from '../../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_trylock, mmap_read_unlock } from '../../../include/linux/mmap_lock.ts';
import { decodesMemory, PCI_COMMAND, PCI_D3hot, type pci_dev } from '../../../include/linux/pci.ts';
import { kfree, kzalloc } from '../../../include/linux/slab.ts';
import { KERNEL_VERSION } from '../../../include/linux/version.ts';
import type { vfio_device_set } from '../../../include/linux/vfio.ts';
import { mmget_not_zero, mmput, touchVma } from '../../../kernel/fork.ts';
import { type mutex, mutex_lock, mutex_trylock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { down_write, type rw_semaphore } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import { zap_vma_ptes } from '../../../mm/memory/zap.ts';
import { look } from '../../../vma.ts';
import type { MappingVma } from './vfio_pci_core/mmap.ts';

/** A device that a user drives. */
export interface vfio_pci_core_device {
  readonly name: string;
  /** Guards `vma_list`. Order: mmap_lock, vma_lock, memory_lock. */
  readonly vma_lock: mutex;
  /** Read: the device's memory stays on, or off. Write: it is switched. */
  readonly memory_lock: rw_semaphore;
  /** The vmas that may have entries. */
  readonly vma_list: list_head<vfio_pci_mmap_vma>;
  /** All that is mapped of the device, by its one inode (v6.10); null under drivers that keep a list, or nothing. */
  readonly i_mapping: address_space | null;
  /** The command register as the user sees it. */
  readonly vconfig: { readonly [PCI_COMMAND]: Cell<number> };
  readonly pdev: pci_dev;
  /** The user has let the device sleep (since v6.1). Locks: memory_lock. */
  readonly pm_runtime_engaged: Field<boolean>;
  /** The devices that are reset with it: here, all of the world. */
  readonly dev_set: vfio_device_set;
  /** Which of its BARs may be mapped by users. */
  readonly bar_mmap_supported: readonly boolean[];
  /** Which of its BARs the kernel has mapped for itself. */
  readonly barmap: readonly Field<boolean>[];
  /** Regions of its own kind, behind the known ones. */
  readonly region: readonly vfio_pci_region[];
}

/** A region of some device's own. */
export interface vfio_pci_region {
  readonly mmap?: (vdev: vfio_pci_core_device, vma: MappingVma) => Kernel<number>;
}

/** An entry of `vma_list`. */
export interface vfio_pci_mmap_vma {
  readonly vma: Cell<vm_area_struct | null>;
  readonly vma_next: list_head<vfio_pci_mmap_vma>;
}

/** The kind of object, for `kzalloc`. */
export const vfio_pci_mmap_vma: Allocatable<vfio_pci_mmap_vma> = {
  name: 'vfio_pci_mmap_vma',
  fields(declare) {
    const entry: { vma: Cell<vm_area_struct | null>; vma_next?: list_head<vfio_pci_mmap_vma> } = {
      vma: declare(null, 'vma'),
    };
    entry.vma_next = declareNode(declare, 'vma_next', entry as vfio_pci_mmap_vma);
    return entry as vfio_pci_mmap_vma;
  },
};

/**
 * Whether the device's memory can be reached, as far as its user has set it: it has power, and the memory bit of the *virtual*
 * command register, unless it has no such bit. Locks: memory_lock, in either mode.
 * Until v5.9 it goes by `is_virtfn`, which s390's virtual functions are not (515ecd5368f1); before ebfa440ce38b of v5.8 it goes by
 * the bit alone; until v5.18 it does not ask for power (2b2c651baf1c).
 */
export function* __vfio_pci_memory_enabled({ pdev, vconfig }: vfio_pci_core_device): Kernel<boolean> {
  const asksForPower = pdev.version >= KERNEL_VERSION(5, 19);
  if (asksForPower && !(yield* fieldAs(pdev.current_state, (state) => state < PCI_D3hot, 'current_state')))
    return false;
  if (hasNoMemoryBit(pdev)) return true;
  return yield* getAs(vconfig[PCI_COMMAND], decodesMemory, '__vfio_pci_memory_enabled');
}

function hasNoMemoryBit({ version, is_virtfn, no_command_memory }: pci_dev): boolean {
  if (version >= KERNEL_VERSION(5, 10)) return no_command_memory;
  return version >= KERNEL_VERSION(5, 8) && is_virtfn;
}

/** Puts the vma on the list, also if it is there already. Returns 0 or -ENOMEM. Locks: vma_lock. */
export function* __vfio_pci_add_vma(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  const mmap_vma = yield* kzalloc(vfio_pci_mmap_vma);
  if (!mmap_vma) return -ENOMEM;
  yield* set(mmap_vma.vma, vma);
  yield* list_add(mmap_vma.vma_next, vdev.vma_list);
  return 0;
}

/** The first entry for the vma, or null. Locks: vma_lock. */
export function* entryOf(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vfio_pci_mmap_vma | null> {
  for (const mmap_vma of yield* entriesOf(vdev.vma_list)) {
    if (yield* getAs(mmap_vma.vma, (listed) => listed === vma)) return mmap_vma;
  }
  return null;
}

/** Takes the entry off the list and frees it. Locks: vma_lock. */
export function* dropEntry(mmap_vma: vfio_pci_mmap_vma): Kernel {
  yield* list_del(mmap_vma.vma_next);
  yield* kfree(mmap_vma);
}

/** A copy of the vma was made: what was copied with it is taken away, and the next touch faults. Locks: mmap_lock. */
export function* vfio_pci_mmap_open(vma: vm_area_struct): Kernel {
  yield* zap_vma_ptes(vma, vma.vm_start, vma.vm_end - vma.vm_start);
}

/** The vma goes away: drops its entry, the first one only. Locks: mmap_lock as the writer; takes vma_lock. */
export function* vfio_pci_mmap_close(vma: vm_area_struct): Kernel {
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  const mmap_vma = yield* entryOf(vdev, vma);
  if (mmap_vma) yield* dropEntry(mmap_vma);
  yield* mutex_unlock(vdev.vma_lock);
}

/**
 * Takes back the mappings of all listed vmas, process by process, until the list is empty. Returns true, **with vma_lock held**.
 *
 * mmap_lock comes before vma_lock, so it looks whose turn it is, lets go, and locks again in that order; what was added meanwhile
 * makes another round. A round starts the task's body over, where Linux has a loop: nothing comes before it, and a task that
 * takes back what others map again, for ever, is a cycle.
 * With `isTry`, for whoever holds other locks already: waits for none, and returns false, with vma_lock free, if one is taken. Nor
 * does it start over; a process that maps again what was taken back counts as a lock that is taken, where Linux goes on.
 * Locks: none of mmap_lock, vma_lock, memory_lock. An entry whose vma was freed: `use after free`.
 */
export function* vfio_pci_zap_and_vma_lock(vdev: vfio_pci_core_device, isTry = false): Kernel<boolean> {
  const zapped: mm_struct[] = [];
  for (;;) {
    if (!(yield* lockOrTry(vdev.vma_lock, isTry, mutex_lock, mutex_trylock))) return false;
    const mm = yield* nextProcess(vdev);
    if (!mm) return true;
    yield* mutex_unlock(vdev.vma_lock);
    const isZapped = !zapped.includes(mm) && (yield* zapProcess(vdev, mm, isTry));
    yield* mmput(mm);
    if (!isZapped) return false;
    if (!isTry) yield* again();
    zapped.push(mm);
  }
}

/** Takes back what the process maps, under mmap_lock and vma_lock. Returns whether it did; false: a lock was taken, and is not waited for. */
function* zapProcess(vdev: vfio_pci_core_device, mm: mm_struct, isTry: boolean): Kernel<boolean> {
  if (!(yield* lockOrTry(mm, isTry, mmap_read_lock, mmap_read_trylock))) return false;
  const isLocked = yield* lockOrTry(vdev.vma_lock, isTry, mutex_lock, mutex_trylock);
  if (isLocked) {
    yield* zapEntriesOf(vdev, mm);
    yield* mutex_unlock(vdev.vma_lock);
  }
  yield* mmap_read_unlock(mm);
  return isLocked;
}

function* lockOrTry<T>(
  on: T,
  isTry: boolean,
  lock: (on: T) => Kernel,
  attempt: (on: T) => Kernel<boolean>,
): Kernel<boolean> {
  if (isTry) return yield* attempt(on);
  yield* lock(on);
  return true;
}

/** Whose turn it is, with a reference; null: nobody's. What is being taken down needs no zap: its entries are dropped. Locks: vma_lock. */
function* nextProcess(vdev: vfio_pci_core_device): Kernel<mm_struct | null> {
  for (;;) {
    const first = yield* next(vdev.vma_list);
    if (!first) return null;
    const { vm_mm: mm } = yield* vmaOf(first);
    if (yield* mmget_not_zero(mm)) return mm;
    yield* dropEntry(first);
  }
}

/** `vfio_pci_zap_and_vma_lock`, then memory_lock as the writer, in whose hands it leaves the device. Releases vma_lock. */
export function* vfio_pci_zap_and_down_write_memory_lock(vdev: vfio_pci_core_device): Kernel {
  yield* vfio_pci_zap_and_vma_lock(vdev);
  yield* down_write(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
}

/** Unlinks and zaps every listed vma of the address space. Locks: its mmap_lock, and vma_lock. */
export function* zapEntriesOf(vdev: vfio_pci_core_device, mm: mm_struct): Kernel {
  for (const mmap_vma of yield* entriesOf(vdev.vma_list)) {
    const vma = yield* vmaOf(mmap_vma);
    if (vma.vm_mm !== mm) continue;
    yield* dropEntry(mmap_vma);
    yield* look(vma);
    yield* zap_vma_ptes(vma, vma.vm_start, vma.vm_end - vma.vm_start);
    yield* progress(); // what others map again meanwhile is work to be done again, and no livelock
  }
}

/** The vma of an entry, to be looked into: a freed one is `use after free`. */
export function* vmaOf(mmap_vma: vfio_pci_mmap_vma): Kernel<vm_area_struct> {
  const vma = (yield* get(mmap_vma.vma)) as vm_area_struct;
  yield* touchVma(vma);
  return vma;
}
