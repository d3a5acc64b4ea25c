/**
 * What all generations of the driver before v6.10 share: the device's state, the list of mapped vmas, and taking mappings back.
 * Models drivers/vfio/pci/vfio_pci_core.c, v6.1 (vfio_pci.c before v5.15).
 */

import { type Allocatable, again, type Cell, get, getAs, progress, set } from '#explore';
import { ENOMEM } from '../../../include/linux/errno.ts';
import { declareNode, entriesOf, list_add, list_del, type list_head, next } from '../../../include/linux/list.ts';
import type { mm_struct, vm_area_struct } from '../../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../include/linux/mmap_lock.ts';
import { decodesMemory, PCI_COMMAND, type pci_dev } from '../../../include/linux/pci.ts';
import { kfree, kzalloc } from '../../../include/linux/slab.ts';
import { mmget_not_zero, mmput, touchVma } from '../../../kernel/fork.ts';
import { type mutex, mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { down_write, type rw_semaphore } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import { zap_vma_ptes } from '../../../mm/memory/zap.ts';
import { look } from '../../../vma.ts';

/** A device that a user drives. */
export interface vfio_pci_core_device {
  readonly name: string;
  /** Guards `vma_list`. Order: mmap_lock, vma_lock, memory_lock. */
  readonly vma_lock: mutex;
  /** Read: the device's memory stays on, or off. Write: it is switched. */
  readonly memory_lock: rw_semaphore;
  /** The vmas that may have entries. */
  readonly vma_list: list_head<vfio_pci_mmap_vma>;
  /** The command register as the user sees it. */
  readonly vconfig: { readonly [PCI_COMMAND]: Cell<number> };
  readonly pdev: pci_dev;
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
 * Whether the device's memory is on, as the user set it. Locks: memory_lock, in either mode.
 * Left out: virtual functions, which have no such bit and count as on; low-power states, which count as off (v5.19).
 */
export function* __vfio_pci_memory_enabled(vdev: vfio_pci_core_device): Kernel<boolean> {
  return yield* getAs(vdev.vconfig[PCI_COMMAND], decodesMemory, '__vfio_pci_memory_enabled');
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
 * Takes back the mappings of all listed vmas, process by process, until the list is empty. Returns **with vma_lock held**.
 *
 * mmap_lock comes before vma_lock, so it looks whose turn it is, lets go, and locks again in that order; what was added meanwhile
 * makes another round. A round starts the task's body over, where Linux has a loop: nothing comes before it, and a task that
 * takes back what others map again, for ever, is a cycle.
 * Locks: none of mmap_lock, vma_lock, memory_lock. An entry whose vma was freed: `use after free`.
 * Left out: `try` for resets of several devices.
 */
export function* vfio_pci_zap_and_vma_lock(vdev: vfio_pci_core_device): Kernel {
  yield* mutex_lock(vdev.vma_lock);
  const mm = yield* nextProcess(vdev);
  if (!mm) return;
  yield* mutex_unlock(vdev.vma_lock);
  yield* mmap_read_lock(mm);
  yield* mutex_lock(vdev.vma_lock);
  yield* zapEntriesOf(vdev, mm);
  yield* mutex_unlock(vdev.vma_lock);
  yield* mmap_read_unlock(mm);
  yield* mmput(mm);
  yield* again();
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
function* zapEntriesOf(vdev: vfio_pci_core_device, mm: mm_struct): Kernel {
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
function* vmaOf(mmap_vma: vfio_pci_mmap_vma): Kernel<vm_area_struct> {
  const vma = (yield* get(mmap_vma.vma)) as vm_area_struct;
  yield* touchVma(vma);
  return vma;
}
