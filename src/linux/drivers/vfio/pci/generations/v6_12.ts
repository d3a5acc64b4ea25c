/**
 * The handlers since v6.12, which make huge entries where they can. Models drivers/vfio/pci/vfio_pci_core.c, v6.12.
 * Left out: the line that they print of each fault for who debugs, at most so many a second.
 */

import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { PMD_ORDER, PUD_ORDER } from '../../../../include/linux/huge_mm.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_FALLBACK, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import type { Kernel } from '../../../../kernel.ts';
import { vmf_insert_pfn_pmd, vmf_insert_pfn_pud } from '../../../../mm/huge_memory.ts';
import { vmf_insert_pfn } from '../../../../mm/memory/insert.ts';
import { frameBehind } from '../addressSpace.ts';
import { driverWithoutList } from '../driver.ts';
import { whileEnabled } from './v6_10.ts';

/** Of the entry that would cover the fault: where it begins, and the frame there; null: it may not be made, so try a smaller one. */
type Block = (vmf: vm_fault, order: number) => { readonly address: number; readonly pfn: number } | null;

/**
 * The handlers that insert the entry which `block` finds, by its order.
 * They return what the insert returns; VM_FAULT_FALLBACK without taking any lock if there is no block, or for an order that no entry has;
 * VM_FAULT_SIGBUS if the memory is off.
 * Locks: mmap_lock or, for a huge entry, the vma's lock, as a reader; take memory_lock as a reader.
 */
function handlersWith(block: Block) {
  function* vfio_pci_mmap_huge_fault(vmf: vm_fault, order: number): Kernel<vm_fault_t> {
    const found = block(vmf, order);
    if (!found) return VM_FAULT_FALLBACK;
    return yield* whileEnabled(vmf, () => insertByOrder({ ...vmf, address: found.address }, found.pfn, order));
  }
  function* vfio_pci_mmap_page_fault(vmf: vm_fault): Kernel<vm_fault_t> {
    return yield* vfio_pci_mmap_huge_fault(vmf, 0);
  }
  return { fault: vfio_pci_mmap_page_fault, huge_fault: vfio_pci_mmap_huge_fault };
}

function* insertByOrder(vmf: vm_fault, pfn: number, order: number): Kernel<vm_fault_t> {
  if (order === 0) return yield* vmf_insert_pfn(vmf.vma, vmf.address, pfn);
  if (order === PMD_ORDER) return yield* vmf_insert_pfn_pmd(vmf, pfn, false);
  if (order === PUD_ORDER) return yield* vmf_insert_pfn_pud(vmf, pfn, false);
  return VM_FAULT_FALLBACK;
}

const isAligned = (number: number, to: number) => number % to === 0;

/** Since c1d9dac0db16 (v6.15): the block around the address, so that any fault in it makes the same entry. */
const around: Block = ({ vma, address: touched }, order) => {
  const size = PAGE_SIZE * 2 ** order;
  const address = Math.floor(touched / size) * size;
  const pfn = frameBehind(vma, address);
  const isIn = address >= vma.vm_start && address + size <= vma.vm_end;
  return order === 0 || (isIn && isAligned(pfn, 2 ** order)) ? { address, pfn } : null;
};

/** Since 09dfc8a5f2ce (v6.13): a huge entry only if the block **begins** at the address that happened to be touched. */
const beginning: Block = (vmf, order) => {
  const found = beginningAnywhere(vmf, order);
  return found && isAligned(found.pfn, 2 ** order) ? found : null;
};

/** As v6.12 came out: and without a look at how the frames lie. */
const beginningAnywhere: Block = ({ vma, address }, order) => {
  const size = PAGE_SIZE * 2 ** order;
  const isBlock = isAligned(address, size) && address + size <= vma.vm_end;
  return order === 0 || isBlock ? { address, pfn: frameBehind(vma, address) } : null;
};

export const v6_12 = driverWithoutList('v6.12', handlersWith(around), '6.12');
export const hugeUnroundedAddress = driverWithoutList('v6.12 before c1d9dac0db16', handlersWith(beginning), '6.12');
export const hugeUnalignedPfn = driverWithoutList('v6.12 before 09dfc8a5f2ce', handlersWith(beginningAnywhere), '6.12');
