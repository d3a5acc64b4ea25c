/** What must hold of RAM: no write is lost, and each frame is there as long as something leads to it, and no longer. */

import type { Snapshot } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { hasWritten, pte_pfn, pte_write } from './arch/x86/include/asm/pgtable.ts';
import { FILLING } from './arch/x86/mm/tlb.ts';
import { deedsOf, type WorldDescription } from './description.ts';
import { ON_DISK } from './include/linux/fs.ts';
import { VM_SHARED } from './include/linux/mm.ts';
import type { page, Ram } from './include/linux/mm_types.ts';
import type { Machine, MappedPage } from './machine.ts';
import { type Mapping, mappingOf } from './pageTables.ts';
import { shapeNow } from './vma.ts';

interface Use {
  readonly at: MappedPage;
  readonly mapping: Mapping;
  readonly page: page;
}

/** All entries that map frames of RAM, but for the zero page. */
function usesOf({ pages, ram }: Machine, now: Snapshot): Use[] {
  if (!ram) return [];
  return pages.flatMap((at) => {
    const mapping = mappingOf(at, now);
    const page = mapping && ram.pages[mapping.pfn];
    return page && page !== ram.zero_page ? [{ at, mapping, page }] : [];
  });
}

const tell = ({ at }: Use) => `${at.name} of ${at.mm.name}`;
const isFree = (page: page, now: Snapshot) => now.get(page.memory) === undefined;

/** Somebody has written to a page, and what is mapped there now does not have it. */
export function lostWrite(machine: Machine, now: Snapshot, { tasks }: WorldDescription): string | undefined {
  const uses = usesOf(machine, now);
  for (const [task, deeds] of Object.entries(tasks)) {
    if (String(now.returned(task)).startsWith('SIG')) continue;
    for (const deed of deedsOf(deeds)) {
      if (deed.kind !== 'write') continue;
      const use = uses.find(({ at }) => at.vma?.name === deed.vma && at.page === deed.page);
      const cpu = machine.tasks[task]?.cpu ?? 0;
      if (use && !hasWritten(use.mapping.entry, cpu))
        return `${task} has written to ${tell(use)}, and ${use.page.name} does not have it`;
    }
  }
  return undefined;
}

/** A frame of private memory that is mapped twice, so that one process writes to what the other reads. */
export function writableTwice(machine: Machine, now: Snapshot): string | undefined {
  const uses = usesOf(machine, now);
  const isPrivate = ({ at, page }: Use) => (page.ofFile ? at.vma && !(at.vma.vm_flags & VM_SHARED) : true);
  for (const use of uses) {
    if (!isPrivate(use) || !pte_write(use.mapping.entry)) continue;
    const other = uses.find((each) => each !== use && each.page === use.page);
    if (other) return `${tell(use)} may write to ${use.page.name}, and ${tell(other)} maps it too`;
    if (use.page.ofFile) return `${tell(use)} is private and may write to ${use.page.name}`;
  }
  return undefined;
}

/** A frame that is free, and an entry or a TLB still leads to it. */
export function freedPage(machine: Machine, now: Snapshot): string | undefined {
  const { ram, pages } = machine;
  if (!ram) return undefined;
  const use = usesOf(machine, now).find(({ page }) => isFree(page, now));
  if (use) return `${tell(use)} maps ${use.page.name}, which is free`;
  for (const { mm, address, name } of pages) {
    for (const { task, entries } of mm.tlbs ?? []) {
      const cell = entries[address];
      const entry = cell ? now.get(cell) : 0;
      const page = entry === FILLING || entry === 0 ? undefined : ram.pages[pte_pfn(entry)];
      if (page && isFree(page, now)) return `${task}'s TLB has ${name} at ${page.name}, which is free`;
    }
  }
  return undefined;
}

/** The frame of a page of a file that has not been in memory yet. */
function isOnDisk({ ofFile }: page, now: Snapshot): boolean {
  const place = ofFile && now.get(ofFile.mapping)?.i_pages[ofFile.index];
  return place ? now.get(place) === ON_DISK : false;
}

/** Frames in use, in the order in which they were made. */
function allocated(ram: Ram, now: Snapshot): page[] {
  const ofTasks = Object.values(ram.frames).flatMap(({ pages, taken }) => pages.slice(0, now.get(taken)));
  return [...ofTasks, ...Object.values(ram.pages).filter(({ ofFile }) => ofFile)].filter(
    (page) => !isFree(page, now) && !isOnDisk(page, now),
  );
}

/** A frame with more, or fewer, reasons to stay than it has. */
export function pageCount(machine: Machine, now: Snapshot): string | undefined {
  if (!machine.ram) return undefined;
  const uses = usesOf(machine, now);
  for (const page of allocated(machine.ram, now)) {
    const mapped = uses.filter((use) => use.page === page).length;
    const reasons = mapped + (page.ofFile && now.get(page.ofFile.mapping) ? 1 : 0);
    const count = now.get(page._refcount);
    if (count !== reasons) return `${page.name} is counted ${count} times, and ${reasons} times is right`;
  }
  return undefined;
}

/** A page of a file, or a private copy of it, that is mapped though the file ends before it. */
export function behindTheEnd(machine: Machine, now: Snapshot): string | undefined {
  const isBehind = ({ at: { vma, address } }: Use) => {
    if (!vma?.vm_file) return false;
    const { vm_start, vm_pgoff } = shapeNow(vma, now);
    return vm_pgoff + (address - vm_start) / PAGE_SIZE >= now.get(vma.vm_file.f_mapping.host.i_size);
  };
  const use = usesOf(machine, now).find(isBehind);
  return use && `${tell(use)} maps ${use.page.name}, and the file ends before it`;
}
