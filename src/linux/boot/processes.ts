/** Declares the processes of a world, their vmas and page tables, as vfio-pci's `mmap` leaves them. */

import { type Cell, cell, object, rwlock } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { pfn_pte, pte_mkspecial } from '../arch/x86/include/asm/pgtable.ts';
import { vm_get_page_prot } from '../arch/x86/mm/pgprot.ts';
import type { Foreseen } from '../deeds/index.ts';
import { mapsRam, pagesOfVma, type VmaDescription, type WorldDescription } from '../description.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import { type MappingVma, vfio_pci_core_mmap } from '../drivers/vfio/pci/vfio_pci_core/mmap.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import {
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
  type vm_operations_struct,
} from '../include/linux/mm.ts';
import type { Birth, mm_struct, Ram, vm_area_struct } from '../include/linux/mm_types.ts';
import type { Bar } from '../include/linux/pci.ts';
import { KERNEL_VERSION } from '../include/linux/version.ts';
import { VFIO_PCI_INDEX_TO_OFFSET } from '../include/linux/vfio_pci_core.ts';
import { type Machine, type MappedPage, ofName, type PlaceInMemory } from '../machine.ts';
import { type Path, pathTo } from '../mm/memory/tables.ts';
import { declarePageTable, type PageToMap, type TableOptions } from '../pageTables.ts';
import { type Addresses, type Place, pagesAt, placesOf, processesOf } from '../places.ts';
import { MAX_PAGES, pagesWithEntries } from '../validate.ts';
import { type CopyTraits, shapeOf, type VmaTraits, vmaKind } from '../vma.ts';
import { bootGuest } from './guests.ts';

import { linkFiles, ramVma } from './ramVmas.ts';
import { bootTlbs } from './tlbs.ts';

interface Surroundings {
  readonly description: WorldDescription;
  readonly addresses: Addresses;
  readonly driver: Driver;
  readonly devices: readonly vfio_pci_core_device[];
  readonly foreseen: readonly Foreseen[];
  readonly version: number;
  readonly ram: Ram | null;
}

interface Booted {
  readonly processes: Readonly<Record<string, mm_struct>>;
  readonly vmas: Readonly<Record<string, vm_area_struct>>;
  readonly places: Machine['places'];
  readonly pages: readonly MappedPage[];
}

/** All processes, with their vmas in order of address. */
export function bootProcesses(around: Surroundings): Booted {
  const { description } = around;
  const names = processesOf(description);
  const spaces = names.map(({ name, parent }) => bootSpace(name, parent, names.length > 1, around));
  const vmas = spaces.flatMap(({ mm }) => bootVmas(mm, spaces, around));
  linkFiles(vmas);
  for (const space of spaces) fillTree(space, spaces, vmas, around);
  return {
    processes: Object.fromEntries(spaces.map(({ mm }) => [mm.name, mm])),
    vmas: Object.fromEntries(vmas.map((vma) => [vma.name, vma])),
    places: Object.fromEntries(
      Object.entries(placesOf(description)).map(([name, place]) => [name, whereIs(name, place, spaces, around)]),
    ),
    pages: spaces.flatMap(({ mm, pages }) => pages.map((page) => mappedPage(mm, page, vmas))),
  };
}

interface Space {
  readonly mm: mm_struct;
  /** The process that it will be forked from; null for one that is there from the start. */
  readonly parent: string | null;
  /** Its tree, to be filled. */
  readonly places: Cell<vm_area_struct | null>[];
  readonly pages: readonly PageToMap[];
}

