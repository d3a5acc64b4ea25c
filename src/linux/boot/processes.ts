/** Declares the processes of a world, their vmas and page tables, as vfio-pci's `mmap` leaves them. */

import { type Cell, cell, object, rwlock } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, pgprot_noncached } from '../arch/x86/include/asm/pgtable.ts';
import type { Foreseen } from '../deeds/index.ts';
import { pagesOfVma, type VmaDescription, type WorldDescription } from '../description.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import * as mm_h from '../include/linux/mm.ts';
import type { mm_struct, Ram, vm_area_struct } from '../include/linux/mm_types.ts';
import type { Bar } from '../include/linux/pci.ts';
import { KERNEL_VERSION } from '../include/linux/version.ts';
import { VFIO_PCI_INDEX_TO_OFFSET } from '../include/linux/vfio_pci_core.ts';
import { type MappedPage, ofName } from '../machine.ts';
import { type Path, pathTo } from '../mm/memory/tables.ts';
import { declarePageTable, type PageToMap } from '../pageTables.ts';
import { type Addresses, MAX_PAGES, pagesWithEntries } from '../validate.ts';
import { type VmaShape, type VmaTraits, vmaKind } from '../vma.ts';

/** What vfio-pci's `mmap` sets. */
const FLAGS_OF_A_BAR =
  mm_h.VM_READ |
  mm_h.VM_WRITE |
  mm_h.VM_SHARED |
  mm_h.VM_MAYREAD |
  mm_h.VM_MAYWRITE |
  mm_h.VM_MAYSHARE |
  mm_h.VM_IO |
  mm_h.VM_PFNMAP |
  mm_h.VM_DONTEXPAND |
  mm_h.VM_DONTDUMP;
const PROTECTION_OF_A_BAR = pgprot_noncached(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER);

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
  readonly pages: readonly MappedPage[];
}

/** All processes, with their vmas in order of address. */
export function bootProcesses(around: Surroundings): Booted {
  const { description, foreseen } = around;
  const late = foreseen.flatMap(({ newVmas = {} }) => Object.keys(newVmas));
  const names = [...new Set([...Object.values(description.vmas).map((vma) => vma.process), ...late])];
  const spaces = names.map((name) => bootSpace(name, names.length > 1, around));
  const vmas = spaces.flatMap(({ mm }) => bootVmas(mm, spaces, around));
  linkFiles(vmas);
  for (const { mm, places } of spaces) fillTree(mm, places, vmas, around);
  return {
    processes: Object.fromEntries(spaces.map(({ mm }) => [mm.name, mm])),
    vmas: Object.fromEntries(vmas.map((vma) => [vma.name, vma])),
    pages: spaces.flatMap(({ mm, pages }) => pages.map((page) => mappedPage(mm, page, vmas))),
  };
}

interface Space {
  readonly mm: mm_struct;
  /** Its tree, to be filled. */
  readonly places: Cell<vm_area_struct | null>[];
  readonly pages: readonly PageToMap[];
}

/** An address space, still without vmas. */
function bootSpace(name: string, isOneOfMany: boolean, around: Surroundings): Space {
  const { description, driver, foreseen, ram, version } = around;
  const of = ofName(name, isOneOfMany);
  const pages = pagesToMap(name, around);
  const mmap_lock = rwlock(`mmap_lock${of}`, { fair: true });
  const pgd = declarePageTable(pages, {
    of,
    isOnDemand: description.pageTables === 'on demand',
    hasHugePages: driver.vm_ops.huge_fault !== undefined,
  });
  const places: Cell<vm_area_struct | null>[] = [];
  const isSparse = Object.values(description.vmas).some((vma) => pagesOfVma(description, vma) > MAX_PAGES);
  const isReshaped = foreseen.some(({ reshapesVmas }) => reshapesVmas);
  return {
    mm: {
      name,
      version,
      mmap_lock,
      pgd,
      mm_rb: places,
      isReshaped,
      isSparse,
      ram,
      tlbs: bootTlbs(name, pages, description),
    },
    places,
    pages,
  };
}

