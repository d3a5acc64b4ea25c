/** The machine as viewers draw it: plain JSON. */

import type { Cell, Snapshot } from '#explore';
import { pte_none, pte_pfn, type pte_t, TABLE } from './arch/x86/include/asm/pgtable.ts';
import { type Cached, FILLING } from './arch/x86/mm/tlb.ts';
import type { vm_area_struct } from './include/linux/mm_types.ts';
import {
  answersNow,
  decodesMemory,
  frameAt,
  frameName,
  PCI_COMMAND,
  type pci_dev,
  pci_power_name,
} from './include/linux/pci.ts';
import type { Machine } from './machine.ts';
import { type TableView, tablesOf } from './pageTables.ts';
import { isFreed, listedVmas, vmasNow } from './rules.ts';
import { shapeToShow } from './vma.ts';
import { hex } from './words.ts';

export interface Picture {
  readonly tables: readonly {
    readonly process: string;
    readonly level: TableView['level'];
    readonly name: string;
    /** `text` is empty where there is no entry. */
    readonly entries: readonly { readonly index: number; readonly name: string; readonly text: string }[];
  }[];
  readonly vmas: readonly {
    readonly name: string;
    readonly process: string;
    readonly start: string;
    readonly end: string;
    readonly state: 'mapped' | 'freed';
  }[];
  readonly locks: readonly { readonly name: string; readonly holders: readonly string[] }[];
  /** The names of the vmas on `vma_list`, first to last. */
  readonly list: readonly string[];
  /** What the CPUs keep of page tables; only where the world has TLBs. `text` is empty where there is nothing. */
  readonly tlbs?: readonly {
    readonly task: string;
    readonly process: string;
    readonly entries: readonly { readonly name: string; readonly text: string }[];
  }[];
  /** What is counted of the tasks' faults; only where the world asks for it. */
  readonly faults?: readonly {
    readonly task: string;
    readonly all: number;
    readonly major: number;
    readonly minor: number;
  }[];
  readonly device: {
    readonly memory: 'enabled' | 'disabled';
    readonly vconfig: 'enabled' | 'disabled';
    /** Its power as the kernel knows it: `D0`, `D3hot`; only where tasks of the world may change it. */
    readonly power?: string;
  };
}

/** The machine at one moment. */
export function pictureOf(machine: Machine, now: Snapshot): Picture {
  const { vdev, locks } = machine;
  const onOrOff = (isOn: boolean) => (isOn ? ('enabled' as const) : ('disabled' as const));
  return {
    tables: Object.values(machine.processes).flatMap((mm) =>
      tablesOf(mm).map(({ level, name, entries }) => ({
        process: mm.name,
        level,
        name,
        entries: entries.map((entry) => ({
          index: entry.index,
          name: entry.name,
          text: entryText(entry, machine, now),
        })),
      })),
    ),
    vmas: vmasToShow(machine, now).map((vma) => ({
      name: vma.name,
      process: vma.vm_mm.name,
      start: hex(shapeToShow(vma, now).vm_start),
      end: hex(shapeToShow(vma, now).vm_end),
      state: isFreed(vma, now) ? 'freed' : 'mapped',
    })),
    locks: locks.map((lock) => ({ name: lock.name, holders: now.holders(lock) })),
    list: listedVmas(machine, now).map((vma) => vma.name),
    ...tlbsOf(machine, now),
    ...faultsOf(machine, now),
    device: {
      memory: onOrOff(answersNow(vdev.pdev, now)),
      vconfig: onOrOff(decodesMemory(now.get(vdev.vconfig[PCI_COMMAND]))),
      ...powerOf(vdev.pdev, now),
    },
  };
}

function powerOf({ current_state }: pci_dev, now: Snapshot): Pick<Picture['device'], 'power'> {
  return typeof current_state === 'object' ? { power: pci_power_name(now.get(current_state)) } : {};
}

/** Those that were there at boot, if freed or not, and those that have come since. */
function vmasToShow(machine: Machine, now: Snapshot): vm_area_struct[] {
  const atBoot = Object.values(machine.vmas);
  return [...atBoot, ...vmasNow(machine, now).filter((vma) => !atBoot.includes(vma) && !isFreed(vma, now))];
}

function tlbsOf(machine: Machine, now: Snapshot): Pick<Picture, 'tlbs'> {
  const tlbs = Object.values(machine.processes).flatMap((mm) =>
    (mm.tlbs ?? []).map(({ task, entries }) => ({
      task,
      process: mm.name,
      entries: machine.pages
        .filter((page) => page.mm === mm)
        .map(({ name, address }) => {
          const cached = now.get(entries[address] as Cell<Cached>);
          return { name, text: cached === FILLING ? '' : pteText(cached, machine) };
        }),
    })),
  );
  return tlbs.length > 0 ? { tlbs } : {};
}

function faultsOf({ tasks }: Machine, now: Snapshot): Pick<Picture, 'faults'> {
  const faults = Object.values(tasks).flatMap(({ comm, faults: counts }) => {
    if (!counts) return [];
    const { pgfault, maj_flt, min_flt } = counts;
    return [{ task: comm, all: now.get(pgfault), major: now.get(maj_flt), minor: now.get(min_flt) }];
  });
  return faults.length > 0 ? { faults } : {};
}

function entryText({ pte, value }: TableView['entries'][number], machine: Machine, now: Snapshot): string {
  if (pte) return pteText(now.get(pte), machine);
  const entry = value ? now.get(value) : TABLE;
  return entry === TABLE ? 'table' : pteText(entry, machine);
}

/** Which page of which BAR or of RAM, or which frame, the entry maps. */
function pteText(pte: pte_t, { devices, ram }: Machine): string {
  if (pte_none(pte)) return '';
  const pdevs = devices.map(({ pdev }) => pdev);
  return frameName(ram?.pages[pte_pfn(pte)] ?? frameAt(pdevs, pte_pfn(pte)));
}
