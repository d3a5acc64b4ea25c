/** Handlers that only a lesson has: each shows one idea, and most of them are wrong on purpose. */

import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  type Driver,
  down_read,
  driverWith,
  EEXIST,
  entriesOf,
  generations,
  get,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  PAGE_SHIFT,
  PAGE_SIZE,
  pte_none,
  READ_ONCE,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vfio_pci_core_device,
  type vm_area_struct,
  type vm_fault,
  type vm_fault_t,
  vma_to_pfn,
  vmf_insert_pfn,
  WARN_ON,
  zap_vma_ptes,
} from '#linux';

interface Handler {
  /** Under its own name: traces show it. */
  readonly vfio_pci_mmap_fault: (vmf: vm_fault) => Kernel<vm_fault_t>;
}

const driver = (name: string, { vfio_pci_mmap_fault: fault }: Handler): Driver => ({ ...driverWith({ fault }), name });

const sizeOf = (vma: vm_area_struct): number => vma.vm_end - vma.vm_start;

/** Says that it has seen to the entry, and has not. */
export const mapsNothing = driver('maps nothing', {
  vfio_pci_mmap_fault: function* () {
    return VM_FAULT_NOPAGE;
  },
});

/** Maps the one page that was touched. */
export const mapsOnePage = driver('maps one page', {
  vfio_pci_mmap_fault: function* ({ vma, address }) {
    return yield* vmf_insert_pfn(vma, address, vma.vm_pgoff + ((address - vma.vm_start) >> PAGE_SHIFT));
  },
});

/** The insert loop with neither vma_lock nor list: what vmf_insert_pfn() bears by itself. */
export const insertsWithoutLock = driver('insert loop without lock', {
  vfio_pci_mmap_fault: function* ({ vma }) {
    const vdev = vma.vm_private_data;
    yield* down_read(vdev.memory_lock);
    let ret = (yield* __vfio_pci_memory_enabled(vdev)) ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
    for (let page = 0; ret === VM_FAULT_NOPAGE && page < sizeOf(vma) / PAGE_SIZE; page += 1) {
      ret = yield* vmf_insert_pfn(vma, vma.vm_start + page * PAGE_SIZE, vma.vm_pgoff + page);
    }
    yield* up_read(vdev.memory_lock);
    return ret;
  },
});