/** An address space, still without vmas. */
function bootSpace(name: string, parent: string | null, isOneOfMany: boolean, around: Surroundings): Space {
  const { description, driver, foreseen, ram, version } = around;
  const of = ofName(name, isOneOfMany);
  const pages = pagesToMap(name, around);
  const isReshaped = foreseen.some(({ reshapesVmas }) => reshapesVmas);
  const mayNest = isReshaped || ram !== null; // fork and mremap hold the locks of two tables, or of two processes
  const lockClass = (name: string) => (mayNest ? {} : { class: name });
  const mmap_lock = rwlock(`mmap_lock${of}`, { fair: true, ...lockClass('mmap_lock') });
  const pgd = declarePageTable(pages, {
    of,
    onDemand: onDemandIn(description),
    hasHugePages: driver.vm_ops.huge_fault !== undefined,
    lockClass,
  });
  const places: Cell<vm_area_struct | null>[] = [];
  const isSparse = Object.values(description.vmas).some((vma) => pagesOfVma(description, vma) > MAX_PAGES);
  const isEnded = foreseen.some(({ ends = [] }) => ends.includes(name));
  const mm_users = isEnded ? cell(1, `mm_users${of}`) : null;
  const birth = parent === null ? null : cell<Birth>('unborn', `birth of ${name}`);
  const tlbs = bootTlbs(name, pages, description);
  const isLocked = version >= KERNEL_VERSION(6, 4) && foreseen.some(changesVmas);
  const mm_lock_seq = isLocked ? cell(0, `mm_lock_seq${of}`) : null;
  const mm = {
    name,
    version,
    flags: 0,
    mmap_lock,
    pgd,
    mm_rb: places,
    isReshaped,
    isSparse,
    mm_users,
    birth,
    ram,
    tlbs,
    mm_lock_seq,
    notifier_subscriptions: bootGuest(name, of, pages, around),
  };
  return { mm, parent, places, pages };
}

const changesVmas = ({ unmapsVmas = false, reshapesVmas = false, newVmas, ends = [] }: Foreseen) =>
  unmapsVmas || reshapesVmas || newVmas !== undefined || ends.length > 0;

/** The pages that have entries, in order of address. */
function pagesToMap(process: string, around: Surroundings): PageToMap[] {
  const { description, addresses, driver, devices } = around;
  return Object.entries(placesOf(description))
    .filter(([, place]) => place.process === process)
    .flatMap(([name]) => {
      const start = addresses.get(name) as number;
      const vma = description.vmas[name];
      const entryOf = (page: number) =>
        vma && !mapsRam(vma) && driver.fills === 'in mmap'
          ? pte_mkspecial(pfn_pte(mapped(vma, devices).bar.pfn + page, madeByMmap(vma, start, around).vm_page_prot))
          : 0;
      return pagesWithEntries(description, name).map((page) => ({
        vma: name,
        page,
        address: start + page * PAGE_SIZE,
        entry: entryOf(page),
      }));
    })
    .sort((one, other) => one.address - other.address);
}

/** Puts the process's vmas into its tree, and leaves room for those that tasks will link. */
function fillTree(
  { mm, places }: Space,
  spaces: readonly Space[],
  vmas: readonly vm_area_struct[],
  around: Surroundings,
): void {
  const own = vmas.filter(({ vm_mm }) => vm_mm === mm);
  for (const vma of own) places.push(cell<vm_area_struct | null>(vma, `${vma.name} in mm_rb`));
  const more = mostVmas(mm.name, spaces, around) - own.length;
  for (let i = 1; i <= more; i++) places.push(cell<vm_area_struct | null>(null, `place ${i} in mm_rb of ${mm.name}`));
}

/** So many vmas it has at most: those of the description, or those of its parent, and those that its tasks make. */
function mostVmas(process: string, spaces: readonly Space[], around: Surroundings): number {
  const parent = spaces.find(({ mm }) => mm.name === process)?.parent;
  const first = parent
    ? mostVmas(parent, spaces, around)
    : Object.values(around.description.vmas).filter((vma) => vma.process === process).length;
  return around.foreseen.reduce((sum, { newVmas = {} }) => sum + (newVmas[process] ?? 0), first);
}

function whereIs(name: string, { process }: Place, spaces: readonly Space[], around: Surroundings): PlaceInMemory {
  const { mm } = spaces.find((space) => space.mm.name === process) as Space;
  return { mm, start: around.addresses.get(name) as number, pages: pagesAt(around.description, name) };
}

