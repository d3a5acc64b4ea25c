/** What a CPU does by itself when a program touches memory: it walks the page table, faults, and tries again. */

import { again, bug, type Cell, compareAndSwap, readAs, remark, update, write } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import {
  afterWrite,
  hasWritten,
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
import { type Cached, FILLING } from './arch/x86/mm/tlb.ts';
import { BUG } from './include/asm-generic/bug.ts';
import type { mm_struct, page } from './include/linux/mm_types.ts';
import { answer, type Frame, frameAt, frameName, type pci_dev, pdevBehind } from './include/linux/pci.ts';
import type { AccessEnd } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';
import { isAbsent, pathTo } from './mm/memory/tables.ts';

/** What a program touches. */
export interface Place {
  readonly mm: mm_struct;
  readonly address: number;
  readonly isWrite: boolean;
  /** The CPU that does. */
  readonly cpu: number;
  /** The devices that may stand behind it. */
  readonly pdevs: readonly pci_dev[];
  readonly unanswered: Unanswered;
  /** Where it is noted that the machine has stopped; null where nothing stops it. */
  readonly stopped: Cell<boolean> | null;
}

/** What an access depends on besides its address: the machine, and the CPU. */
export const surroundingsOf = ({ devices, unanswered, stopped }: Machine, cpu: number) => ({
  cpu,
  pdevs: devices.map(({ pdev }) => pdev),
  unanswered,
  stopped,
});

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
  const found = yield* translate(place);
  if (found === FLUSHED) return yield* again();
  const end = isRefusal(found) ? yield* exc_page_fault(faultOf(found, place, X86_PF_USER)) : yield* reach(found, place);
  return (end as AccessEnd | null) ?? (yield* again()); // no fixup in user mode
}

/**
 * A load or store of the kernel's at an address of a process, in code with an exception-table entry, such as copy_to_user(). It faults under
 * whatever locks its caller holds. Returns whether it went through; false: it took the fixup. To touch a device that does not answer is fatal,
 * unless the platform answers in its stead.
 * Ours: it takes the fixup too where each of its faults was in vain, as the entry was taken away before the access. Linux would go on for
 * ever; but a body in the middle of a system call cannot start over, and an endless history has no end of states.
 */
export function* kernelAccess(place: Place): Kernel<boolean> {
  for (let tries = 0; tries <= MAX_FAULTS; tries++) {
    const found = yield* translate(place);
    if (found === FLUSHED) continue;
    const end = isRefusal(found)
      ? yield* exc_page_fault({ ...faultOf(found, place, 0), hasFixup: true })
      : yield* reach(found, place);
    if (end === 'touched disabled device') yield* BUG('the kernel touched a device whose memory is off');
    if (end) return end !== 'fixup';
  }
  yield* remark(`${MAX_FAULTS} faults in vain`);
  return false;
}

const MAX_FAULTS = 2;

const faultOf = (refusal: Refusal, { mm, address, isWrite }: Place, mode: number): FaultingAccess => ({
  mm,
  address,
  error_code: mode | errorCode(refusal, isWrite),
});

/** What the CPU tells the kernel of an access that faults: X86_PF_ bits, but for the mode that it is in. */
export const errorCode = (refusal: Refusal, isWrite: boolean): number =>
  (isWrite ? X86_PF_WRITE : 0) | (refusal ? X86_PF_PROT : 0);

/** A flush came between the walk and the TLB. */
const FLUSHED = 'flushed';

/** What stands at the address for this CPU: by its TLB, or by a walk, which fills it. */
export function* translate(place: Place): Kernel<Frame | Refusal | typeof FLUSHED> {
  const cached = cachedBy(place);
  if (!cached) return yield* walk(place, leadsTo);
  const toFill = (entry: Cached) => (isHit(entry, place) ? entry : FILLING);
  const before = yield* update(cached, toFill, 'TLB lookup');
  if (isHit(before, place)) return leadsTo(before, place);
  const entry = yield* walk(place, (found) => found);
  const found = entry ? leadsTo(entry, place) : false;
  if (isRefusal(found)) return found;
  return (yield* compareAndSwap<Cached>(cached, FILLING, entry as pte_t, 'TLB fill')) ? found : FLUSHED;
}

/** Whether the CPU still comes to where `translate` has led it. */
function* stillLeads(place: Place): Kernel<boolean> {
  const cached = cachedBy(place);
  if (cached) return yield* readAs(cached, (entry) => isHit(entry, place), 'TLB lookup');
  return !isRefusal(yield* walk(place, leadsTo));
}

/** What the CPU's TLB has of the page; undefined where the world has no TLBs. */
const cachedBy = ({ mm, address, cpu }: Place): Cell<Cached> | undefined =>
  mm.tlbs?.find((tlb) => tlb.cpu === cpu)?.entries[address];

/** Whether the CPU need not walk: it does for the first write to a page of RAM, to mark the entry, and where a right is missing. */
function isHit(entry: Cached, place: Place): entry is pte_t {
  if (entry === FILLING) return false;
  const found = leadsTo(entry, place);
  return !isRefusal(found) && !(place.isWrite && isPage(found) && !hasWritten(entry, place.cpu));
}

/**
 * Goes down the table from the address, and returns what `see` makes of the entry that it comes to; false if there is none.
 * One access for each level that can change.
 */
function* walk<T>(place: Place, see: (entry: pte_t, place: Place) => T): Kernel<T | false> {
  const { mm, address, isWrite } = place;
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
      return see(entry + Math.floor((address % 2 ** shift) / PAGE_SIZE) * PAGE_SIZE, place);
    };
    const found = yield* readAs(upper.value, leafOrTable, 'walk');
    if (found !== true) return found;
  }
  if (!isWrite || !mm.ram) return yield* readAs(path.pte, (entry) => see(entry, place), 'walk');
  const mark = (entry: pte_t) => markedBy(entry, place);
  return see(mark(yield* update(path.pte, mark, 'walk')), place);
}

/** What an entry maps, if it allows the access. */
function leadsTo(entry: pte_t, { mm, isWrite, pdevs }: Place): Frame | Refusal {
  if (!pte_present(entry)) return false;
  if (isWrite && !pte_write(entry)) return 'read-only';
  return mm.ram?.pages[pte_pfn(entry)] ?? frameAt(pdevs, pte_pfn(entry));
}

/**
 * What the hardware makes of an entry that a store goes through, in the same access. In RAM that is all there is to the store: the mark
 * tells who has written.
 */
const markedBy = (entry: pte_t, place: Place): pte_t =>
  isPage(leadsTo(entry, place)) ? afterWrite(entry, place.cpu) : entry;

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
  if (!pdev.isSteady && !((yield* stillLeads(place)) && (yield* answer(pdev)) === first)) return null;
  yield* remark(`no answer from ${name}`);
  return yield* goUnanswered(name, place);
}

/** What the platform makes of an access that nobody answers. A machine check stops all CPUs: nothing that they do from here on counts. */
function* goUnanswered(name: string, { isWrite, unanswered, stopped }: Place): Kernel<AccessEnd> {
  if (stopped) {
    yield* write(stopped, true, 'mce_panic');
    yield* bug(`Kernel panic - not syncing: fatal machine check: no answer from ${name}`, 'mce_panic');
  }
  if (unanswered === 'all ones') return isWrite ? 'write dropped' : 'read all ones';
  return 'touched disabled device';
}
