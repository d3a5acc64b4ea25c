/** The bugs of section 4 that are the driver's handlers' and zaps': the world that shows each, and a design that survives the same world. */

import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { disableMemory, fault, munmap } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import {
  VM_FAULT_FALLBACK,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  type vm_area_struct,
} from '../../../../include/linux/mm_types.ts';
import type { Machine } from '../../../../machine.ts';
import { handle_mm_fault } from '../../../../mm/memory.ts';
import { ends, kindsOf } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import type { Driver } from '../driver.ts';
import { driverWith, generations } from './index.ts';

const one = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } } };
/** The vma's two pages have a table each. */
const across = { ...one, vmas: { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } } };
/** Two blocks of 2 MiB, and frames that lie as a leaf needs them. */
const large = { bars: { bar0: { pages: 1024, pfn: 0x40200 } }, vmas: one.vmas };

const A = fault('v', 0);
const B = fault('v', 1);
const Z = disableMemory();

/** What goes wrong in the world, in any interleaving; nothing, if it holds. */
const wrongIn = (world: WorldDescription, driver: Driver) => {
  const found = explore(simulate(world, driver), { stopAt: 'never' });
  return [...new Set(kindsOf(found).map((each) => (/^(?:check|invariant): /.test(each) ? each : each.split(':')[0])))];
};

describe('B1: BUG_ON on a populated entry', () => {
  test.each([
    ['one page', { A, B: A }],
    ['two pages', { A, B }],
  ])('v5.8, two faults, %s', (_pages, tasks) => {
    expect(wrongIn({ ...one, tasks }, generations.v5_8)).toEqual(['bug']);
    expect(wrongIn({ ...one, tasks }, generations.v5_14)).toEqual([]);
    expect(wrongIn({ ...one, tasks }, generations.v6_10)).toEqual([]);
  });
});

test('B2: serialising without a second look', () => {
  expect(wrongIn({ ...one, tasks: { A, B } }, generations.lockEnclosesRemap)).toEqual(['bug']);
  expect(wrongIn({ ...one, tasks: { A, B } }, generations.skipOnEexist)).toEqual([]);
});

test('B3: a zap that misses what is mapped after it', () => {
  expect(wrongIn({ ...across, tasks: { A, Z } }, generations.v5_8)).toContain('invariant: live mapping');
  expect(wrongIn({ ...across, tasks: { A, Z } }, generations.v5_14)).toEqual([]);
});

test('B4: a vma listed twice, and one entry left when it goes', () => {
  const world = { ...one, bars: { bar0: 1 }, tasks: { A, B: A, M: [munmap('v'), Z] } };
  expect(wrongIn(world, generations.insertLoopUnlocked)).toContain('use after free');
  expect(wrongIn(world, generations.insertLoop)).toEqual([]);
});

test('B5: an entry of the list that a failed fill leaves', () => {
  const world = { ...one, tasks: { A }, fail: { A: { remapAtPage: 0 } } };
  expect(wrongIn(world, generations.v5_8)).toEqual(['check: listed but not mapped']);
  expect(wrongIn(world, generations.v5_14)).toEqual([]);
});

describe('B6: what a failed fill has filled', () => {
  const world = { ...one, tasks: { A, B }, fail: { A: { remapAtPage: 1 } } };
  test('v5.8: the next fault meets it', () => {
    expect(wrongIn({ ...world, tasks: { A } }, generations.v5_8)).toEqual(['check: partial fill']);
    expect(wrongIn({ ...world, tasks: { A: B, B } }, generations.v5_8)).toContain('bug');
  });
  test('v5.14 zaps, also where the kernel already has (79a61cc3fc04)', () => {
    expect(wrongIn(world, generations.v5_14)).toEqual([]);
    expect(wrongIn({ ...world, kernel: '6.12' }, generations.v5_14)).toEqual(['warning']); // B15, and nothing else
  });
});