/** The process's vmas, each of a whole BAR or file, in order of address. */
function bootVmas(mm: mm_struct, spaces: readonly Space[], around: Surroundings): vm_area_struct[] {
  const { description, addresses } = around;
  return Object.entries(description.vmas)
    .filter(([, { process }]) => process === mm.name)
    .map(([name, vma]) => ({ name, vma, start: addresses.get(name) as number }))
    .sort((one, other) => one.start - other.start)
    .map(({ name, vma, start }) => {
      const inRam = ramVma(vma, start, { mm, copies: copiesOf(name, mm, spaces, around), world: description });
      const { traits, shape } = inRam ?? {
        traits: traitsOf(name, mm, spaces, around),
        shape: shapeOf(madeByMmap(vma, start, around)),
      };
      return object(vmaKind(name, traits, shape));
    });
}

/** What of a vma never changes. */
function traitsOf(name: string, mm: mm_struct, spaces: readonly Space[], around: Surroundings): VmaTraits {
  const { description, addresses, devices } = around;
  const vma = description.vmas[name] as VmaDescription;
  const { device, bar } = mapped(vma, devices);
  const made = madeByMmap(vma, addresses.get(name) as number, around);
  return {
    mm,
    copies: copiesOf(name, mm, spaces, around),
    vm_page_prot: made.vm_page_prot,
    vm_ops: made.vm_ops as vm_operations_struct,
    vm_private_data: device,
    vm_file: null,
    backing: { pfn: bar.pfn, pages: bar.pages, pgoff: made.vm_pgoff },
  };
}

/** The copies that tasks may make of a vma: in each address space, and those at places that have names. */
function copiesOf(vma: string, mm: mm_struct, spaces: readonly Space[], around: Surroundings): CopyTraits[] {
  const places = Object.entries(placesOf(around.description)).filter(
    ([name, place]) => place.vma === vma && name !== vma,
  );
  return [
    ...spaces.map((space) => ({
      mm: space.mm,
      name: space.mm === mm ? `${vma}'` : `${space.mm.name}.${vma}'`,
      at: null,
    })),
    ...places.map(([name, place]) => {
      const { mm: of, start } = whereIs(name, place, spaces, around);
      return { mm: of, name, at: start };
    }),
  ];
}

const MAY = VM_MAYREAD | VM_MAYWRITE | VM_MAYSHARE;

/** What the driver's `mmap` makes of a program's wish to map the whole BAR. */
function madeByMmap(vma: VmaDescription, vm_start: number, { devices, driver }: Surroundings): MappingVma {
  const { device, bar } = mapped(vma, devices);
  const vm_flags = VM_READ | VM_SHARED | MAY | (vma.prot === 'read' ? 0 : VM_WRITE);
  const made: MappingVma = {
    vm_start,
    vm_end: vm_start + bar.pages * PAGE_SIZE,
    vm_pgoff: VFIO_PCI_INDEX_TO_OFFSET(bar.index) / PAGE_SIZE,
    vm_flags,
    vm_page_prot: vm_get_page_prot(vm_flags),
    vm_ops: null,
    vm_private_data: null,
  };
  const { done, value } = vfio_pci_core_mmap(device, made, driver).next(); // without a step: the kernel has the BAR already
  if (!done || value !== 0) throw new Error(`${bar.name} cannot be mapped at boot`);
  return made;
}

function mapped(vma: VmaDescription, devices: readonly vfio_pci_core_device[]) {
  const device = devices.find(({ name }) => name === vma.device) ?? (devices[0] as vfio_pci_core_device);
  const bar = device.pdev.bars.find(({ name }) => name === vma.bar || name.startsWith(`${vma.bar} of `)) as Bar;
  return { device, bar };
}

function mappedPage(mm: mm_struct, { vma, page, address }: PageToMap, vmas: readonly vm_area_struct[]): MappedPage {
  const { pte, pmd, pud } = pathTo(mm, address) as Path;
  const owner = vmas.find(({ name, vm_mm }) => name === vma && vm_mm === mm) ?? null;
  return { mm, vma: owner, place: vma, page, name: pte.name, address, pte, pmd, pud };
}

const onDemandIn = ({ pageTables }: WorldDescription): TableOptions['onDemand'] =>
  pageTables === 'on demand' ? 'all' : pageTables === 'lowest on demand' ? 'lowest' : 'none';
