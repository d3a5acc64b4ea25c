/** What a CPU does by itself when a program touches memory: it walks the page table, faults, and tries again. */

import { again, readAs, remark } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import {
  isLeaf,
  PMD_SHIFT,
  PUD_SHIFT,
  pte_pfn,
  pte_present,
  type pte_t,
  pte_write,
  TABLE,
  type UpperValue,
} from './arch/x86/include/asm/pgtable.ts';
import { X86_PF_PROT, X86_PF_USER, X86_PF_WRITE } from './arch/x86/include/asm/trap_pf.ts';
import { exc_page_fault, type FaultingAccess } from './arch/x86/mm/fault.ts';
import { BUG } from './include/asm-generic/bug.ts';
import type { mm_struct } from './include/linux/mm_types.ts';
import { answer, type Frame, frameAt, frameName, type pci_dev, pdevBehind } from './include/linux/pci.ts';
import type { AccessEnd } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import { isAbsent, pathTo } from './mm/memory/tables.ts';

/** What a program touches. */
export interface Place {
  readonly mm: mm_struct;
  readonly address: number;
  readonly isWrite: boolean;
  /** The devices that may stand behind it. */
  readonly pdevs: readonly pci_dev[];
}

/**
 * A program's load or store, tried until it goes through or a signal ends the task. A body of its own: it starts over after each fault.
 * Returns how it ended. To touch a device whose memory is off ends the task too: on such a platform that is fatal.
 */
export function* userAccess(place: Place): Kernel<AccessEnd> {
  const frame = yield* walk(place);
  const end = frame ? yield* reach(frame, place) : yield* exc_page_fault(faultOf(frame, place, X86_PF_USER));
  return (end as AccessEnd | null) ?? (yield* again()); // no fixup in user mode
}

/**
 * A load or store of the kernel's at an address of a process, in code with an exception-table entry, such as copy_to_user(). It faults under
 * whatever locks its caller holds. Returns whether it went through; false: it took the fixup. To touch a device whose memory is off is fatal.
 * Ours: it takes the fixup too where each of its faults was in vain, as the entry was taken away before the access. Linux would go on for
 * ever; but a body in the middle of a system call cannot start over, and an endless history has no end of states.
 */
export function* kernelAccess(place: Place): Kernel<boolean> {
  for (let tries = 0; tries <= MAX_FAULTS; tries++) {
    const frame = yield* walk(place);
    const fault = { ...faultOf(frame, place, 0), hasFixup: true };
    const end = frame ? yield* reach(frame, place) : yield* exc_page_fault(fault);
    if (end === 'touched disabled device') yield* BUG('the kernel touched a device whose memory is off');
    if (end) return end === 'mapped';
  }
  yield* remark(`${MAX_FAULTS} faults in vain`);
  return false;
}

const MAX_FAULTS = 2;

const faultOf = (found: Missing, { mm, address, isWrite }: Place, mode: number): FaultingAccess => ({
  mm,
  address,
  error_code: mode | (isWrite ? X86_PF_WRITE : 0) | (found === null ? X86_PF_PROT : 0),
});

/** What a walk finds where the CPU cannot go: no entry (false), or one that forbids the access (null). */
type Missing = Frame | false | null;

/** Where the table leads from the address; or why the CPU cannot go there. One read for each level that can change. */
export function* walk({ mm, address, isWrite, pdevs }: Place): Kernel<Missing> {
  const path = pathTo(mm, address);
  if (!path) return false;
  const allows = (entry: pte_t) => !isWrite || pte_write(entry);
  if (yield* isAbsent(path.pgd, 'walk')) return false;
  for (const [upper, shift] of [
    [path.pud, PUD_SHIFT],
    [path.pmd, PMD_SHIFT],
  ] as const) {
    if (!upper.value) continue;
    const leafOrTable = (entry: UpperValue) => {
      if (!isLeaf(entry)) return entry === TABLE;
      if (!allows(entry)) return null;
      return frameAt(pdevs, pte_pfn(entry) + Math.floor((address % 2 ** shift) / PAGE_SIZE));
    };
    const found = yield* readAs(upper.value, leafOrTable, 'walk');
    if (found !== true) return found;
  }
  const entryOrFrame = (pte: pte_t) => pte_present(pte) && (allows(pte) ? frameAt(pdevs, pte_pfn(pte)) : null);
  return yield* readAs(path.pte, entryOrFrame, 'walk');
}

/**
 * The access itself, of what stands at a frame. Returns null if the entry went away meanwhile: a zap waits for the CPUs that still use
 * what it takes. So a disabled device is touched only where the entry is still there, and nobody has switched the device in between.
 */
function* reach(frame: Frame, place: Place): Kernel<AccessEnd | null> {
  const pdev = pdevBehind(place.pdevs, frame);
  const name = frameName(frame);
  if (!pdev) {
    yield* remark(`no device there: ${name}`);
    return 'mapped';
  }
  const first = yield* answer(pdev);
  if (first === true) {
    yield* remark(`the device answers: ${name}`);
    return 'mapped';
  }
  if (!pdev.isSteady && !((yield* walk(place)) && (yield* answer(pdev)) === first)) return null;
  yield* remark(`no answer from ${name}`);
  return 'touched disabled device';
}
