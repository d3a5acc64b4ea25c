import { describe, expect, test } from 'vitest';
import { replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { hasPte } from '../../arch/x86/include/asm/pgtable.ts';
import { disableMemory, fault, mprotect, munmap } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { vfio_pci_zap_bars } from '../../drivers/vfio/pci/addressSpace.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import type { address_space } from '../../include/linux/fs.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../../include/linux/mmap_lock.ts';
import { VFIO_PCI_INDEX_TO_OFFSET } from '../../include/linux/vfio_pci_core.ts';
import { VFIO_PCI_BAR0_REGION_INDEX, VFIO_PCI_ROM_REGION_INDEX } from '../../include/uapi/linux/vfio.ts';
import { down_write, up_write } from '../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine, MappedPage } from '../../machine.ts';
import { ends, programOf, run } from '../../testing.ts';
import { reshape } from '../../vma.ts';
import { simulate } from '../../world.ts';
import {
  vma_interval_tree_insert,
  vma_interval_tree_insert_after,
  vma_interval_tree_remove,
} from '../interval_tree.ts';
import { handle_mm_fault } from '../memory.ts';
import { vmf_insert_pfn } from './insert.ts';
import { unmap_mapping_range } from './mapping.ts';

const two = { bar: 'bar0', process: 'p' };
/** Two processes map one BAR, and one of them another. */
const shared = {
  bars: { bar0: 2, bar1: 2 },
  vmas: { v: two, w: { ...two, process: 'q' }, x: { ...two, bar: 'bar1' } },
  tasks: { A: fault('v', 0) },
};
const mappingOf = ({ vdev }: Machine) => vdev.i_mapping as address_space;

/** Maps all pages of all vmas. */
function* fill({ pages }: Machine): Kernel {
  for (const { vma, address } of pages) if (vma) yield* vmf_insert_pfn(vma, address, 0x40000);
}
const left = (machine: Machine, now: Snapshot) =>
  machine.pages.map(({ name, pte }) => (now.get(pte) ? name : '')).join('');

/** What is left of full tables. */
const leftAfter = (start: number, length: number, changes: Partial<WorldDescription> = shared) =>
  ends(
    {
      *A(machine) {
        yield* fill(machine);
        yield* unmap_mapping_range(mappingOf(machine), start, length, true);
      },
    },
    left,
    changes,
    generations.v6_10,
  );

describe('2.8 unmap_mapping_range', () => {
  test('zaps the overlap of each vma, in all processes', () => {
    expect(leftAfter(0, PAGE_SIZE)).toEqual(['v[1]x[0]x[1]w[1]']);
    expect(leftAfter(PAGE_SIZE, PAGE_SIZE)).toEqual(['v[0]x[0]x[1]w[0]']);
  });
  test('length 0: to the end', () => {
    expect(leftAfter(0, 0)).toEqual(['']);
    expect(leftAfter(VFIO_PCI_INDEX_TO_OFFSET(1), 0)).toEqual(['v[0]v[1]w[0]w[1]']);
  });
  test('converts bytes to whole pages', () => {
    expect(leftAfter(1, 1)).toEqual(leftAfter(0, PAGE_SIZE));
    expect(leftAfter(0, PAGE_SIZE + 1)).toEqual(leftAfter(0, 2 * PAGE_SIZE));
  });
  test('a range that nothing is mapped of: nothing', () => {
    expect(leftAfter(2 * PAGE_SIZE, PAGE_SIZE)).toEqual(['v[0]v[1]x[0]x[1]w[0]w[1]']);
  });
  test('takes i_mmap_rwsem as a reader, and no mmap_lock; memory_lock, the gate, is its caller’s', () => {
    const world = { bars: { bar0: 1 }, vmas: { v: two }, tasks: { Z: disableMemory() } };
    const operations = replay(simulate(world, generations.v6_10), '').steps.map(({ operation }) => operation);
    expect(operations.filter((each) => /down|up_|waiter/.test(each))).toEqual([
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'down_read(i_mmap_rwsem)',
      'up_read(i_mmap_rwsem)',
      'up_write(memory_lock)',
    ]);
  });
  test('does not stop later faults', () => {
    const code = function* (machine: Machine) {
      yield* unmap_mapping_range(mappingOf(machine), 0, 0, true);
      yield* fill(machine);
    };
    expect(ends({ A: code }, left, shared, generations.v6_10)).toEqual(['v[0]v[1]x[0]x[1]w[0]w[1]']);
  });
  test('nor those of other CPUs meanwhile: for that its caller has a gate', () => {
    const faulting = ({ vmas: { v } }: Machine) =>
      handle_mm_fault(v as vm_area_struct, (v as vm_area_struct).vm_start, 0);
    /** Whether there is an entry once the zap is over. */
    const zapping = function* (machine: Machine) {
      yield* unmap_mapping_range(mappingOf(machine), 0, 0, true);
      return yield* hasPte((machine.pages[0] as MappedPage).pte);
    };
    const behindGate = function* (machine: Machine) {
      yield* down_write(machine.vdev.memory_lock);
      const isMapped = yield* zapping(machine);
      yield* up_write(machine.vdev.memory_lock);
      return isMapped;
    };
    const told = (_machine: Machine, now: Snapshot) => `${now.returned('Z')}`;
    expect(ends({ A: faulting, Z: zapping }, told, shared, generations.v6_10)).toEqual(['false', 'true']);
    expect(ends({ A: faulting, Z: behindGate }, told, shared, generations.v6_10)).toEqual(['false']);
  });
  test('works while a process’s mmap_lock is held for writing', () => {
    const code = function* (machine: Machine) {
      yield* fill(machine);
      const { vm_mm } = machine.vmas.v as vm_area_struct;
      yield* mmap_write_lock(vm_mm);
      yield* unmap_mapping_range(mappingOf(machine), 0, 0, true);
      yield* mmap_write_unlock(vm_mm);
    };
    expect(ends({ A: code }, left, shared, generations.v6_10)).toEqual(['']);
  });
});

describe('2.8 vfio_pci_zap_bars', () => {
  test('takes the BARs, indexes 0 to 5, and nothing of the ROM, index 6', () => {
    const names = ['b', 'c', 'd', 'e', 'f', 'g'];
    const regions = {
      bars: Object.fromEntries(names.map((name) => [name, 1])),
      vmas: Object.fromEntries(names.map((name) => [name, { bar: name, process: 'p' }])),
      tasks: { A: fault('b', 0), M: mprotect('g', 'r') }, // so that a vma may change
    };
    const zapping = function* (machine: Machine) {
      yield* fill(machine);
      yield* vfio_pci_zap_bars(machine.vdev);
    };
    /** As if what g maps were the ROM. */
    const besideTheRom = function* (machine: Machine) {
      const vm_pgoff = VFIO_PCI_INDEX_TO_OFFSET(VFIO_PCI_ROM_REGION_INDEX) / PAGE_SIZE;
      yield* reshape(machine.vmas.g as vm_area_struct, { vm_pgoff });
      yield* zapping(machine);
    };
    expect(ends({ A: fill }, left, regions, generations.v6_10)).toEqual([names.map((name) => `${name}[0]`).join('')]);
    expect(ends({ A: zapping }, left, regions, generations.v6_10)).toEqual(['']);
    expect(ends({ A: besideTheRom }, left, regions, generations.v6_10)).toEqual(['g[0]']);
  });
  test('is one call, from 0 on, 6 << 40 bytes', () => {
    expect(VFIO_PCI_INDEX_TO_OFFSET(VFIO_PCI_BAR0_REGION_INDEX)).toBe(0);
    expect(VFIO_PCI_INDEX_TO_OFFSET(VFIO_PCI_ROM_REGION_INDEX)).toBe(6 * 2 ** 40);
    const { steps } = replay(
      programOf({ A: ({ vdev }) => vfio_pci_zap_bars(vdev) }, shared, () => '', generations.v6_10),
      '',
    );
    expect(steps.filter(({ operation }) => operation.startsWith('down_read(i_mmap_rwsem'))).toHaveLength(1);
  });
});

describe('the tree', () => {
  const vmas = ({ vdev }: Machine, now: Snapshot) =>
    (vdev.i_mapping?.i_mmap ?? []).map((place) => now.get(place)?.name ?? '-').join(' ');

  test('knows the vmas that are there at boot; without a driver that asks there is none', () => {
    expect(ends({ A: fill }, vmas, shared, generations.v6_10)).toEqual(['v x w']);
    expect(ends({ A: fill }, vmas, shared, generations.v5_14)).toEqual(['']);
  });
  test('of a device knows nothing of vmas that map RAM', () => {
    const withRam = { ...shared, files: { f: 1 }, vmas: { v: two, a: { anonymous: 1, process: 'p' } } };
    expect(ends({ *A() {} }, vmas, withRam, generations.v6_10)).toEqual(['v']);
    const file = { ...withRam, vmas: { v: two, m: { file: 'f', process: 'q' } } };
    expect(ends({ *A() {} }, vmas, file, generations.v6_10)).toEqual(['v']);
  });
  test('forgets what is unmapped, under i_mmap_rwsem as the writer', () => {
    const world = { ...shared, tasks: { M: munmap('v') } };
    const { steps } = replay(simulate(world, generations.v6_10), '');
    const operations = steps.map(({ operation }) => operation);
    expect(operations.filter((each) => /i_mmap_rwsem|up_write\(mmap_lock/.test(each))).toEqual([
      'rwsem_add_waiter(i_mmap_rwsem)',
      'down_write(i_mmap_rwsem)',
      'up_write(i_mmap_rwsem)',
      'up_write(mmap_lock of p)',
    ]);
  });
  test('links behind another, as fork does, or in the first free place', () => {
    const relink = (prev?: 'v' | 'x') =>
      function* (machine: Machine): Kernel {
        const { v, w, x } = machine.vmas;
        if (!v || !w || !x) return;
        for (const each of [v, w]) yield* vma_interval_tree_remove(each, mappingOf(machine));
        if (prev) yield* vma_interval_tree_insert_after(w, x, mappingOf(machine));
        else yield* vma_interval_tree_insert(w, mappingOf(machine));
      };
    expect(ends({ A: relink() }, vmas, shared, generations.v6_10)).toEqual(['w x -']);
    expect(ends({ A: relink('x') }, vmas, shared, generations.v6_10)).toEqual(['- x w']);
  });
  test('says where the world has foreseen too few places', () => {
    const code = function* (machine: Machine): Kernel {
      if (machine.vmas.v) yield* vma_interval_tree_insert(machine.vmas.v, mappingOf(machine));
    };
    expect(run(code, shared, generations.v6_10)).toMatch(/no place for v/);
  });
});
