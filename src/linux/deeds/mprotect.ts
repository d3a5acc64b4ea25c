/** Changing what may be done to a mapping. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { ENOMEM } from '../include/linux/errno.ts';
import { VM_READ, VM_WRITE } from '../include/linux/mm.ts';
import { placeNamed } from '../machine.ts';
import { do_mprotect_pkey } from '../mm/mprotect.ts';
import { placesOf } from '../places.ts';
import { oneOf } from '../words.ts';
import type { DeedKind } from './deed.ts';
import { checkRange, describeRange, isPart, type PageRange } from './range.ts';

export interface Mprotect extends PageRange {
  readonly kind: 'mprotect';
  readonly vma: string;
  readonly rights: 'r' | 'rw';
}

/** The task makes the vma, or some of its pages, read-only ('r') or writable again ('rw'). */
export function mprotect(vma: string, rights: Mprotect['rights'], range: PageRange = {}): Mprotect {
  return { kind: 'mprotect', vma, rights, ...range };
}

export const protecting: DeedKind<Mprotect> = {
  example: "mprotect('v', 'r')",
  describe: (deed) => `mprotect(${describeRange(deed.vma, deed)}, ${deed.rights})`,
  check(deed, where, world) {
    checkRange(deed, `${where}, mprotect`, world);
    oneOf(deed.rights, `${where}, mprotect: rights`, ['r', 'rw']);
  },
  process: ({ vma }, world) => placesOf(world)[vma]?.process,
  foresee(deed, world) {
    const process = placesOf(world)[deed.vma]?.process ?? '';
    return { reshapesVmas: true, ...(isPart(deed.vma, deed, world) ? { newVmas: { [process]: 2 } } : {}) };
  },
  *run({ vma, rights, first = 0, pages }, machine) {
    const { mm, start, pages: all } = placeNamed(machine, vma);
    const size = (pages ?? all - first) * PAGE_SIZE;
    const flags = rights === 'rw' ? VM_READ | VM_WRITE : VM_READ;
    const error = yield* do_mprotect_pkey(mm, start + first * PAGE_SIZE, size, flags);
    if (error) return error === -ENOMEM ? 'out of memory' : 'refused';
    return rights === 'rw' ? 'made writable' : 'made read-only';
  },
};
