/** What must hold of a world: each rule under the name that graders match. */

import type { Snapshot } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { pte_pfn, type pte_t, pte_write } from './arch/x86/include/asm/pgtable.ts';
import { FILLING } from './arch/x86/mm/tlb.ts';
import type { Deed } from './deeds/index.ts';
import { allDeeds, type DeviceDescription, devicesOf, type WorldDescription } from './description.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device } from './drivers/vfio/pci/vfio_pci_core.ts';
import { IOMMU_WRITE } from './drivers/vfio/vfio_iommu_type1.ts';
import { VM_WRITE } from './include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from './include/linux/mm_types.ts';
import { answersNow, barAt, type pci_dev } from './include/linux/pci.ts';
import type { Machine, MappedPage } from './machine.ts';
import { mappingOf } from './pageTables.ts';
import { behindTheEnd, freedPage, lostWrite, pageCount, writableTwice } from './ramRules.ts';
import { shapeNow } from './vma.ts';
import { hex } from './words.ts';

/** What is wrong with the machine now, as "rule: details"; undefined: nothing. */
export type Judge = (machine: Machine, now: Snapshot) => string | undefined;

interface Rule {
  /** In every state, or when all tasks have returned. */
  readonly when: 'always' | 'at rest';
  /** Drivers made otherwise do not promise it; unless given, all do. */
  readonly of?: (driver: Driver) => boolean;
  /** Details of what is wrong. */
  readonly find: (machine: Machine, now: Snapshot, description: WorldDescription) => string | undefined;
}

const hasList = ({ findsMappingsBy }: Driver) => findsMappingsBy === 'vma_list';
const fillsWhole = ({ fills }: Driver) => fills !== 'page by page';

const rules: Record<RuleName, Rule> = {
  'live mapping': { when: 'always', find: liveMapping },
  'live guest mapping': { when: 'always', find: liveGuestMapping },
  'outside the BAR': { when: 'at rest', find: outsideTheBar },
  'wrong page': { when: 'at rest', find: wrongPage },
  'listed twice': { when: 'at rest', of: hasList, find: listedTwice },
  'partial fill': { when: 'at rest', of: fillsWhole, find: partialFill },
  'mapped but not listed': { when: 'at rest', of: hasList, find: mappedButNotListed },
  'listed but not mapped': { when: 'at rest', of: hasList, find: listedButNotMapped },
  'stale TLB': { when: 'at rest', find: staleTlb },
  'stale DMA mapping': { when: 'at rest', find: staleDma },
  'DMA beyond rights': { when: 'at rest', find: dmaBeyondRights },
  'freed page': { when: 'always', find: freedPage },
  'writable twice': { when: 'always', find: writableTwice },
  'lost write': { when: 'at rest', find: lostWrite },
  'page count': { when: 'at rest', find: pageCount },
  'behind the end': { when: 'at rest', find: behindTheEnd },
  'needless signal': { when: 'at rest', find: needlessSignal },
};

export type RuleName =
  | 'live mapping'
  | 'live guest mapping'
  | 'outside the BAR'
  | 'wrong page'
  | 'listed twice'
  | 'partial fill'
  | 'mapped but not listed'
  | 'listed but not mapped'
  | 'stale TLB'
  | 'stale DMA mapping'
  | 'DMA beyond rights'
  | 'freed page'
  | 'writable twice'
  | 'lost write'
  | 'page count'
  | 'behind the end'
  | 'needless signal';

/** All rules, in the order in which they are looked at. Drivers without a list are silent on those about it. */
export const ruleNames = Object.keys(rules) as RuleName[];

/** Looks at the chosen rules of one kind, in their order. */
export function judgeBy(chosen: readonly RuleName[], when: Rule['when'], description: WorldDescription): Judge {
  const looked = ruleNames.filter((name) => chosen.includes(name) && rules[name].when === when);
  return (machine, now) => {
    for (const name of looked) {
      const { of, find } = rules[name];
      if (of && !of(machine.driver)) continue;
      const found = find(machine, now, description);
      if (found !== undefined) return `${name}: ${found}`;
    }
    return undefined;
  };
}

