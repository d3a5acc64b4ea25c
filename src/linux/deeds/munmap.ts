/** Taking vmas away. */

import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { __vm_munmap } from '../mm/mmap.ts';
import { known } from '../words.ts';
import type { DeedKind } from './deed.ts';

export interface Munmap {
  readonly kind: 'munmap';
  readonly vma: string;
}

/** The task unmaps the whole vma. */
export function munmap(vma: string): Munmap {
  return { kind: 'munmap', vma };
}

export const unmapping: DeedKind<Munmap> = {
  example: "munmap('v')",
  describe: ({ vma }) => `munmap(${vma})`,
  check: ({ vma }, where, { vmas }) => void known(vma, vmas, `${where}, munmap`, 'vma'),
  process: ({ vma }, { vmas }) => vmas[vma]?.process,
  foresee: () => ({ unmapsVmas: true }),
  *run({ vma }, { vmas }) {
    const { vm_mm, vm_start, vm_end } = vmas[vma] as vm_area_struct;
    yield* __vm_munmap(vm_mm, vm_start, vm_end - vm_start);
    return 'unmapped';
  },
};