test('B15: a remap in a fault handler sets vm_flags under a mere read lock', () => {
  const world = { ...one, tasks: { A }, kernel: '6.10' };
  expect(kindsOf(explore(simulate(world, generations.v5_14), { stopAt: 'never' }))).toEqual([
    'warning: rwsem_assert_held_write',
  ]);
  expect(wrongIn({ ...world, kernel: '6.9' }, generations.v5_14)).toEqual([]); // but for builds with lockdep
  expect(wrongIn(world, generations.v6_10)).toEqual([]);
});

describe('B17: a huge entry where the frames are not aligned', () => {
  const shifted = { ...large, bars: { bar0: { pages: 1024, pfn: 0x40201 } } };
  test('maps other frames than it should', () => {
    expect(wrongIn({ ...shifted, tasks: { A } }, generations.hugeUnalignedPfn)).toEqual(['check: outside the BAR']);
    const second = { ...shifted, tasks: { A: [fault('v', 512), fault('v', 513)] } };
    expect(wrongIn(second, generations.hugeUnalignedPfn)).toEqual(['check: wrong page']);
  });
  test.each(['hugeUnroundedAddress', 'v6_12'] as const)('%s falls back to small entries', (name) => {
    expect(wrongIn({ ...shifted, tasks: { A, B } }, generations[name])).toEqual([]);
  });
  test.each(['hugeUnalignedPfn', 'hugeUnroundedAddress', 'v6_12'] as const)('%s: aligned frames are right', (name) => {
    expect(wrongIn({ ...large, tasks: { A, B } }, generations[name])).toEqual([]);
  });
});

describe('B18: a leaf that comes while a small fault gets its table', () => {
  const faulting = (page: number) => (machine: Machine) => {
    const v = machine.vmas.v as vm_area_struct;
    return handle_mm_fault(v, v.vm_start + page * PAGE_SIZE, 0);
  };
  /** What two faults in one block answer, with all memory that they want. */
  const answers = (driver: Driver) =>
    ends(
      { A: faulting(0), B: faulting(1) },
      (_machine, now) => `${now.returned('A')} ${now.returned('B')}`,
      { ...large, tasks: { A, B } },
      driver,
    );

  test('before c1d9dac0db16 the second is told that memory is short', () => {
    expect(answers(generations.hugeUnroundedAddress)).toContain(`${VM_FAULT_NOPAGE} ${VM_FAULT_OOM}`);
  });
  test('rounded to the block both make the same leaf', () => {
    const found = answers(generations.v6_12);
    expect(found).toContain(`${VM_FAULT_NOPAGE} ${VM_FAULT_NOPAGE}`);
    expect(found.filter((each) => each.includes(` ${VM_FAULT_OOM}`))).toEqual([]);
  });
  test('a program only faults again: nothing is wrong in the end', () => {
    expect(wrongIn({ ...large, tasks: { A, B } }, generations.hugeUnroundedAddress)).toEqual([]);
  });
});

test('B19: FALLBACK from a handler of small faults', () => {
  const leaking = driverWith(
    {
      *fault(vmf: vm_fault) {
        return vmf.pgoff % 2 ? VM_FAULT_FALLBACK : VM_FAULT_NOPAGE;
      },
    },
    generations.v6_12,
  );
  expect(wrongIn({ ...one, tasks: { A: B } }, leaking)).toEqual(['bug']);
  expect(wrongIn({ ...one, tasks: { A: B } }, generations.v6_12)).toEqual([]);
});

test('B23: the zap before the gate', () => {
  expect(wrongIn({ ...one, tasks: { A, Z } }, generations.zapThenGate)).toEqual(['invariant: live mapping']);
  expect(wrongIn({ ...one, tasks: { A, Z } }, generations.v6_10)).toEqual([]);
  expect(wrongIn({ ...one, tasks: { A, B, Z } }, generations.v6_10_full)).toEqual([]);
});

test('why 5.8 came: what is mapped at once nobody takes back (CVE-2020-12888)', () => {
  expect(wrongIn({ ...one, tasks: { Z } }, generations.eager)).toEqual(['invariant: live mapping']);
  expect(wrongIn({ ...one, tasks: { A, Z } }, generations.v5_14)).toEqual([]);
});
