import { describe, expect, test } from 'vitest';
import { type Cell, explore, replay, type Snapshot, write as writeCell } from '#explore';
import { translate } from '../../../cpu.ts';
import { disableMemory, dmaMap, fault, guestAccess, munmap, write } from '../../../deeds/index.ts';
import type { WorldDescription } from '../../../description.ts';
import type { Driver } from '../../../drivers/vfio/pci/driver.ts';
import { generations } from '../../../drivers/vfio/pci/generations/index.ts';
import { dropEntry, type vfio_pci_core_device } from '../../../drivers/vfio/pci/vfio_pci_core.ts';
import { entriesOf } from '../../../include/linux/list.ts';
import type { vm_area_struct } from '../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { down_write } from '../../../kernel/locking/rwsem.ts';
import { get, type Kernel } from '../../../kernel.ts';
import type { Machine, MappedPage } from '../../../machine.ts';
import { stretchesOf } from '../../../mm/memory/tables.ts';
import { kindsOf, oneVma, operationsOf, outcomesOf, programOf } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { PAGE_SIZE } from '../include/asm/page_types.ts';
import {
  _PAGE_PRESENT,
  _PAGE_PSE,
  _PAGE_RW,
  clearEntry,
  pfn_pte,
  TABLE,
  type UpperValue,
} from '../include/asm/pgtable.ts';
import { flush_tlb_range } from './tlb.ts';

/** Takes back what is listed, and flushes before the memory is switched off, or not at all. */
const zapping = (flush: boolean): Driver => ({
  ...generations.v5_14,
  *zap(vdev: vfio_pci_core_device): Kernel {
    yield* mutex_lock(vdev.vma_lock);
    for (const entry of yield* entriesOf(vdev.vma_list)) {
      const vma = (yield* get(entry.vma)) as vm_area_struct;
      yield* dropEntry(entry);
      for (const { pages } of stretchesOf(vma.vm_mm, vma.vm_start, vma.vm_end))
        for (const { pte } of pages) yield* clearEntry(pte);
      if (flush) yield* flush_tlb_range(vma, vma.vm_start, vma.vm_end);
    }
    yield* down_write(vdev.memory_lock);
    yield* mutex_unlock(vdev.vma_lock);
  },
});

const world: WorldDescription = {
  ...oneVma,
  tlb: 'modelled',
  tasks: { A: [fault('v', 0), fault('v', 0)], Z: disableMemory() },
};

function found(driver: Driver, changes: Partial<WorldDescription> = {}, rules?: []) {
  const explored = explore(simulate({ ...world, ...changes }, driver, rules ? { rules } : {}), { stopAt: 'never' });
  return [...Object.keys(explored.outcomes), ...kindsOf(explored)];
}

describe('a TLB', () => {
  const operations = (tasks: WorldDescription['tasks']) =>
    replay(simulate({ ...world, tasks }, generations.v5_14), '')
      .steps.map(({ operation }) => operation)
      .filter((operation) => /TLB|walk|flush/.test(operation))
      .map((operation) => operation.replace(/, .*/, ')'));

  test('is filled by a walk, and the next access goes through it', () => {
    expect(operations({ A: [fault('v', 0), fault('v', 0), fault('v', 1)] })).toEqual([
      "TLB lookup(v[0] in A's TLB)",
      'walk(v[0])', // no entry: a fault
      "TLB lookup(v[0] in A's TLB)",
      'walk(v[0])',
      "TLB fill(v[0] in A's TLB)",
      "TLB lookup(v[0] in A's TLB)", // a hit
      "TLB lookup(v[1] in A's TLB)", // another page
      'walk(v[1])',
      "TLB fill(v[1] in A's TLB)",
    ]);
  });
  test('serves writes as well as reads of a device', () => {
    expect(operations({ A: [fault('v', 0), write('v', 0)] }).slice(-1)).toEqual(["TLB lookup(v[0] in A's TLB)"]);
  });
  test('is flushed page by page, on every CPU of the process', () => {
    const flushes = operations({ A: [fault('v', 0), munmap('v')], B: fault('v', 1) }).filter((each) =>
      each.startsWith('flush'),
    );
    expect(flushes).toEqual(
      ['A', 'B'].flatMap((task) => [0, 1].map((page) => `flush_tlb(v[${page}] in ${task}'s TLB)`)),
    );
  });
  test('is not there unless the world asks for it', () => {
    const { tlb: _tlb, ...without } = world;
    const states = ({ states }: ReturnType<typeof explore>) => states;
    const program = simulate(without, generations.v5_14);
    expect(states(explore(program, { engine: 'graph' }))).toBe(
      states(explore(simulate({ ...without, tlb: 'none' }, generations.v5_14), { engine: 'graph' })),
    );
    expect(replay(program, '').steps.filter(({ operation }) => /TLB|flush/.test(operation))).toEqual([]);
  });
});

