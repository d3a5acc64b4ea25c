/** Builds a machine from a description: declares its cells and locks. Called in `setup()`. */

import { cell, mutex, object, rwlock } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { _PAGE_PRESENT, _PAGE_RW, _PAGE_USER, pgprot_noncached } from './arch/x86/include/asm/pgtable.ts';
import { type Addresses, deedsOf, type FailDescription, type WorldDescription } from './description.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device, vfio_pci_mmap_vma } from './drivers/vfio/pci/vfio_pci_core.ts';
import { declareList } from './include/linux/list.ts';
import * as mm_h from './include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from './include/linux/mm_types.ts';
import { type Bar, PCI_COMMAND, PCI_COMMAND_MEMORY } from './include/linux/pci.ts';
import type { AccessEnd, FailingAllocations, task_struct } from './include/linux/sched.ts';
import type { Machine, MappedPage } from './machine.ts';
import { pathTo } from './mm/memory/tables.ts';
import { declarePageTable, tablesOf } from './pageTables.ts';

/** Device memory stands far from what worlds use as virtual addresses. */
const FIRST_FRAME = 0x40000;
const FRAMES_APART = 0x100;

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

/** Boots the world: its BARs are mapped, and nothing has been touched yet. The description has been validated. */
export function boot(description: WorldDescription, addresses: Addresses, driver: Driver): Machine {
  const vdev = bootDevice(description);
  const names = [...new Set(Object.values(description.vmas).map((vma) => vma.process))];
  const spaces = names.map((name) => bootProcess(name, names.length > 1, { description, addresses, driver, vdev }));
  const processes = Object.fromEntries(spaces.map((mm) => [mm.name, mm]));
  const vmas = Object.fromEntries(spaces.flatMap((mm) => mm.mm_rb.map(({ vma }) => [vma.name, vma])));
  return {
    driver,
    vdev,
    processes,
    vmas,
    tasks: bootTasks(description, vdev.pdev.bars),
    pages: Object.values(vmas).flatMap(pagesOf),
    locks: [vdev.vma_lock, vdev.memory_lock, ...spaces.flatMap(locksOf)],
  };
}

function bootDevice({ bars, memory, tasks }: WorldDescription): vfio_pci_core_device {
  const command = memory === 'disabled' ? 0 : PCI_COMMAND_MEMORY;
  const deeds = Object.values(tasks).flatMap(deedsOf);
  return {
    name: 'vdev',
    vma_lock: mutex('vma_lock'),
    memory_lock: rwlock('memory_lock', { fair: true }),
    vma_list: declareList<vfio_pci_mmap_vma>(cell, 'vma_list'),
    vconfig: { [PCI_COMMAND]: cell(command, 'vconfig[PCI_COMMAND]') },
    pdev: {
      name: 'pdev',
      bars: Object.entries(bars).map(([name, pages], i) => ({
        name,
        pages,
        pfn: FIRST_FRAME + i * FRAMES_APART,
        frames: Array.from({ length: pages }, (_, page) => ({ name: `${name}[${page}]` })),
      })),
      config: { [PCI_COMMAND]: cell(command, 'PCI_COMMAND') },
      isSteady: !deeds.some(({ kind }) => kind === 'disableMemory' || kind === 'enableMemory'),
    },
  };
}

interface Surroundings {
  readonly description: WorldDescription;
  readonly addresses: Addresses;
  readonly driver: Driver;
  readonly vdev: vfio_pci_core_device;
}

/** One process, with its vmas in order of address. */
function bootProcess(
  name: string,
  isOneOfMany: boolean,
  { description, addresses, driver, vdev }: Surroundings,
): mm_struct {
  const of = isOneOfMany ? ` of ${name}` : '';
  const layout = Object.entries(description.vmas)
    .filter(([, vma]) => vma.process === name)
    .map(([vma, { bar }]) => ({
      vma,
      start: addresses.get(vma) as number,
      bar: vdev.pdev.bars.find((each) => each.name === bar) as Bar,
    }))
    .sort((one, other) => one.start - other.start);
  const pages = layout.flatMap(({ vma, start, bar }) =>
    Array.from({ length: bar.pages }, (_, page) => ({ vma, page, address: start + page * PAGE_SIZE })),
  );
  const mmap_lock = rwlock(`mmap_lock${of}`, { fair: true });
  const pgd = declarePageTable(pages, { of, isOnDemand: description.pageTables === 'on demand' });
  const mm_rb: mm_struct['mm_rb'][number][] = [];
  const mm: mm_struct = { name, mmap_lock, pgd, mm_rb };
  for (const { vma, start, bar } of layout)
    mm_rb.push({ vma: bootVma(vma, start, bar, mm, driver, vdev), linked: cell(true, `${vma} in mm_rb`) });
  return mm;
}

/** A vma of the whole BAR, as vfio-pci's `mmap` leaves it. */
function bootVma(
  name: string,
  start: number,
  bar: Bar,
  mm: mm_struct,
  driver: Driver,
  vdev: vfio_pci_core_device,
): vm_area_struct {
  return object<vm_area_struct>({
    name: `vm_area_struct ${name}`,
    fields: (declare) => ({
      name,
      vm_mm: mm,
      vm_start: start,
      vm_end: start + bar.pages * PAGE_SIZE,
      vm_pgoff: bar.pfn,
      vm_flags: FLAGS_OF_A_BAR,
      vm_page_prot: PROTECTION_OF_A_BAR,
      vm_ops: driver.vm_ops,
      vm_private_data: vdev,
      memory: declare(true, 'memory'),
    }),
  });
}

function pagesOf(vma: vm_area_struct): MappedPage[] {
  const count = (vma.vm_end - vma.vm_start) / PAGE_SIZE;
  return Array.from({ length: count }, (_, page) => {
    const pte = pathTo(vma.vm_mm, vma.vm_start + page * PAGE_SIZE)?.pte as MappedPage['pte'];
    return { vma, page, pfn: vma.vm_pgoff + page, pte };
  });
}

const locksOf = (mm: mm_struct) => {
  const locks = tablesOf(mm).flatMap(({ lock }) => (lock ? [lock] : []));
  return [mm.mmap_lock, ...new Set(locks)];
};

function bootTasks({ tasks, fail = {} }: WorldDescription, bars: readonly Bar[]): Machine['tasks'] {
  const boot = (comm: string): task_struct => {
    const { allocations, remapAtPage } = fail[comm] ?? {};
    return {
      comm,
      failingAllocations: failures(comm, allocations),
      refusedFrames: remapAtPage === undefined ? [] : bars.map((bar) => bar.pfn + remapAtPage),
      ended: deedsOf(tasks[comm] ?? []).length > 1 ? cell<AccessEnd | null>(null, `pending signal of ${comm}`) : null,
    };
  };
  return Object.fromEntries(Object.keys(tasks).map((comm) => [comm, boot(comm)]));
}

function failures(comm: string, which: FailDescription['allocations']): FailingAllocations | null {
  if (!which) return null;
  return { which, made: which === 'all' ? null : cell(0, `allocations of ${comm}`) };
}
