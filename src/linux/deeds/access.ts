/** A program's accesses. */

import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { surroundingsOf, userAccess } from '../cpu.ts';
import { placeNamed } from '../machine.ts';
import { placesOf } from '../places.ts';
import type { DeedKind } from './deed.ts';
import { checkPage, knownPlace } from './range.ts';

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
    knownPlace(deed.vma, `${where}, ${deed.kind}`, world);
    checkPage(deed, `${where}, ${describe(deed)}`, world);
  },
  process: ({ vma }, world) => placesOf(world)[vma]?.process,
  run({ kind, vma, page }, machine, { cpu }) {
    const { mm, start } = placeNamed(machine, vma);
    const isWrite = kind === 'write';
    return userAccess({ mm, address: start + page * PAGE_SIZE, isWrite, ...surroundingsOf(machine, cpu) });
  },
};

export const reading: DeedKind<Access> = { ...accessing, example: "fault('v', 0)" };
export const writing: DeedKind<Access> = { ...accessing, example: "write('v', 0)" };
