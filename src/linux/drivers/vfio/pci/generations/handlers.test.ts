/** The handlers and zaps of each generation, step by step: sections 3.2 and 3.3 of the facts. */

import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { disableMemory, fault } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import { PMD_ORDER, PUD_ORDER } from '../../../../include/linux/huge_mm.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import {
  VM_FAULT_FALLBACK,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
} from '../../../../include/linux/mm_types.ts';
import type { Machine } from '../../../../machine.ts';
import { run } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import { vma_to_pfn } from '../addressSpace.ts';
import type { Driver } from '../driver.ts';
import { generations } from './index.ts';

const one = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } } };
const large = { bars: { bar0: { pages: 1024, pfn: 0x40200 } }, vmas: one.vmas };

/** What the task does, one after another, without the walks and the memory manager's own locks. */
function stepsOf(driver: Driver, changes: Partial<WorldDescription> = {}, task = 'A'): string[] {
  const world = { ...one, tasks: { A: fault('v', 1) }, ...changes };
  const { steps } = replay(simulate(world, driver, { rules: [] }), '');
  return steps
    .filter((step) => step.task === task)
    .map(({ operation }) => operation.replace(/, .*/, ')'))
    .filter(
      (each) =>
        !/walk|mmap_lock|_none|p[mu]dp_|pte_offset_map|ptl|access|populate|lock of|page_table_lock|trans_unstable/.test(
          each,
        ),
    );
}

const off = { memory: 'disabled' } as const;
const remapped = ['set_pte_at(v[0])', 'set_pte_at(v[1])'];

describe('3.2: the handlers, in order', () => {
  test('5.8-5.13: vma_lock is given back before the remap', () => {
    expect(stepsOf(generations.v5_8)).toEqual([
      'mutex_lock(vma_lock)',
      'down_read(memory_lock)',
      'mutex_unlock(vma_lock)',
      ...remapped,
      'up_read(memory_lock)',
    ]);
  });
  test('5.14-6.9: both locks are held to the end', () => {
    expect(stepsOf(generations.v5_14)).toEqual([
      'mutex_lock(vma_lock)',
      'down_read(memory_lock)',
      ...remapped,
      'up_read(memory_lock)',
      'mutex_unlock(vma_lock)',
    ]);
  });
  test('6.10: memory_lock alone, and the page that was touched', () => {
    const steps = ['down_read(memory_lock)', 'set_pte_at(v[1])', 'up_read(memory_lock)'];
    expect(stepsOf(generations.v6_10)).toEqual(steps);
  });
  test('6.10-6.11: that page first, then the rest', () => {
    const steps = ['down_read(memory_lock)', 'set_pte_at(v[1])', 'set_pte_at(v[0])', 'up_read(memory_lock)'];
    expect(stepsOf(generations.v6_10_full)).toEqual(steps);
  });
  test('6.12+: falls back without a lock, twice, and then inserts by order', () => {
    const steps = ['down_read(memory_lock)', 'set_pte_at(v[1])', 'up_read(memory_lock)'];
    expect(stepsOf(generations.v6_12)).toEqual(steps);
    expect(stepsOf(generations.v6_12, large)).toEqual([steps[0], 'set_pmd_at(pmd[128])', steps[2]]);
  });
  test.each(['v5_8', 'v5_14', 'v6_10', 'v6_10_full', 'v6_12'] as const)('%s: disabled is SIGBUS', (name) => {
    const world = { ...one, ...off, tasks: { A: fault('v', 0) } };
    expect(Object.keys(explore(simulate(world, generations[name])).outcomes)).toEqual(['A SIGBUS']);
    expect(stepsOf(generations[name], off).filter((each) => each.startsWith('set_'))).toEqual([]);
  });
});

describe('3.2: what goes wrong inside', () => {
  const refusing = (page: number) => ({ ...one, tasks: { A: fault('v', 1) }, fail: { A: { remapAtPage: page } } });
  const outcomes = (world: WorldDescription, driver: Driver) => {
    const found = explore(simulate(world, driver), { stopAt: 'never' });
    return [...Object.keys(found.outcomes), found.verdict];
  };
  test('6.10-6.11: the first page’s error is returned, the others’ are not', () => {
    expect(outcomes(refusing(1), generations.v6_10_full)).toEqual(['A SIGBUS', 'holds']);
    expect(outcomes(refusing(0), generations.v6_10_full)).toEqual(['A mapped', 'holds']);
  });
  test('6.10-6.11: after an error the rest stays out', () => {
    const three = { ...refusing(0), bars: { bar0: 3 } };
    expect(stepsOf(generations.v6_10_full, three)).toEqual([
      'down_read(memory_lock)',
      'set_pte_at(v[1])',
      'up_read(memory_lock)',
    ]);
  });
});

