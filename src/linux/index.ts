/** The simulated kernel: what learners and graders use of it. */

export { PAGE_ALIGN, PAGE_MASK, PAGE_SHIFT, PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
export {
  type pgprot_t,
  pte_dirty,
  pte_mkdirty,
  pte_mkwrite,
  pte_none,
  pte_pfn,
  pte_present,
  pte_special,
  type pte_t,
  pte_write,
  pte_wrprotect,
  ptep_get_and_clear,
  ptep_set_wrprotect,
  set_pte_at,
} from './arch/x86/include/asm/pgtable.ts';
export { flush_tlb_page, flush_tlb_range } from './arch/x86/mm/tlb.ts';
export {
  type Deed,
  disableMemory,
  dma,
  dmaMap,
  dmaUnmap,
  enableMemory,
  exit,
  fault,
  fork,
  functionLevelReset,
  guestAccess,
  hotReset,
  kill,
  lowPower,
  mapRom,
  mmap,
  mprotect,
  mremap,
  munmap,
  readBar,
  reset,
  setPowerState,
  setUpInterrupts,
  signalIoeventfd,
  truncate,
  wakeUp,
  write,
  writeBar,
} from './deeds/index.ts';
export type { FailDescription, VmaDescription, WorldDescription } from './description.ts';
export { refusablePages } from './description.ts';
export { pci_read_config_word, pci_write_config_word } from './drivers/pci/access.ts';
export { pci_reset_bus, pci_set_power_state, pci_try_reset_function } from './drivers/pci/pci.ts';
export { vfio_pci_zap_bars, vma_to_pfn } from './drivers/vfio/pci/addressSpace.ts';
export type { AddVma, Driver, DriverParts, Fault } from './drivers/vfio/pci/driver.ts';
export { driverWith, generations } from './drivers/vfio/pci/generations/index.ts';
export {
  vfio_pci_memory_lock_and_enable,
  vfio_pci_memory_unlock_and_restore,
} from './drivers/vfio/pci/vfio_pci_core/memory.ts';
export { type MappingVma, vfio_pci_core_mmap } from './drivers/vfio/pci/vfio_pci_core/mmap.ts';
export { vfio_pci_set_power_state } from './drivers/vfio/pci/vfio_pci_core/power.ts';
export {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  type vfio_pci_core_device,
  vfio_pci_mmap_vma,
  vfio_pci_zap_and_down_write_memory_lock,
  vfio_pci_zap_and_vma_lock,
} from './drivers/vfio/pci/vfio_pci_core.ts';
export { BUG, BUG_ON, WARN_ON } from './include/asm-generic/bug.ts';
export { READ_ONCE, WRITE_ONCE } from './include/asm-generic/rwonce.ts';
export * from './include/linux/errno.ts';
export type { address_space, file } from './include/linux/fs.ts';
export { PMD_ORDER, PUD_ORDER } from './include/linux/huge_mm.ts';
export {
  declareList,
  declareNode,
  entriesOf,
  list_add,
  list_add_tail,
  list_del,
  list_empty,
  type list_head,
  next,
} from './include/linux/list.ts';
export { vma_end_read, vma_start_read, vma_start_write } from './include/linux/mm/vmaLock.ts';
export * from './include/linux/mm.ts';
export * from './include/linux/mm_types.ts';
export {
  mmap_read_lock,
  mmap_read_trylock,
  mmap_read_unlock,
  mmap_write_lock,
  mmap_write_unlock,
} from './include/linux/mmap_lock.ts';
export { linear_page_index, lock_page, trylock_page, unlock_page } from './include/linux/pagemap.ts';
export { PCI_COMMAND, PCI_COMMAND_MEMORY, PCI_D0, PCI_D3hot, type pci_dev } from './include/linux/pci.ts';
export { rcu_assign_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock } from './include/linux/rcupdate.ts';
export { kfree, kzalloc } from './include/linux/slab.ts';
export { copy_from_user, copy_to_user, type UserBuffer } from './include/linux/uaccess.ts';
export { type mutex, mutex_lock, mutex_trylock, mutex_unlock } from './kernel/locking/mutex.ts';
export {
  down_read,
  down_read_trylock,
  down_write,
  down_write_trylock,
  type rw_semaphore,
  up_read,
  up_write,
} from './kernel/locking/rwsem.ts';
export { spin_lock, spin_unlock, type spinlock_t } from './kernel/locking/spinlock.ts';
export { call_rcu, synchronize_rcu } from './kernel/rcu/tree.ts';
export { get, getAs, type Kernel, set } from './kernel.ts';
export type { Machine } from './machine.ts';
export { filemap_fault, find_get_page } from './mm/filemap.ts';
export { fixup_user_fault } from './mm/gup.ts';
export { vmf_insert_pfn_pmd, vmf_insert_pfn_pud } from './mm/huge_memory.ts';
export {
  follow_pfn,
  follow_pfnmap_end,
  follow_pfnmap_start,
  follow_pte,
  handle_mm_fault,
  io_remap_pfn_range,
  lock_vma_under_rcu,
  pte_unmap_unlock,
  remap_pfn_range,
  unmap_mapping_range,
  vmf_insert_pfn,
  zap_vma_ptes,
} from './mm/memory.ts';
export { alloc_page } from './mm/page_alloc.ts';
export { get_page, put_page } from './mm/swap.ts';
export type { Picture } from './picture.ts';
export type { RuleName } from './rules.ts';
export { sourceOf } from './sources.ts';
export { WorldError } from './words.ts';
export { type SimulateOptions, simulate } from './world.ts';