describe('2.8 TLB', () => {
  test.each([
    [
      'flushed before a zap returns, so no CPU uses the old entry: zap_vma_ptes, under the driver of 5.14',
      generations.v5_14,
    ],
    ['a zap of its own that flushes', zapping(true)],
  ])('%s', (_name, driver) => {
    expect(found(driver)).toEqual(['A SIGBUS, Z disabled memory', 'A mapped, Z disabled memory']);
  });
  test('a zap that forgets the flush: the CPU goes on touching the device, which is off', () => {
    expect(found(zapping(false))).toEqual(expect.arrayContaining(['invariant: live mapping']));
    expect(found(zapping(false), {}, [])).toContain('A touched disabled device, Z disabled memory');
  });
  test('the same without TLBs looks right', () => {
    expect(found(zapping(false), { tlb: 'none' })).toEqual([
      'A SIGBUS, Z disabled memory',
      'A mapped, Z disabled memory',
    ]);
  });
  test.each([
    ['2 MiB', 1024],
    ['1 GiB', 0x40000],
  ])('leaves of %s are flushed as well', (_size, pages) => {
    const bars = { bar0: { pages, pfn: 0x40000 } };
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x40000000 } };
    const ends = found(generations.v6_12, {
      bars,
      vmas,
      tasks: { A: [fault('v', 1), fault('v', 1)], Z: disableMemory() },
    });
    expect(ends).toEqual(['A SIGBUS, Z disabled memory', 'A mapped, Z disabled memory']);
  });
  test.each(['v5_14', 'v6_10'] as const)('%s: second-level entries of KVM go too, through the notifier', (name) => {
    const tasks = { G: [guestAccess('v', 0), guestAccess('v', 0)], Z: disableMemory() };
    const world = { ...oneVma, bars: { bar0: 1 }, tasks };
    expect(outcomesOf(world, generations[name])).toEqual([
      'G -EFAULT, Z disabled memory',
      'G mapped, Z disabled memory',
    ]);
    const steps = operationsOf(
      { ...world, tasks: { Z: [guestAccess('v', 0), disableMemory()] } },
      'Z',
      '',
      generations[name],
    );
    expect(steps).toContain('kvm_unmap_gfn_range(guest v[0])');
  });
  test.each(['v5_14', 'v6_10'] as const)('%s: tables of an IOMMU are not touched', (name) => {
    const tasks = { Z: [dmaMap('v', 0), disableMemory()] };
    const world = { ...oneVma, bars: { bar0: 1 }, tasks };
    const steps = operationsOf(world, 'Z', '', generations[name]);
    expect(steps.filter((each) => each.includes('iommu v[0]'))).toEqual(['iommu_map(iommu v[0])']);
    expect(outcomesOf(world, generations[name])).toContain('check: stale DMA mapping');
  });
  test('munmap', () => {
    expect(found(generations.v5_14, { tasks: { A: [fault('v', 0), fault('v', 0)], M: munmap('v') } })).toEqual([
      'A SIGSEGV, M unmapped',
      'A mapped, M unmapped',
    ]);
  });
});

describe('leaves of 2 MiB and 1 GiB', () => {
  const driver: Driver = {
    ...generations.v5_14,
    vm_ops: {
      ...generations.v5_14.vm_ops,
      huge_fault: function* () {
        return 0;
      },
    },
  };

  /** Puts a leaf there, and then accesses page 1. Returns what each walk or lookup has found. */
  function walks(level: 'pmd' | 'pud', isWrite: boolean, taken: number, tlb: 'none' | 'modelled') {
    const code = function* (machine: Machine): Kernel<unknown> {
      const { mm, pud, pmd } = machine.pages[1] as MappedPage;
      const { vm_page_prot, vm_pgoff, vm_start } = machine.vmas.v as vm_area_struct;
      const leaf = pfn_pte(vm_pgoff, (vm_page_prot & ~taken) + _PAGE_PSE);
      yield* writeCell(pud.value as Cell<UpperValue>, level === 'pud' ? leaf : TABLE);
      if (level === 'pmd') yield* writeCell(pmd.value as Cell<UpperValue>, leaf);
      return yield* translate({
        ...{ mm, isWrite, address: vm_start + PAGE_SIZE, cpu: 0 },
        ...{ pdevs: [machine.vdev.pdev], unanswered: 'all ones', stopped: null },
      });
    };
    const found = (_machine: Machine, now: Snapshot) => {
      const frame = now.returned('A');
      return typeof frame === 'string' ? frame : ((frame as { name?: string }).name ?? String(frame));
    };
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x40000000 } };
    return Object.keys(explore(programOf({ A: code }, { vmas, tlb }, found, driver)).outcomes);
  }

  test.each(['none', 'modelled'] as const)('lead to the frame within them (TLB %s)', (tlb) => {
    for (const level of ['pmd', 'pud'] as const) expect(walks(level, false, 0, tlb)).toEqual(['bar0[1]']);
  });
  test.each(['none', 'modelled'] as const)('forbid what they forbid (TLB %s)', (tlb) => {
    for (const level of ['pmd', 'pud'] as const) {
      expect(walks(level, true, _PAGE_RW, tlb)).toEqual(['read-only']);
      expect(walks(level, false, _PAGE_PRESENT, tlb)).toEqual(['false']);
    }
  });
});
