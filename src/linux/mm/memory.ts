/** From a fault to an entry, and back. Models mm/memory.c, which is too long for one file. */

export { handle_mm_fault } from './memory/handleFault.ts';
export { vmf_insert_pfn, vmf_insert_pfn_prot } from './memory/insert.ts';
export { unmap_mapping_range } from './memory/mapping.ts';
export { io_remap_pfn_range, remap_pfn_range } from './memory/remap.ts';
export { zap_vma_ptes } from './memory/zap.ts';