describe('3.2: huge_fault of 6.12+', () => {
  const { huge_fault } = generations.v6_12.vm_ops;
  const asked = (order: number, page: number, changes: Partial<WorldDescription> = large) =>
    run(
      function* (machine: Machine) {
        const vma = machine.vmas.v as vm_area_struct;
        const [entry] = machine.pages;
        if (!huge_fault || !entry) return -1;
        const { pud, pmd, pte } = entry;
        const vmf: vm_fault = { vma, address: vma.vm_start + page * PAGE_SIZE, pgoff: 0, flags: 0, pud, pmd, pte };
        return yield* huge_fault(vmf, order);
      },
      { tasks: { A: [fault('v', 1), fault('v', 600)] }, ...changes },
      generations.v6_12,
    );
  const shifted = { ...large, bars: { bar0: { pages: 1024, pfn: 0x40201 } } };
  const half = { ...large, bars: { bar0: { pages: 700, pfn: 0x40200 } } };

  test('the block in the vma and the frames aligned: NOPAGE', () => expect(asked(PMD_ORDER, 1)).toBe(VM_FAULT_NOPAGE));
  test('the block outside the vma: FALLBACK', () => {
    expect(asked(PUD_ORDER, 1)).toBe(VM_FAULT_FALLBACK);
    expect(asked(PMD_ORDER, 1, half)).toBe(VM_FAULT_NOPAGE);
    expect(asked(PMD_ORDER, 600, half)).toBe(VM_FAULT_FALLBACK);
  });
  test('the frames unaligned: FALLBACK', () => expect(asked(PMD_ORDER, 1, shifted)).toBe(VM_FAULT_FALLBACK));
  test('FALLBACK comes before the test of the memory', () => {
    expect(asked(PUD_ORDER, 1, { ...large, ...off })).toBe(VM_FAULT_FALLBACK);
    expect(asked(PMD_ORDER, 1, { ...large, ...off })).toBe(VM_FAULT_SIGBUS);
  });
  test('an order that no entry has: FALLBACK, after it', () => {
    expect(asked(4, 16)).toBe(VM_FAULT_FALLBACK);
    expect(asked(4, 16, { ...large, ...off })).toBe(VM_FAULT_SIGBUS);
  });
  test('order 0 is the small fault', () => expect(asked(0, 1)).toBe(VM_FAULT_NOPAGE));
});

describe('3.3: the zap', () => {
  const zapping = { tasks: { Z: disableMemory() } };
  const last = ['pci_write_config_word(PCI_COMMAND)', 'up_write(memory_lock)'];
  test('until 6.9: the list first, then memory_lock under vma_lock', () => {
    expect(stepsOf(generations.v5_14, zapping, 'Z')).toEqual([
      'mutex_lock(vma_lock)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'mutex_unlock(vma_lock)',
      ...last,
    ]);
  });
  test('since 6.10: memory_lock first, then unmap_mapping_range', () => {
    expect(stepsOf(generations.v6_10, zapping, 'Z')).toEqual([
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'down_read(i_mmap_rwsem)',
      'up_read(i_mmap_rwsem)',
      ...last,
    ]);
  });
  test('mappings come back by faulting', () => {
    const world = { ...one, tasks: { A: [fault('v', 0), fault('v', 1), fault('v', 0)] } };
    expect(explore(simulate(world, generations.v6_10)).verdict).toBe('holds');
  });
});

describe('vma_to_pfn', () => {
  test('finds the region by the offset in the file', () => {
    const world = { bars: { bar0: 2, bar1: 2 }, vmas: { v: { bar: 'bar1', process: 'p' } } };
    const [pfn, should] = String(
      run(
        function* ({ vmas, vdev }: Machine) {
          const [, bar1] = vdev.pdev.bars;
          return `${vma_to_pfn(vmas.v as vm_area_struct)} ${bar1?.pfn}`;
        },
        world,
        generations.v6_10,
      ),
    ).split(' ');
    expect(pfn).toBe(should);
  });
});