/** The vmas on the devices' lists, as often as they are there. */
export function listedVmas({ devices }: Machine, now: Snapshot): vm_area_struct[] {
  return devices.flatMap(({ vma_list }) => listed(vma_list, now));
}

function listed(head: vfio_pci_core_device['vma_list'], now: Snapshot): vm_area_struct[] {
  const found: vm_area_struct[] = [];
  for (let node = now.get(head.next); node && node !== head; node = now.get(node.next)) {
    const vma = node.owner && now.get(node.owner.vma);
    if (vma) found.push(vma);
  }
  return found;
}

/** Whether nobody uses the address space any more: no CPU goes through what it still maps. */
const isLeft = ({ mm_users }: mm_struct, now: Snapshot) => mm_users !== null && now.get(mm_users) === 0;

/** Whether the vma has been unmapped. */
export const isFreed = (vma: vm_area_struct, now: Snapshot): boolean => now.get(vma.memory) === undefined;

/** The vma that the page lies in now; where vmas never change, the one that it lay in while that was mapped. */
function vmaOf({ mm, address, vma }: MappedPage, now: Snapshot): vm_area_struct | undefined {
  if (!mm.isReshaped) return vma ?? undefined;
  for (const place of mm.mm_rb) {
    const vma = now.get(place);
    if (!vma) continue;
    const { vm_start, vm_end } = shapeNow(vma, now);
    if (address >= vm_start && address < vm_end) return vma;
  }
  return undefined;
}

/** All vmas of devices that there are now; where vmas never change, also those that were unmapped, as entries may be left behind. */
export const vmasNow = ({ processes, vmas }: Machine, now: Snapshot) =>
  Object.values(processes)
    .flatMap((mm) =>
      mm.isReshaped
        ? mm.mm_rb.flatMap((place) => now.get(place) ?? [])
        : Object.values(vmas).filter(({ vm_mm }) => vm_mm === mm),
    )
    .filter(({ backing }) => backing);

const pageName = ({ place, page }: MappedPage) => `page ${page} of ${place}`;
const isMapped = (now: Snapshot) => (page: MappedPage) => mappingOf(page, now) !== undefined;
/** The pages that lie in the vma now and are mapped. */
const mappedPagesOf = (machine: Machine, now: Snapshot, vma: vm_area_struct) =>
  pagesOf(machine, now, vma).filter(isMapped(now));

function pagesOf({ pages }: Machine, now: Snapshot, vma: vm_area_struct): MappedPage[] {
  const { vm_start, vm_end } = shapeNow(vma, now);
  return pages.filter(({ mm, address }) => mm === vma.vm_mm && address >= vm_start && address < vm_end);
}

const firstOf = <T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

function liveMapping({ pages, devices }: Machine, now: Snapshot): string | undefined {
  const off = devices.filter(({ pdev }) => !answersNow(pdev, now));
  if (off.length === 0) return undefined;
  const pdevs = off.map(({ pdev }) => pdev);
  const live = pages.find((page) => {
    if (isLeft(page.mm, now)) return false;
    const mapping = mappingOf(page, now);
    return (
      mapping !== undefined &&
      (barAt(pdevs, mapping.pfn) !== undefined || (devices.length === 1 && !page.mm.ram?.pages[mapping.pfn]))
    );
  });
  return live ? `${pageName(live)} is mapped while the device's memory is off` : cachedOf(pdevs, pages, now);
}

/** An entry for one of the devices that stands in a TLB. */
function cachedOf(pdevs: readonly pci_dev[], pages: readonly MappedPage[], now: Snapshot): string | undefined {
  return firstOf(pages, (page) => {
    const found = cachedBy(page, now).find(({ entry }) => barAt(pdevs, pte_pfn(entry)));
    return found && `${found.task}'s TLB has ${pageName(page)} while the device's memory is off`;
  });
}

