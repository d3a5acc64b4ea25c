/** Moving mappings. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { EFAULT } from '../include/linux/errno.ts';
import { placeNamed } from '../machine.ts';
import { mremap_to } from '../mm/mremap.ts';
import { placesOf } from '../places.ts';
import type { DeedKind } from './deed.ts';
import { checkNewPlace } from './range.ts';

export interface Mremap {
  readonly kind: 'mremap';
  readonly vma: string;
  readonly to: string;
}

/** The task moves what is mapped at `vma` to other addresses, which tasks touch by the name `to`: `fault('w', 0)` after `mremap('v', 'w')`. */
export function mremap(vma: string, to: string): Mremap {
  return { kind: 'mremap', vma, to };
}

export const moving: DeedKind<Mremap> = {
  example: "mremap('v', 'w')",
  describe: ({ vma, to }) => `mremap(${vma}, ${to})`,
  check: ({ vma, to }, where, world) => checkNewPlace(vma, to, `${where}, mremap`, world),
  process: ({ vma }, world) => placesOf(world)[vma]?.process,
  foresee: ({ vma }, world) => ({ reshapesVmas: true, newVmas: { [placesOf(world)[vma]?.process ?? '']: 1 } }),
  *run({ vma, to }, machine) {
    const { mm, start, pages } = placeNamed(machine, vma);
    const size = pages * PAGE_SIZE;
    const result = yield* mremap_to(mm, start, size, placeNamed(machine, to).start, size);
    if (result < 0) return result === -EFAULT ? 'nothing to move' : 'out of memory';
    return 'moved';
  },
};