function* addUnlessListed(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<number> {
  for (const entry of yield* entriesOf(vdev.vma_list)) if ((yield* get(entry.vma)) === vma) return -EEXIST;
  return yield* __vfio_pci_add_vma(vdev, vma);
}

/** Skips what is listed. A fill that fails is taken back; its entry on the list is not. */
export const leavesEntryBehind = driver('leaves the entry behind', {
  vfio_pci_mmap_fault: function* ({ vma }) {
    const vdev = vma.vm_private_data;
    yield* mutex_lock(vdev.vma_lock);
    yield* down_read(vdev.memory_lock);
    const ret = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* addAndFill(vdev, vma) : VM_FAULT_SIGBUS;
    yield* up_read(vdev.memory_lock);
    yield* mutex_unlock(vdev.vma_lock);
    return ret;
  },
});

function* addAndFill(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vm_fault_t> {
  const error = yield* addUnlessListed(vdev, vma);
  if (error) return error === -EEXIST ? VM_FAULT_NOPAGE : VM_FAULT_OOM;
  if (!(yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, sizeOf(vma), vma.vm_page_prot)))
    return VM_FAULT_NOPAGE;
  yield* zap_vma_ptes(vma, vma.vm_start, sizeOf(vma));
  return VM_FAULT_SIGBUS;
}

/** Skips what is listed, and lets go of vma_lock before the fill. */
export const skipsAndUnlocksEarly = driver('skips, unlocks early', {
  vfio_pci_mmap_fault: function* ({ vma }) {
    const vdev = vma.vm_private_data;
    yield* mutex_lock(vdev.vma_lock);
    yield* down_read(vdev.memory_lock);
    const error = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* addUnlessListed(vdev, vma) : undefined;
    yield* mutex_unlock(vdev.vma_lock);
    const ret = error === undefined ? VM_FAULT_SIGBUS : yield* fillUnless(error, vma);
    yield* up_read(vdev.memory_lock);
    return ret;
  },
});

function* fillUnless(error: number, vma: vm_area_struct): Kernel<vm_fault_t> {
  if (error) return error === -EEXIST ? VM_FAULT_NOPAGE : VM_FAULT_OOM;
  const failed = yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, sizeOf(vma), vma.vm_page_prot);
  return failed ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

/** The same, and warns where it answers NOPAGE to one whose entry is still empty. */
export const warnsOfEarlyAnswer = driver('skips, unlocks early, warns', {
  vfio_pci_mmap_fault: function* ({ vma, pte }) {
    const vdev = vma.vm_private_data;
    yield* mutex_lock(vdev.vma_lock);
    yield* down_read(vdev.memory_lock);
    const error = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* addUnlessListed(vdev, vma) : undefined;
    yield* mutex_unlock(vdev.vma_lock);
    if (error === -EEXIST)
      yield* WARN_ON(
        !pte || pte_none(yield* READ_ONCE(pte)),
        'WARN_ON(pte_none(*vmf->pte)): answers NOPAGE for an empty entry',
      );
    const ret = error === undefined ? VM_FAULT_SIGBUS : yield* fillUnless(error, vma);
    yield* up_read(vdev.memory_lock);
    return ret;
  },
});

/** The insert loop under both locks, adding to the list without a look whether the vma is there. */
export const insertsAndListsAgain = driver('insert loop, no search', {
  vfio_pci_mmap_fault: function* ({ vma }) {
    const vdev = vma.vm_private_data;
    yield* mutex_lock(vdev.vma_lock);
    yield* down_read(vdev.memory_lock);
    const ret = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* insertAndAdd(vdev, vma) : VM_FAULT_SIGBUS;
    yield* up_read(vdev.memory_lock);
    yield* mutex_unlock(vdev.vma_lock);
    return ret;
  },
});

function* insertAndAdd(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vm_fault_t> {
  for (let page = 0; page < sizeOf(vma) / PAGE_SIZE; page += 1)
    yield* vmf_insert_pfn(vma, vma.vm_start + page * PAGE_SIZE, vma.vm_pgoff + page);
  return (yield* __vfio_pci_add_vma(vdev, vma)) ? VM_FAULT_OOM : VM_FAULT_NOPAGE;
}

/** Inserts a frame where there is none, and then another one in the same place. */
export const insertsTwice = driver('inserts twice', {
  vfio_pci_mmap_fault: function* ({ vma, address }) {
    yield* vmf_insert_pfn(vma, address, vma.vm_pgoff);
    return yield* vmf_insert_pfn(vma, address, vma.vm_pgoff + 1);
  },
});

/** The merged handler with its two locks the wrong way round. */
export const locksInReverse = driver('locks in reverse', {
  vfio_pci_mmap_fault: function* ({ vma }) {
    const vdev = vma.vm_private_data;
    yield* down_read(vdev.memory_lock);
    yield* mutex_lock(vdev.vma_lock);
    const ret = (yield* __vfio_pci_memory_enabled(vdev)) ? yield* fillAndAdd(vdev, vma) : VM_FAULT_SIGBUS;
    yield* mutex_unlock(vdev.vma_lock);
    yield* up_read(vdev.memory_lock);
    return ret;
  },
});

function* fillAndAdd(vdev: vfio_pci_core_device, vma: vm_area_struct): Kernel<vm_fault_t> {
  for (const entry of yield* entriesOf(vdev.vma_list)) if ((yield* get(entry.vma)) === vma) return VM_FAULT_NOPAGE;
  if (yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, sizeOf(vma), vma.vm_page_prot)) return VM_FAULT_SIGBUS;
  return (yield* __vfio_pci_add_vma(vdev, vma)) ? VM_FAULT_OOM : VM_FAULT_NOPAGE;
}

/** Tests whether the memory is on, lets go of memory_lock, and inserts then. The rest is 6.10's. */
export const testsTooEarly: Driver = {
  ...driverWith(
    {
      fault: function* vfio_pci_mmap_fault({ vma, address }: vm_fault): Kernel<vm_fault_t> {
        const vdev = vma.vm_private_data;
        const frame = vma_to_pfn(vma) + ((address - vma.vm_start) >> PAGE_SHIFT);
        yield* down_read(vdev.memory_lock);
        const isOn = yield* __vfio_pci_memory_enabled(vdev);
        yield* up_read(vdev.memory_lock);
        return isOn ? yield* vmf_insert_pfn(vma, address, frame) : VM_FAULT_SIGBUS;
      },
    },
    generations.v6_10,
  ),
  name: 'tests too early',
};
