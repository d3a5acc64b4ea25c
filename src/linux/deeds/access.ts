/** A program's accesses. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { userAccess } from '../cpu.ts';
import { pagesOfVma } from '../description.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { known, range, refuse, show } from '../words.ts';
import type { DeedKind } from './deed.ts';

export interface Access {
  readonly kind: 'fault' | 'write';
  readonly vma: string;
  readonly page: number;
}

/** The task's program reads from a page of the vma; without an entry for it, it faults. */
export function fault(vma: string, page: number): Access {
  return { kind: 'fault', vma, page };
}

/** The task's program writes to a page of the vma; without an entry for it, it faults. */
export function write(vma: string, page: number): Access {
  return { kind: 'write', vma, page };
}

const describe = ({ kind, vma, page }: Access) => `${kind}(${vma}, ${page})`;

const accessing: Omit<DeedKind<Access>, 'example'> = {
  describe,
  check(deed, where, world) {
    const pages = pagesOfVma(world, known(deed.vma, world.vmas, `${where}, ${deed.kind}`, 'vma'));
    const { page } = deed;
    if (!Number.isInteger(page) || page < 0 || page >= pages)
      refuse(`${where}, ${describe(deed)}: ${deed.vma} has no page ${show(page)}; its pages are ${range(pages)}`);
  },
  process: ({ vma }, { vmas }) => vmas[vma]?.process,
  run({ kind, vma, page }, { vmas, devices, unanswered, stopped }, { cpu }) {
    const { vm_mm: mm, vm_start } = vmas[vma] as vm_area_struct;
    const pdevs = devices.map(({ pdev }) => pdev);
    const isWrite = kind === 'write';
    return userAccess({ mm, address: vm_start + page * PAGE_SIZE, isWrite, cpu, pdevs, unanswered, stopped });
  },
};

export const reading: DeedKind<Access> = { ...accessing, example: "fault('v', 0)" };
export const writing: DeedKind<Access> = { ...accessing, example: "write('v', 0)" };
