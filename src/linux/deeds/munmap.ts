/** Taking mappings away. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { placeNamed } from '../machine.ts';
import { __vm_munmap } from '../mm/mmap.ts';
import { placesOf } from '../places.ts';
import type { DeedKind } from './deed.ts';
import { checkRange, describeRange, isPart, type PageRange } from './range.ts';

export interface Munmap extends PageRange {
  readonly kind: 'munmap';
  readonly vma: string;
}

/** The task unmaps the whole vma, or some of its pages: `munmap('v', { first: 1, pages: 1 })`. */
export function munmap(vma: string, range: PageRange = {}): Munmap {
  return { kind: 'munmap', vma, ...range };
}

export const unmapping: DeedKind<Munmap> = {
  example: "munmap('v')",
  describe: (deed) => `munmap(${describeRange(deed.vma, deed)})`,
  check: (deed, where, world) => checkRange(deed, `${where}, munmap`, world),
  process: ({ vma }, world) => placesOf(world)[vma]?.process,
  /** A range in the middle of a vma leaves one behind it. While that is cut out, there is a third. */
  foresee(deed, world) {
    if (!isPart(deed.vma, deed, world)) return { unmapsVmas: true };
    return { reshapesVmas: true, newVmas: { [placesOf(world)[deed.vma]?.process ?? '']: 2 } };
  },
  *run({ vma, first = 0, pages }, machine) {
    const place = placeNamed(machine, vma);
    const size = (pages ?? place.pages - first) * PAGE_SIZE;
    return (yield* __vm_munmap(place.mm, place.start + first * PAGE_SIZE, size)) ? 'out of memory' : 'unmapped';
  },
};
