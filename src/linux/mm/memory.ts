/** From a fault to an entry, and back. Models mm/memory.c, which is too long for one file. */

export { follow_pfn, follow_pfnmap_end, follow_pfnmap_start, follow_pte, pte_unmap_unlock } from './memory/follow.ts';
export { handle_mm_fault } from './memory/handleFault.ts';
export { vmf_insert_pfn, vmf_insert_pfn_prot } from './memory/insert.ts';
export { unmap_mapping_range } from './memory/mapping.ts';
export { io_remap_pfn_range, remap_pfn_range } from './memory/remap.ts';
export { lock_mm_and_find_vma, lock_vma_under_rcu, vmf_can_call_fault } from './memory/vmaLock.ts';
export { zap_vma_ptes } from './memory/zap.ts';
