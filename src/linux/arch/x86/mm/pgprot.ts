/** What the entries of a vma allow, from its flags. Models arch/x86/mm/pgprot.c, v6.1 (mm/mmap.c before v6.0). */

import { VM_SHARED, VM_WRITE } from '../../../include/linux/mm.ts';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, type pgprot_t } from '../include/asm/pgtable.ts';

/**
 * The protection of a vma with these flags. Of a private one that may be written, writing is left to the fault that makes the copy.
 * Left out: execution; vmas that allow nothing, whose entries are not present.
 */
export function vm_get_page_prot(vm_flags: number): pgprot_t {
  const isWritable = (vm_flags & VM_WRITE) !== 0 && (vm_flags & VM_SHARED) !== 0;
  return _PAGE_PRESENT | _PAGE_USER | (isWritable ? _PAGE_RW : 0);
}
