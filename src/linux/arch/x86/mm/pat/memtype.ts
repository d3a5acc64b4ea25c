/**
 * Which caching each stretch of frames has, so that no two mappings of a frame disagree. Models arch/x86/mm/pat/memtype.c, v6.1.
 * Only where the world asks for it (`memtypes: 'tracked'`). Left out: the types themselves (all mappings here are uncached, so none ever
 * conflicts), and VM_PAT: that the stretch is reserved stands for it.
 */

import { readAs, update } from '#explore';
import { EINVAL } from '../../../../include/linux/errno.ts';
import type { vm_area_struct } from '../../../../include/linux/mm_types.ts';
import type { Kernel } from '../../../../kernel.ts';
import { should_failslab } from '../../../../mm/failslab.ts';
import { PAGE_SIZE } from '../../include/asm/page_types.ts';

/**
 * Reserves the frames of a whole vma, before a remap fills it; of a part of a vma, looks only whether they are reserved.
 * Returns 0; -EINVAL if there is no memory for the note. Locks: may sleep; takes the tree's own for the moment.
 */
export function* track_pfn_remap(vma: vm_area_struct, pfn: number, addr: number, size: number): Kernel<number> {
  const { memtypes } = vma.vm_private_data.pdev;
  if (!memtypes || addr !== vma.vm_start || size !== vma.vm_end - vma.vm_start) return 0;
  if (yield* should_failslab({ name: 'memtype' })) return -EINVAL;
  yield* update(memtypes, (text) => told([...stretches(text), stretch(pfn, size)]), 'memtype_reserve');
  return 0;
}

/** An insert asks only which caching the frame has; it reserves nothing. */
export function* track_pfn_insert({ vm_private_data: { pdev } }: vm_area_struct, pfn: number): Kernel {
  if (pdev.memtypes) yield* readAs(pdev.memtypes, () => undefined, `lookup_memtype(0x${pfn.toString(16)})`);
}

/** Gives back what a remap has reserved for the vma; nothing, if it was filled by inserts. Locks: as `track_pfn_remap`. */
export function* untrack_pfn(vma: vm_area_struct): Kernel {
  const { memtypes } = vma.vm_private_data.pdev;
  if (!memtypes) return;
  const mine = stretch(vma.backing.pfn, vma.vm_end - vma.vm_start);
  const without = (text: string) => {
    const all = stretches(text);
    const i = all.indexOf(mine);
    return i < 0 ? text : told(all.toSpliced(i, 1));
  };
  yield* update(memtypes, without, 'memtype_free');
}

const stretch = (pfn: number, size: number) => `0x${pfn.toString(16)}+${Math.ceil(size / PAGE_SIZE)}`;
const stretches = (text: string) => (text === '' ? [] : text.split(' '));
const told = (all: readonly string[]) => [...all].sort().join(' ');
