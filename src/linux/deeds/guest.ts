/** A guest's accesses: the task runs a vcpu of its process's virtual machine. */

import { again, type Cell, readAs, remark } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { pagesOfVma } from '../description.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { answer, type Frame, frameAt, frameName, type pci_dev, pdevBehind } from '../include/linux/pci.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { type GuestEntry, type kvm, kvm_tdp_page_fault } from '../virt/kvm/kvm_main.ts';
import { known, range, refuse, show } from '../words.ts';
import type { DeedKind } from './deed.ts';
import { told } from './result.ts';

export interface GuestAccess {
  readonly kind: 'guestAccess';
  readonly vma: string;
  readonly page: number;
}

/** The task's guest writes to a page of the vma, through the second-level table of its virtual machine. */
export function guestAccess(vma: string, page: number): GuestAccess {
  return { kind: 'guestAccess', vma, page };
}

const describe = ({ vma, page }: GuestAccess) => `guestAccess(${vma}, ${page})`;

export const guestAccessing: DeedKind<GuestAccess> = {
  example: "guestAccess('v', 0)",
  describe,
  check(deed, where, world) {
    const pages = pagesOfVma(world, known(deed.vma, world.vmas, `${where}, guestAccess`, 'vma'));
    const { page } = deed;
    if (!Number.isInteger(page) || page < 0 || page >= pages)
      refuse(`${where}, ${describe(deed)}: ${deed.vma} has no page ${show(page)}; its pages are ${range(pages)}`);
  },
  process: ({ vma }, { vmas }) => vmas[vma]?.process,
  foresee: ({ vma }, { vmas }) => ({ guestOf: vmas[vma]?.process as string }),
  *run({ vma, page }, machine, { comm }) {
    const { vm_mm: mm, vm_start } = machine.vmas[vma] as vm_area_struct;
    const address = vm_start + page * PAGE_SIZE;
    const kvm = mm.notifier_subscriptions as kvm;
    const found = yield* walkSecondLevel(kvm.entries[address] as Cell<GuestEntry>, machine);
    if (found) return found;
    const error = yield* kvm_tdp_page_fault(kvm, { mm, address, isWrite: true, vcpu: comm });
    return error ? told(error, '') : yield* again();
  },
};

/** How the access ends; null: there is no entry, or it went away meanwhile. */
function* walkSecondLevel(entry: Cell<GuestEntry>, { devices }: Machine): Kernel<string | null> {
  const pdevs = devices.map(({ pdev }) => pdev);
  const walk = () => readAs(entry, frameIn(pdevs), 'second-level walk');
  const frame = yield* walk();
  const pdev = frame && pdevBehind(pdevs, frame);
  if (!frame || !pdev) return frame ? 'mapped' : null;
  const first = yield* answer(pdev);
  if (first === true) return 'mapped';
  if (!pdev.isSteady && ((yield* walk()) !== frame || (yield* answer(pdev)) !== first)) return null;
  yield* remark(`no answer from ${frameName(frame)}`);
  return 'touched disabled device';
}

const frameIn =
  (pdevs: readonly pci_dev[]) =>
  (entry: GuestEntry): Frame | false =>
    entry !== 0 && frameAt(pdevs, Math.floor(entry / PAGE_SIZE));
