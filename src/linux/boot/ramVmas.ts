/** What vmas that map RAM are like at boot: anonymous memory and files, as their `mmap` leaves them. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { _PAGE_ACCESSED, _PAGE_PRESENT, _PAGE_USER } from '../arch/x86/include/asm/pgtable.ts';
import { mapsRam, pagesOfVma, type VmaDescription, type WorldDescription } from '../description.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import * as mm_h from '../include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from '../include/linux/mm_types.ts';
import { generic_file_vm_ops } from '../mm/filemap.ts';
import type { CopyTraits, VmaShape, VmaTraits } from '../vma.ts';
import { linkAtBoot } from './ram.ts';

const FLAGS = mm_h.VM_READ | mm_h.VM_WRITE | mm_h.VM_MAYREAD | mm_h.VM_MAYWRITE;
/**
 * No right to write, though the vma has it: a private page may have to be copied first, and the file wants to know of the first write to
 * a shared one. Models vm_get_page_prot() and vma_wants_writenotify().
 */
const PROTECTION = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED;

/** The vma's traits and shape; undefined for one that maps a BAR. */
export function ramVma(
  vma: VmaDescription,
  vm_start: number,
  {
    mm,
    copies,
    world,
  }: { readonly mm: mm_struct; readonly copies: readonly CopyTraits[]; readonly world: WorldDescription },
): { readonly traits: VmaTraits; readonly shape: VmaShape } | undefined {
  if (!mapsRam(vma)) return undefined;
  const vm_file = (vma.file !== undefined && mm.ram?.files[vma.file]) || null;
  const traits: VmaTraits = {
    mm,
    copies,
    vm_page_prot: PROTECTION,
    vm_ops: vm_file ? generic_file_vm_ops : mm_h.anonymous_vm_ops,
    vm_private_data: null as unknown as vfio_pci_core_device, // no driver is ever asked to handle it
    vm_file,
    backing: null,
  };
  const shape = {
    vm_start,
    vm_end: vm_start + pagesOfVma(world, vma) * PAGE_SIZE,
    vm_pgoff: vm_file ? 0 : vm_start / PAGE_SIZE,
    vm_flags: FLAGS | (vma.shared ? mm_h.VM_SHARED | mm_h.VM_MAYSHARE : 0),
  };
  return { traits, shape };
}

/** Lets files know who maps them. */
export function linkFiles(vmas: readonly vm_area_struct[]): void {
  for (const vma of vmas) if (vma.vm_file) linkAtBoot(vma.vm_file.f_mapping, vma);
}