/** What TLBs have of the page. */
function cachedBy({ mm, address }: MappedPage, now: Snapshot): { readonly task: string; readonly entry: pte_t }[] {
  return (mm.tlbs ?? []).flatMap(({ task, entries }) => {
    const cached = entries[address];
    const entry = cached ? now.get(cached) : 0;
    return entry === FILLING || entry === 0 ? [] : [{ task, entry }];
  });
}

/** A TLB that was not flushed when the entry went, or lost its right to write. */
function staleTlb({ pages }: Machine, now: Snapshot): string | undefined {
  return firstOf(pages, (page) => {
    const mapping = mappingOf(page, now);
    const isStale = ({ entry }: { readonly entry: pte_t }) =>
      mapping?.pfn !== pte_pfn(entry) || (pte_write(entry) && !pte_write(mapping.entry));
    const stale = cachedBy(page, now).find(isStale);
    return stale && `${stale.task}'s TLB has an entry of ${pageName(page)} that the page table has no more`;
  });
}

function liveGuestMapping({ processes, devices, pages }: Machine, now: Snapshot): string | undefined {
  const off = devices.filter(({ pdev }) => !answersNow(pdev, now)).map(({ pdev }) => pdev);
  return firstOf(off.length > 0 ? Object.values(processes) : [], ({ notifier_subscriptions: kvm }) =>
    firstOf(Object.entries(kvm?.entries ?? {}), ([address, entry]) => {
      if (barAt(off, Math.floor(now.get(entry) / PAGE_SIZE)) === undefined) return undefined;
      const page = pages.find((each) => each.mm.notifier_subscriptions === kvm && each.address === Number(address));
      return `a guest maps ${page && pageName(page)} while the device's memory is off`;
    }),
  );
}

/** The frame that the page should map, and those that its vma covers of the BAR; undefined where no vma is, null in one that maps RAM. */
function shouldMap(page: MappedPage, now: Snapshot) {
  const vma = vmaOf(page, now);
  if (!vma?.backing) return vma && null;
  const { vm_start, vm_pgoff } = shapeNow(vma, now);
  const { pfn, pages, pgoff } = vma.backing;
  return { first: pfn, last: pfn + pages - 1, pfn: pfn + (vm_pgoff - pgoff) + (page.address - vm_start) / PAGE_SIZE };
}

function outsideTheBar({ pages, devices }: Machine, now: Snapshot): string | undefined {
  const pdevs = devices.map(({ pdev }) => pdev);
  return firstOf(pages, (page) => {
    const pfn = mappingOf(page, now)?.pfn;
    const should = shouldMap(page, now);
    if (pfn === undefined || !should || (pfn >= should.first && pfn <= should.last)) return undefined;
    const bar = barAt(pdevs, should.first)?.bar;
    return `${pageName(page)} maps frame ${hex(pfn)}; ${bar?.name} is frames ${hex(should.first)} to ${hex(should.last)}`;
  });
}

function wrongPage({ pages }: Machine, now: Snapshot): string | undefined {
  return firstOf(pages, (page) => {
    const pfn = mappingOf(page, now)?.pfn;
    const should = shouldMap(page, now);
    if (pfn === undefined || should === null || pfn === should?.pfn) return undefined;
    if (!should) return `${pageName(page)} is mapped, and no vma is there`;
    return `${pageName(page)} maps page ${pfn - should.first} of the BAR`;
  });
}

function listedTwice(machine: Machine, now: Snapshot): string | undefined {
  const listed = listedVmas(machine, now);
  return firstOf(new Set(listed), (vma) => {
    const times = listed.filter((each) => each === vma).length;
    return times > 1 ? `${vma.name} is on vma_list ${times} times` : undefined;
  });
}

