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
import { exc_page_fault } from './arch/x86/mm/fault.ts';
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
  const end = frame ? yield* reach(frame, place) : yield* exc_page_fault(place);
  return end ?? (yield* again());
}

/** Where the table leads from the address; false: nowhere that the CPU could go, or not to write. One read for each level that can change. */
export function* walk({ mm, address, isWrite, pdevs }: Place): Kernel<Frame | false> {
  const path = pathTo(mm, address);
  if (!path) return false;
  if (yield* isAbsent(path.pgd, 'walk')) return false;
  for (const [upper, shift] of [
    [path.pud, PUD_SHIFT],
    [path.pmd, PMD_SHIFT],
  ] as const) {
    if (!upper.value) continue;
    const leafOrTable = (entry: UpperValue) => {
      if (!isLeaf(entry)) return entry === TABLE;
      return frameAt(pdevs, pte_pfn(entry) + Math.floor((address % 2 ** shift) / PAGE_SIZE));
    };
    const found = yield* readAs(upper.value, leafOrTable, 'walk');
    if (found !== true) return found;
  }
  const isThrough = (pte: pte_t) => pte_present(pte) && (!isWrite || pte_write(pte));
  return yield* readAs(path.pte, (pte: pte_t) => isThrough(pte) && frameAt(pdevs, pte_pfn(pte)), 'walk');
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