/** The pages that have entries, in order of address. */
function pagesToMap(process: string, { description, addresses, foreseen }: Surroundings): PageToMap[] {
  const ofVmas = Object.entries(description.vmas)
    .filter(([, vma]) => vma.process === process)
    .flatMap(([vma]) => {
      const start = addresses.get(vma) as number;
      return pagesWithEntries(description, vma).map((page) => ({ vma, page, address: start + page * PAGE_SIZE }));
    });
  const late = foreseen.flatMap(({ pages = [] }) => pages.filter((each) => each.process === process));
  return [...ofVmas, ...late].sort((one, other) => one.address - other.address);
}

/** Puts the process's vmas into its tree, and leaves room for those that tasks will link. */
function fillTree(
  mm: mm_struct,
  places: Space['places'],
  vmas: readonly vm_area_struct[],
  { foreseen }: Surroundings,
): void {
  for (const vma of vmas) if (vma.vm_mm === mm) places.push(cell<vm_area_struct | null>(vma, `${vma.name} in mm_rb`));
  const more = foreseen.reduce((sum, { newVmas = {} }) => sum + (newVmas[mm.name] ?? 0), 0);
  for (let i = 1; i <= more; i++) places.push(cell<vm_area_struct | null>(null, `place ${i} in mm_rb of ${mm.name}`));
}

/** The process's vmas, each of a whole BAR or file, in order of address. */
function bootVmas(mm: mm_struct, spaces: readonly Space[], around: Surroundings): vm_area_struct[] {
  const { description, addresses } = around;
  return Object.entries(description.vmas)
    .filter(([, { process }]) => process === mm.name)
    .map(([name, vma]) => ({ name, vma, start: addresses.get(name) as number }))
    .sort((one, other) => one.start - other.start)
    .map(({ name, vma, start }) => {
      const inRam = ramVma(vma, start, { mm, spaces: spaces.map((each) => each.mm), world: description });
      const { traits, shape } = inRam ?? {
        traits: traitsOf(vma, mm, spaces, around),
        shape: shapeOf(vma, start, around),
      };
      return object(vmaKind(name, traits, shape));
    });
}

/** What of a vma never changes. */
function traitsOf(
  vma: VmaDescription,
  mm: mm_struct,
  spaces: readonly Space[],
  { driver, devices, version }: Surroundings,
): VmaTraits {
  const { device, bar } = mapped(vma, devices);
  return {
    mm,
    spaces: spaces.map((each) => each.mm),
    vm_page_prot: PROTECTION_OF_A_BAR,
    vm_ops: driver.vm_ops,
    vm_private_data: device,
    vm_file: null,
    backing: { pfn: bar.pfn, pages: bar.pages, pgoff: pgoffOf(bar, version) },
  };
}

function shapeOf(vma: VmaDescription, vm_start: number, { devices, version }: Surroundings): VmaShape {
  const { bar } = mapped(vma, devices);
  const vm_end = vm_start + bar.pages * PAGE_SIZE;
  return { vm_start, vm_end, vm_pgoff: pgoffOf(bar, version), vm_flags: FLAGS_OF_A_BAR };
}

/** Until v6.9 vfio-pci's `mmap` puts the first frame there; since v6.10 it stays the offset in the device's file. */
const pgoffOf = (bar: Bar, version: number) =>
  version < KERNEL_VERSION(6, 10) ? bar.pfn : VFIO_PCI_INDEX_TO_OFFSET(bar.index) / PAGE_SIZE;

function mapped(vma: VmaDescription, devices: readonly vfio_pci_core_device[]) {
  const device = devices.find(({ name }) => name === vma.device) ?? (devices[0] as vfio_pci_core_device);
  const bar = device.pdev.bars.find(({ name }) => name === vma.bar || name.startsWith(`${vma.bar} of `)) as Bar;
  return { device, bar };
}

function mappedPage(mm: mm_struct, { vma, page, address }: PageToMap, vmas: readonly vm_area_struct[]): MappedPage {
  const { pte, pmd, pud } = pathTo(mm, address) as Path;
  const owner = vmas.find(({ name, vm_mm }) => name === vma && vm_mm === mm) ?? null;
  return { mm, vma: owner, page, name: pte.name, address, pte, pmd, pud };
}