function partialFill(machine: Machine, now: Snapshot): string | undefined {
  return firstOf(vmasNow(machine, now), (vma) => {
    const all = pagesOf(machine, now, vma).length;
    const mapped = mappedPagesOf(machine, now, vma).length;
    return mapped > 0 && mapped < all ? `${mapped} of the ${all} pages of ${vma.name} are mapped` : undefined;
  });
}

function mappedButNotListed(machine: Machine, now: Snapshot): string | undefined {
  const listed = listedVmas(machine, now);
  const missing = vmasNow(machine, now).find(
    (vma) => !listed.includes(vma) && mappedPagesOf(machine, now, vma).length > 0,
  );
  return missing && `${missing.name} has entries, and is not on vma_list: nobody will take them back`;
}

function listedButNotMapped(machine: Machine, now: Snapshot): string | undefined {
  const idle = listedVmas(machine, now).find((vma) => mappedPagesOf(machine, now, vma).length === 0);
  if (!idle) return undefined;
  return `${idle.name} is on vma_list, and ${isFreed(idle, now) ? 'has been unmapped and freed' : 'has no entries'}`;
}

/** The IOMMU still leads to a device whose memory is off: whatever does DMA there meets it. */
function staleDma({ iommu, devices }: Machine, now: Snapshot): string | undefined {
  const off = devices.filter(({ pdev }) => !answersNow(pdev, now)).map(({ pdev }) => pdev);
  return firstOf(Object.entries(iommu?.domain ?? {}), ([page, entry]) => {
    const isStale = now.get(entry) !== 0 && barAt(off, Math.floor(now.get(entry) / PAGE_SIZE)) !== undefined;
    return isStale ? `the IOMMU maps ${page} while the device's memory is off` : undefined;
  });
}

/** The IOMMU lets devices write what the process itself may only read. */
function dmaBeyondRights({ iommu, vmas }: Machine, now: Snapshot): string | undefined {
  return firstOf(Object.entries(iommu?.domain ?? {}), ([page, entry]) => {
    const vma = vmas[page.slice(0, page.indexOf('['))];
    const isWritable = (now.get(entry) & IOMMU_WRITE) !== 0;
    if (!vma || !isWritable || shapeNow(vma, now).vm_flags & VM_WRITE) return undefined;
    return `the IOMMU lets devices write to ${page}, and the process may only read it`;
  });
}

/** A signal for a task whose page was there to be mapped all along. */
function needlessSignal(_machine: Machine, now: Snapshot, description: WorldDescription): string | undefined {
  const { tasks, fail = {} } = description;
  const deeds = allDeeds(description);
  const isAlwaysOn = !Object.values(devicesOf(description)).some((device) => mayBeOff(device, deeds));
  const isAlwaysLong = !deeds.some(({ kind }) => kind === 'truncate');
  const isAlwaysWritable = Object.values(description.vmas).every(({ prot }) => prot !== 'read');
  const isAlwaysMapped =
    isAlwaysWritable && !deeds.some(({ kind }) => ['mmap', 'munmap', 'mremap', 'mprotect'].includes(kind));
  return firstOf(Object.keys(tasks), (task) => {
    const end = now.returned(task);
    const isNeedless =
      (end === 'SIGBUS' && isAlwaysOn && isAlwaysLong && !fail[task]) || (end === 'SIGSEGV' && isAlwaysMapped);
    return isNeedless ? `${task} is ended by ${end}, and nothing was wrong with its access` : undefined;
  });
}

/** Whether its user finds, or ever puts, the device into a state in which a signal is what an access should meet. */
function mayBeOff({ memory, virtualFunction, power }: DeviceDescription, deeds: readonly Deed[]): boolean {
  const isWithoutPower = power === 'D3hot' || deeds.some((deed) => deed.kind === 'lowPower' || isPuttingToSleep(deed));
  const isSwitchedOff = memory === 'disabled' || deeds.some(({ kind }) => kind === 'disableMemory');
  return isWithoutPower || (isSwitchedOff && !virtualFunction);
}

const isPuttingToSleep = (deed: Deed) => deed.kind === 'setPowerState' && deed.state !== 'D0';
