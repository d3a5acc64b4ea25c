/** DMA mapping of BARs: facts, 2.9, and B24 and B25 of section 4. */

import { describe, expect, test } from 'vitest';
import { type Exploration, explore, replay } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { disableMemory, dma, dmaMap, dmaUnmap, fault } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import type { vm_fault } from '../../include/linux/mm.ts';
import * as types from '../../include/linux/mm_types.ts';
import { mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import type { Kernel } from '../../kernel.ts';
import { vmf_insert_pfn } from '../../mm/memory.ts';
import { kindsOf, oneVma } from '../../testing.ts';
import { simulate } from '../../world.ts';
import type { Driver } from './pci/driver.ts';
import { driverWith, generations } from './pci/generations/index.ts';

const { v5_8, v5_14 } = generations;
type Changes = Partial<WorldDescription>;

const exploreIn = (changes: Changes, driver: Driver = v5_14): Exploration =>
  explore(
    simulate({ ...oneVma, tasks: { A: dmaMap('v', 0) }, ...changes }, driver, driver === v6_12 ? { rules } : {}),
    { stopAt: 'never' },
  );
/** How it can end, and what goes wrong. */
const endsIn = (changes: Changes = {}, driver?: Driver) => {
  const found = exploreIn(changes, driver);
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
};
const insertOne = (vmf: vm_fault) => vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
/** A driver that keeps vm_pgoff the offset in the file, as they do since v6.10: one page a fault. */
const v6_12 = driverWith({
  fault: ({ vma, address }) =>
    vmf_insert_pfn(vma, address, (vma.backing?.pfn ?? 0) + (address - vma.vm_start) / PAGE_SIZE),
});
const driverFor = (kernel: string) => (kernel === '6.12' ? v6_12 : v5_14);
const rules = ['outside the BAR', 'wrong page', 'DMA beyond rights'] as const;
const readOnly = { vmas: { v: { ...oneVma.vmas.v, prot: 'read' } } } as const;
const operationsOf = (changes: Changes, driver: Driver = v5_14) =>
  replay(simulate({ ...oneVma, tasks: { A: dmaMap('v', 0) }, ...changes }, driver), '').steps.map(
    ({ operation }) => operation.split(',')[0],
  );

describe('2.9, type1: vaddr_get_pfns', () => {
  test('follows the entry that is there', () => {
    const steps = operationsOf({ bars: { bar0: 1 }, tasks: { A: [fault('v', 0), dmaMap('v', 0)] } });
    expect(steps.slice(steps.indexOf('mutex_lock(iommu lock)'))).toEqual([
      'mutex_lock(iommu lock)',
      'down_read(mmap_lock)',
      'spin_lock(ptl of v)',
      'pte_present(v[0])',
      'ptep_get(v[0])',
      'spin_unlock(ptl of v)',
      'up_read(mmap_lock)',
      'iommu_map(iommu v[0]',
      'mutex_unlock(iommu lock)',
    ]);
  });
  test('faults first where none is, then follows', () => {
    const steps = operationsOf({ bars: { bar0: 1 } });
    expect(steps.filter((each) => /pte_present|set_pte_at/.test(String(each)))).toEqual([
      'pte_present(v[0])',
      'set_pte_at(v[0]',
      'pte_present(v[0])',
    ]);
  });
  test.each(['5.8', '5.12', '6.1', '6.12'])('Linux %s maps it, beside other faults', (kernel) => {
    expect(
      endsIn({ kernel, bars: { bar0: 1 }, tasks: { A: dmaMap('v', 0), B: fault('v', 0) } }, driverFor(kernel)),
    ).toEqual(['A mapped for DMA, B mapped']);
  });
  test('before v5.8 it takes no fault: -EINVAL where nothing is mapped', () => {
    expect(endsIn({ kernel: '5.7' })).toEqual(['A -EINVAL']);
    expect(endsIn({ kernel: '5.7', tasks: { A: [fault('v', 0), dmaMap('v', 0)] } })).toEqual(['A mapped for DMA']);
  });
  test('a device that is off: the fault’s SIGBUS is -EFAULT', () => {
    expect(endsIn({ memory: 'disabled' })).toEqual(['A -EFAULT']);
  });
  test('no memory: -ENOMEM', () => {
    expect(endsIn({ fail: { A: { allocations: 'all' } } })).toEqual(['A -ENOMEM']);
  });
  test('-EAGAIN, as the handler dropped mmap_lock: finds the vma again, and follows', () => {
    const driver = driverWith({
      *fault(vmf): Kernel<types.vm_fault_t> {
        yield* insertOne(vmf);
        yield* mmap_read_unlock(vmf.vma.vm_mm);
        return types.VM_FAULT_COMPLETED | types.VM_FAULT_NOPAGE;
      },
    });
    const found = explore(simulate({ ...oneVma, tasks: { A: dmaMap('v', 0) } }, driver, { rules: [] }));
    expect(Object.keys(found.outcomes)).toEqual(['A mapped for DMA']);
    expect(operationsOf({}, driver).filter((each) => each === 'down_read(mmap_lock)')).toHaveLength(2);
  });
  test.each(['5.12', '6.12'])('Linux %s: a read-only entry for a write is -EFAULT, for a read not', (kernel) => {
    const tasks = (access: 'read' | 'read-write') => ({ A: [fault('v', 0), dmaMap('v', 0, access)] });
    expect(endsIn({ ...readOnly, kernel, tasks: tasks('read-write') }, driverFor(kernel))).toEqual(['A -EFAULT']);
    expect(endsIn({ ...readOnly, kernel, tasks: tasks('read') }, driverFor(kernel))).toEqual(['A mapped for DMA']);
  });
  test('a frame with a struct page: -EFAULT', () => {
    const driver = driverWith({ fault: (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, 0x100) });
    const found = explore(simulate({ ...oneVma, tasks: { A: dmaMap('v', 0) } }, driver, { rules: [] }));
    expect(Object.keys(found.outcomes)).toEqual(['A -EFAULT']);
  });
  test('an entry that is taken: -EEXIST', () => {
    expect(endsIn({ tasks: { A: dmaMap('v', 0), B: dmaMap('v', 0) } })).toEqual([
      'A -EEXIST, B mapped for DMA',
      'A mapped for DMA, B -EEXIST',
    ]);
  });
});

describe('B24: a read-only frame for a write', () => {
  const tasks = { A: [fault('v', 0), dmaMap('v', 0)] };
  test('until v5.11 follow_pfn hides what the entry allows', () => {
    expect(endsIn({ ...readOnly, tasks }, v5_8)).toEqual(['A mapped for DMA', 'check: DMA beyond rights']);
  });
  test('since v5.12 it is seen', () => {
    expect(endsIn({ ...readOnly, tasks, kernel: '5.12' }, v5_8)).toEqual(['A -EFAULT']);
  });
  test('where the mapping faults first, the fault sees it in any version', () => {
    expect(endsIn({ ...readOnly }, v5_8)).toEqual(['A -EFAULT']);
  });
});

describe('B25: a mapping for DMA outlives the zap', () => {
  test.each(Object.entries(generations))('%s: the IOMMU leads to a device that is off', (_name, driver) => {
    expect(endsIn({ bars: { bar0: 1 }, tasks: { A: dmaMap('v', 0), Z: disableMemory() } }, driver)).toContain(
      'check: stale DMA mapping',
    );
  });
  test('and a device does DMA there', () => {
    const tasks = { A: [dmaMap('v', 0), disableMemory()], D: dma('v', 0) };
    expect(endsIn({ bars: { bar0: 1 }, tasks })).toEqual([
      'A disabled memory, D DMA done',
      'A disabled memory, D DMA to a disabled device',
      'A disabled memory, D stopped by the IOMMU',
      'check: stale DMA mapping',
    ]);
  });
  test('not if the user takes the mapping back before', () => {
    const tasks = { A: [dmaMap('v', 0), dmaUnmap('v', 0), disableMemory()], D: dma('v', 0) };
    expect(endsIn({ bars: { bar0: 1 }, tasks })).toEqual([
      'A disabled memory, D DMA done',
      'A disabled memory, D stopped by the IOMMU',
    ]);
  });
});

describe('deeds', () => {
  const refused = (tasks: WorldDescription['tasks']) => () => simulate({ ...oneVma, tasks }, v5_14);
  test('a page that is not there', () => {
    expect(refused({ A: dmaMap('v', 2) })).toThrow('tasks.A, dmaMap(v, 2): v has no page 2; its pages are 0 to 1');
  });
  test('DMA to what nobody maps', () => {
    expect(refused({ D: dma('v', 0) })).toThrow("no task maps that page: add dmaMap('v', 0)");
  });
});
