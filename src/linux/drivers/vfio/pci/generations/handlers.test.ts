/** The handlers and zaps of each generation, step by step: sections 3.2 and 3.3 of the facts. */

import { describe, expect, test } from 'vitest';
import { explore, remark, replay, type Snapshot, set } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { disableMemory, enableMemory, fault, lowPower } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import { cellOf } from '../../../../field.ts';
import { PMD_ORDER, PUD_ORDER } from '../../../../include/linux/huge_mm.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import {
  VM_FAULT_FALLBACK,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
} from '../../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_write, up_write } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import type { Machine, MappedPage } from '../../../../machine.ts';
import { listedVmas } from '../../../../rules.ts';
import { ends, programOf, run } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import { vma_to_pfn } from '../addressSpace.ts';
import type { Driver } from '../driver.ts';
import { __vfio_pci_add_vma } from '../vfio_pci_core.ts';
import { generations } from './index.ts';

const one = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } } };
const large = { bars: { bar0: { pages: 1024, pfn: 0x40200 } }, vmas: one.vmas };

const isOthers =
  /walk|mmap_lock|_none|p[mu]dp_|pte_offset_map|ptl|access|populate|lock of|page_table_lock|trans_unstable/;
const isPlainOfHandler =
  /^(__vfio_pci_memory_enabled|pm_runtime_engaged|kzalloc|get\(vma_list\.next|set\(vma_list\.next)/;

/** What the task does, one after another, without the walks and the memory manager's own locks. */
function stepsOf(driver: Driver, changes: Partial<WorldDescription> = {}, task = 'A', plainly = /^$/): string[] {
  const world = { ...one, tasks: { A: fault('v', 1) }, ...changes };
  const { steps } = replay(simulate(world, driver, { rules: [] }), '');
  return steps
    .filter((step) => step.task === task)
    .flatMap(({ operation, plain }) => [
      ...(isOthers.test(operation) ? [] : [operation]),
      ...plain.flatMap((each) => (plainly.test(each.operation) ? [each.operation] : [])),
    ])
    .map((operation) => operation.replace(/, .*/, ')'));
}
/** The same, with what it asks of the device and does to the list. */
const allStepsOf = (driver: Driver, changes: Partial<WorldDescription> = {}) =>
  stepsOf(driver, changes, 'A', isPlainOfHandler);

const off = { memory: 'disabled' } as const;
const remapped = ['set_pte_at(v[0])', 'set_pte_at(v[1])'];
const isOn = '__vfio_pci_memory_enabled(vconfig[PCI_COMMAND])';
const isAsked = 'pm_runtime_engaged(pm_runtime_engaged)';
const looksAtList = 'get(vma_list.next)';
const adds = ['kzalloc(vfio_pci_mmap_vma)', looksAtList, 'set(vma_list.next)'];
/** A world in which the device may be let sleep. */
const sleepy = { kernel: '6.1', tasks: { A: fault('v', 1), Z: lowPower() } };

const answers: Readonly<Record<number, string>> = {
  [VM_FAULT_NOPAGE]: 'NOPAGE',
  [VM_FAULT_SIGBUS]: 'SIGBUS',
  [VM_FAULT_OOM]: 'OOM',
  [VM_FAULT_FALLBACK]: 'FALLBACK',
};
const vmfAt = ({ vmas, pages }: Machine, page: number): vm_fault => {
  const vma = vmas.v as vm_area_struct;
  const { pud, pmd, pte } = pages[0] as MappedPage;
  return { vma, address: vma.vm_start + page * PAGE_SIZE, pgoff: vma.vm_pgoff + page, flags: 0, pud, pmd, pte };
};

/** What the handler answers to a touch of page 1, who is on the list then, and which pages have entries. A lock kept would be said too. */
function handled(driver: Driver, changes: Partial<WorldDescription> = {}, first?: Code): string[] {
  const code = function* (machine: Machine) {
    if (first) yield* first(machine);
    return yield* driver.vm_ops.fault(vmfAt(machine, 1));
  };
  const end = (machine: Machine, now: Snapshot) => {
    const list = listedVmas(machine, now).map(({ name }) => name);
    const entries = machine.pages.filter(({ pte }) => now.get(pte) !== 0).map(({ name }) => name);
    return [answers[now.returned('A') as number], ...list, ...entries].join(' ');
  };
  return ends({ A: code }, end, { ...one, ...changes }, driver);
}
type Code = (machine: Machine) => Kernel<unknown>;

const listing: Code = function* ({ vdev, vmas }) {
  yield* mutex_lock(vdev.vma_lock);
  yield* __vfio_pci_add_vma(vdev, vmas.v as vm_area_struct);
  yield* mutex_unlock(vdev.vma_lock);
};
const engaging: Code = function* ({ vdev }) {
  yield* down_write(vdev.memory_lock);
  yield* set(cellOf(vdev.pm_runtime_engaged, 'pm_runtime_engaged'), true);
  yield* up_write(vdev.memory_lock);
};
const failingAt = (page: number, world: Partial<WorldDescription> = {}) => ({
  ...one,
  ...world,
  fail: { A: { remapAtPage: page } },
});
const withoutMemory = { fail: { A: { allocations: [1] } } };

test.each([
  ['3.2 5.8', 'v5_8'],
  ['3.2 5.14', 'v5_14'],
  ['3.2 6.10', 'v6_10'],
  ['3.2 6.10', 'v6_10_full'],
  ['3.2 6.12', 'v6_12'],
] as const)('%s: disabled: SIGBUS, and nothing is mapped or listed: %s', (_row, name) => {
  expect(handled(generations[name], off)).toEqual(['SIGBUS']);
  expect(
    Object.keys(explore(simulate({ ...one, ...off, tasks: { A: fault('v', 0) } }, generations[name])).outcomes),
  ).toEqual(['A SIGBUS']);
});
test.each([
  ['3.2 5.14', 'v5_14'],
  ['3.2 6.10', 'v6_10'],
  ['3.2 6.10', 'v6_10_full'],
  ['3.2 6.12', 'v6_12'],
] as const)('%s: low power: SIGBUS: %s', (_row, name) => {
  expect(handled(generations[name], sleepy, engaging)).toEqual(['SIGBUS']);
});

describe('3.2 5.8', () => {
  test('in order; vma_lock is given back before the remap', () => {
    expect(allStepsOf(generations.v5_8)).toEqual([
      'mutex_lock(vma_lock)',
      'down_read(memory_lock)',
      isOn,
      ...adds,
      'mutex_unlock(vma_lock)',
      ...remapped,
      'up_read(memory_lock)',
    ]);
  });
  test('all of the vma is mapped: NOPAGE', () => expect(handled(generations.v5_8)).toEqual(['NOPAGE v v[0] v[1]']));
  test('it cannot be listed: OOM', () => expect(handled(generations.v5_8, withoutMemory)).toEqual(['OOM']));
  test('the remap fails: SIGBUS, and the entry of the list stays', () => {
    expect(handled(generations.v5_8, failingAt(0))).toEqual(['SIGBUS v']);
    expect(handled(generations.v5_8, failingAt(1))).toEqual(['SIGBUS v v[0]']);
  });
  test('it does not ask who is listed', () => {
    expect(handled(generations.v5_8, {}, listing)).toEqual(['NOPAGE v v v[0] v[1]']);
  });
});

describe('3.2 5.14', () => {
  test('in order; both locks are held to the end', () => {
    expect(allStepsOf(generations.v5_14, sleepy)).toEqual([
      'mutex_lock(vma_lock)',
      'down_read(memory_lock)',
      isAsked,
      isOn,
      looksAtList,
      ...remapped,
      ...adds,
      'up_read(memory_lock)',
      'mutex_unlock(vma_lock)',
    ]);
  });
  test('all of the vma is mapped, then listed: NOPAGE', () => {
    expect(handled(generations.v5_14)).toEqual(['NOPAGE v v[0] v[1]']);
  });
  test('already listed: NOPAGE, and nothing is done', () => {
    expect(handled(generations.v5_14, {}, listing)).toEqual(['NOPAGE v']);
  });
  test('the remap fails: zap, SIGBUS', () => expect(handled(generations.v5_14, failingAt(1))).toEqual(['SIGBUS']));
  test('it cannot be listed: zap, OOM', () => expect(handled(generations.v5_14, withoutMemory)).toEqual(['OOM']));
});

describe('3.2 6.10', () => {
  test('as of aac6db75a9fc: memory_lock alone, and the page that was touched', () => {
    const steps = ['down_read(memory_lock)', isAsked, isOn, 'set_pte_at(v[1])', 'up_read(memory_lock)'];
    expect(allStepsOf(generations.v6_10, { ...sleepy, kernel: '6.10' })).toEqual(steps);
    expect(handled(generations.v6_10)).toEqual(['NOPAGE v[1]']);
  });
  test('that page first, then the rest', () => {
    const steps = ['down_read(memory_lock)', isOn, 'set_pte_at(v[1])', 'set_pte_at(v[0])', 'up_read(memory_lock)'];
    expect(allStepsOf(generations.v6_10_full)).toEqual(steps);
    expect(handled(generations.v6_10_full)).toEqual(['NOPAGE v[0] v[1]']);
  });
  test('that page fails: its error is returned, and the rest is not tried', () => {
    expect(handled(generations.v6_10_full, failingAt(1))).toEqual(['SIGBUS']);
  });
  test('one of the rest fails: silently, and those behind it stay out', () => {
    expect(handled(generations.v6_10_full, failingAt(0))).toEqual(['NOPAGE v[1]']);
    expect(handled(generations.v6_10_full, failingAt(0, { bars: { bar0: 3 } }))).toEqual(['NOPAGE v[1]']);
    expect(handled(generations.v6_10_full, failingAt(2, { bars: { bar0: 3 } }))).toEqual(['NOPAGE v[0] v[1]']);
  });
});

describe('3.2 6.12', () => {
  const { huge_fault } = generations.v6_12.vm_ops;
  /** Every step of a huge fault at that page, and its answer. */
  const steps = (order: number, page: number, changes: Partial<WorldDescription> = large) => {
    const code = function* (machine: Machine) {
      const ret = huge_fault ? yield* huge_fault(vmfAt(machine, page), order) : -1;
      yield* remark(answers[ret] ?? `${ret}`);
    };
    const tasks = { A: [fault('v', 1), fault('v', 600)] };
    const program = programOf({ A: code }, { tasks, ...changes }, undefined, generations.v6_12);
    return replay(program, '').steps.flatMap(({ operation, plain }) => [
      ...(operation ? [operation.replace(/, .*/, ')')] : []),
      ...plain.map((each) => each.operation),
    ]);
  };
  const asked = (...of: Parameters<typeof steps>) => steps(...of).at(-1);
  const shifted = { ...large, bars: { bar0: { pages: 1024, pfn: 0x40201 } } };
  const half = { ...large, bars: { bar0: { pages: 700, pfn: 0x40200 } } };
  const giant = { bars: { bar0: { pages: 2 ** 18, pfn: 2 ** 18 } }, vmas: { v: { ...one.vmas.v, at: 2 ** 30 } } };

  test('in order: falls back without a lock, twice, and then inserts by order', () => {
    const gate = ['down_read(memory_lock)', isOn];
    expect(allStepsOf(generations.v6_12)).toEqual([...gate, 'set_pte_at(v[1])', 'up_read(memory_lock)']);
    const huge = [...gate, 'set_pmd_at(pmd[128])', 'up_read(memory_lock)'];
    expect(allStepsOf(generations.v6_12, large)).toEqual(huge);
  });
  test('the address is rounded to the order, and the frame is that block’s first', () => {
    const leafOf = (page: number) => {
      const world = { ...large, tasks: { A: fault('v', page) } };
      const { steps: taken } = replay(simulate(world, generations.v6_12), '');
      return taken.map(({ operation }) => operation).filter((each) => each.startsWith('set_pmd_at'));
    };
    expect(leafOf(1)).toEqual([expect.stringMatching(/^set_pmd_at\(pmd\[128\], 0x40200/)]);
    expect(leafOf(511)).toEqual(leafOf(1));
    expect(leafOf(700)).toEqual([expect.stringMatching(/^set_pmd_at\(pmd\[129\], 0x40400/)]);
  });
  test('the block in the vma and the frames aligned: NOPAGE', () => expect(asked(PMD_ORDER, 1)).toBe('NOPAGE'));
  test('the block outside the vma: FALLBACK, before any lock', () => {
    expect(steps(PUD_ORDER, 1)).toEqual(['FALLBACK']);
    expect(asked(PMD_ORDER, 1, half)).toBe('NOPAGE');
    expect(steps(PMD_ORDER, 600, half)).toEqual(['FALLBACK']);
  });
  test('the frames unaligned: FALLBACK, before any lock', () =>
    expect(steps(PMD_ORDER, 1, shifted)).toEqual(['FALLBACK']));
  test('so before the test of the memory', () => {
    expect(asked(PUD_ORDER, 1, { ...large, ...off })).toBe('FALLBACK');
    expect(asked(PMD_ORDER, 1, { ...large, ...off })).toBe('SIGBUS');
  });
  test('inserts by order', () => {
    expect(steps(0, 1)).toContain('set_pte_at(v[1])');
    expect(steps(PMD_ORDER, 1)).toContain('set_pmd_at(pmd[128])');
    expect(steps(PUD_ORDER, 1, giant)).toContain('set_pud_at(pud[1])');
  });
  test('an order that no entry has: FALLBACK, after the test of the memory', () => {
    expect(asked(4, 16)).toBe('FALLBACK');
    expect(asked(4, 16, { ...large, ...off })).toBe('SIGBUS');
  });
  test('order 0 is the small fault, which never falls back', () => {
    expect(asked(0, 1)).toBe('NOPAGE');
    expect(asked(0, 1, shifted)).toBe('NOPAGE');
  });
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
  test.each(['v5_14', 'v6_10'] as const)(
    'release is a plain up_write, and mappings come back by faulting: %s',
    (name) => {
      const tasks = { A: [fault('v', 0), disableMemory(), enableMemory(), fault('v', 0)] };
      const { steps } = replay(simulate({ ...one, tasks }, generations[name]), '');
      const operations = steps.map(({ operation }) => operation.replace(/, .*/, ')'));
      const changed = operations.filter((each) => /^(set_pte_at|ptep_get_and_clear)\(v\[0\]|^up_write/.test(each));
      expect(changed).toEqual([
        'set_pte_at(v[0])',
        'ptep_get_and_clear(v[0])',
        'up_write(memory_lock)',
        'up_write(memory_lock)',
        'set_pte_at(v[0])',
      ]);
    },
  );
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
