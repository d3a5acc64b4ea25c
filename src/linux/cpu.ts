/** What a CPU does by itself when a program touches memory: it walks the page table, faults, and tries again. */

import { again, bug, type Cell, readAs, remark, update } from '#explore';
import { get_current } from './arch/x86/include/asm/current.ts';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import {
  afterWrite,
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
import { exc_page_fault } from './arch/x86/mm/fault.ts';
import type { mm_struct, page } from './include/linux/mm_types.ts';
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
  readonly unanswered: Unanswered;
}

/** What becomes of an access that no device answers, on this platform: it ends the task, or is as if it had been answered, or stops the machine. */
export type Unanswered = 'ends the task' | 'all ones' | 'machine check';

/** Why the table leads nowhere: no entry, or one that forbids the access. */
type Refusal = false | 'read-only';

const isRefusal = (found: Frame | Refusal): found is Refusal => found === false || found === 'read-only';

/**
 * A program's load or store, tried until it goes through or a signal ends the task. A body of its own: it starts over after each fault.
 * Returns how it ended.
 */
export function* userAccess(place: Place): Kernel<AccessEnd> {
  const found = yield* walk(place);
  const end = isRefusal(found)
    ? yield* exc_page_fault({ ...place, error_code: errorCode(found, place) })
    : yield* reach(found, place);
  return end ?? (yield* again());
}

/** What the CPU tells the kernel of a fault: X86_PF_ bits. */
export const errorCode = (refusal: Refusal, { isWrite }: Pick<Place, 'isWrite'>): number =>
  X86_PF_USER | (isWrite ? X86_PF_WRITE : 0) | (refusal ? X86_PF_PROT : 0);

/** Where the table leads from the address, or why nowhere. One access for each level that can change. */
export function* walk(place: Place): Kernel<Frame | Refusal> {
  const { mm, address } = place;
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
      return leadsTo(entry, place, Math.floor((address % 2 ** shift) / PAGE_SIZE));
    };
    const found = yield* readAs(upper.value, leafOrTable, 'walk');
    if (found !== true) return found;
  }
  return place.isWrite && mm.ram
    ? yield* writeThrough(path.pte, place)
    : yield* readAs(path.pte, (entry) => leadsTo(entry, place), 'walk');
}

/** What an entry maps, `page` pages into it, if it allows the access. */
function leadsTo(entry: pte_t, { mm, isWrite, pdevs }: Place, page = 0): Frame | Refusal {
  if (!pte_present(entry)) return false;
  if (isWrite && !pte_write(entry)) return 'read-only';
  const pfn = pte_pfn(entry) + page;
  return mm.ram?.pages[pfn] ?? frameAt(pdevs, pfn);
}

/** A store finds its entry and marks it in one access, as the hardware does. In RAM that is all there is to it: the mark tells who has written. */
function* writeThrough(pte: Cell<pte_t>, place: Place): Kernel<Frame | Refusal> {
  const cpu = get_current()?.cpu ?? 0;
  const isToRam = (entry: pte_t) => isPage(leadsTo(entry, place));
  return leadsTo(yield* update(pte, (entry) => (isToRam(entry) ? afterWrite(entry, cpu) : entry), 'walk'), place);
}

/** Whether it is a frame of RAM. */
const isPage = (found: Frame | Refusal): found is page => typeof found === 'object' && 'pfn' in found;

/**
 * The access itself, of what stands at a frame. Returns null if the entry went away meanwhile: a zap waits for the CPUs that still use
 * what it takes. So a disabled device is touched only where the entry is still there, and nobody has switched the device in between.
 */
function* reach(frame: Frame, place: Place): Kernel<AccessEnd | null> {
  const pdev = pdevBehind(place.pdevs, frame);
  const name = frameName(frame);
  if (!pdev) {
    yield* remark(isPage(frame) ? `${place.isWrite ? 'writes' : 'reads'} ${name}` : `no device there: ${name}`);
    return 'mapped';
  }
  const first = yield* answer(pdev);
  if (first === true) {
    yield* remark(`the device answers: ${name}`);
    return 'mapped';
  }
  if (!pdev.isSteady && !(!isRefusal(yield* walk(place)) && (yield* answer(pdev)) === first)) return null;
  yield* remark(`no answer from ${name}`);
  return yield* goUnanswered(name, place);
}

/** What the platform makes of an access that nobody answers. */
function* goUnanswered(name: string, { isWrite, unanswered }: Place): Kernel<AccessEnd> {
  if (unanswered === 'machine check')
    yield* bug(`Kernel panic - not syncing: fatal machine check: no answer from ${name}`, 'mce_panic');
  if (unanswered === 'all ones') return isWrite ? 'write dropped' : 'read all ones';
  return 'touched disabled device';
}
