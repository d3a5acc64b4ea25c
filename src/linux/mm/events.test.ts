/** What happens to a vma, and when its driver hears of it: facts, table 2.11; and what comes of it: bugs B4, B13, B14. */

import { describe, expect, test } from 'vitest';
import { explore, remark, replay } from '#explore';
import { hasPte } from '../arch/x86/include/asm/pgtable.ts';
import { disableMemory, exit, fault, fork, mprotect, mremap, munmap } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import { driverWith, generations } from '../drivers/vfio/pci/generations/index.ts';
import { __vfio_pci_add_vma } from '../drivers/vfio/pci/vfio_pci_core.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { KERNEL_VERSION, versionOf } from '../include/linux/version.ts';
import type { Kernel } from '../kernel.ts';
import { ruleNames } from '../rules.ts';
import { kindsOf, oneVma } from '../testing.ts';
import { simulate } from '../world.ts';
import { stretchesOf } from './memory/tables.ts';

const { v5_14 } = generations;
const byKernel = (test: (version: number) => boolean) =>
  Object.entries(generations).filter(([, { kernel }]) => test(versionOf(kernel) as number));
const withList = byKernel((version) => version < KERNEL_VERSION(6, 10));
/** But for the one that opens the gate too late: it fails without any fork or move. */
const withAddressSpace = byKernel((version) => version >= KERNEL_VERSION(6, 10)).filter(
  ([name]) => name !== 'zapThenGate',
);

/** The driver of 5.14, which says so when it is called. */
const told: Driver = {
  ...v5_14,
  vm_ops: {
    ...v5_14.vm_ops,
    open: (vma) => tell('open', vma, v5_14.vm_ops.open),
    close: (vma) => tell('close', vma, v5_14.vm_ops.close),
  },
};

function* tell(event: string, vma: vm_area_struct, method?: (vma: vm_area_struct) => Kernel): Kernel {
  let entries = 0;
  for (const { pages } of stretchesOf(vma.vm_mm, vma.vm_start, vma.vm_end))
    for (const { pte } of pages) if (yield* hasPte(pte)) entries++;
  yield* remark(`${event} ${vma.name}: ${entries}`);
  if (method) yield* method(vma);
}

/** What one task does, without a switch: calls of the driver, and changes of entries and vmas. */
function story(tasks: WorldDescription['tasks'], kernel = '5.14', bars = { bar0: 2 }): string[] {
  const world = { ...oneVma, bars, tasks, kernel };
  const { steps } = replay(simulate(world, told), '');
  const operations = steps.flatMap(({ operation, plain }) => [operation, ...plain.map((each) => each.operation)]);
  return operations
    .filter((each) =>
      /^(open|close|set_pte_at|ptep_|native_ptep|reshape|vma_mas_store\(.*,|rcu_assign|vma_erase)/.test(each),
    )
    .filter((each) => !each.startsWith('ptep_get('))
    .map((each) => each.replace(/\(vm_area_struct.*/, '').replace(/, 0.*/, ')'))
    .map((each) => each.replace(/\(place.*|\(.* in mm_rb.*/, ''));
}
/** From the first call of that method on. */
const from = (event: string, events: string[]) => events.slice(events.findIndex((each) => each.startsWith(event)));

describe('2.11, events', () => {
  test('mmap: no open, and no entries', () => {
    const events = story({ A: fault('v', 0) });
    expect(events).toEqual(['set_pte_at(v[0])', 'set_pte_at(v[1])']);
  });
  test('fork before v6.9: the entries are copied, then open on the child; the zap in it works', () => {
    const events = story({ A: [fault('v', 0), fork('c')] }, '6.8');
    expect(events.slice(2)).toEqual([
      'reshape',
      'rcu_assign_pointer',
      'set_pte_at(c.v[0])',
      'set_pte_at(c.v[1])',
      'open c.v: 2',
      'ptep_get_and_clear(c.v[0])',
      'ptep_get_and_clear(c.v[1])',
    ]);
  });
  test('fork since v6.9: open, and then the entries are copied; the zap in it is too early', () => {
    const events = story({ A: [fault('v', 0), fork('c')] }, '6.9');
    expect(events.slice(2)).toEqual([
      'reshape',
      'rcu_assign_pointer',
      'open c.v: 0',
      'set_pte_at(c.v[0])',
      'set_pte_at(c.v[1])',
    ]);
  });
  test('split: open on the new half before the ranges are adjusted; it is zapped, the old half stays', () => {
    const events = story({ A: [fault('v', 0), mprotect('v', 'r', { first: 1 })] });
    expect(from('open', events)).toEqual([
      "open v': 1", // below the part that is protected
      'ptep_get_and_clear(v[0])',
      'reshape',
      'vma_mas_store',
      'reshape',
      'ptep_modify_prot_commit(v[1])',
    ]);
  });
  test('split by a munmap: the same, and close on what goes', () => {
    const events = story({ A: [fault('v', 0), munmap('v', { first: 1 })] });
    expect(from('open', events)).toEqual([
      "open v': 1",
      'ptep_get_and_clear(v[1])',
      'reshape',
      'vma_mas_store',
      'vma_erase',
      "close v': 0",
    ]);
  });
  test('mremap move: open on the new vma, the entries move, close on the old one', () => {
    const events = story({ A: [fault('v', 0), mremap('v', 'w')] });
    expect(from('open', events)).toEqual([
      'open w: 0',
      'vma_mas_store',
      'native_ptep_get_and_clear(v[0])',
      'set_pte_at(w[0])',
      'native_ptep_get_and_clear(v[1])',
      'set_pte_at(w[1])',
      'vma_erase',
      'close v: 0',
    ]);
  });
  test.each([
    ['munmap', munmap('v')],
    ['exit', exit()],
  ])('%s: the entries go, then close', (_name, deed) => {
    const events = story({ A: [fault('v', 0), deed] }).filter((each) => each !== 'vma_erase');
    expect(events.slice(2)).toEqual(['ptep_get_and_clear(v[0])', 'ptep_get_and_clear(v[1])', 'close v: 0']);
  });
});

const find = (world: Omit<WorldDescription, 'vmas'>, driver: Driver, rules = ruleNames) =>
  explore(simulate({ ...oneVma, ...world }, driver, { rules }), { stopAt: 'never' });

describe('2.11, a split: the old half stays listed, the new one faults again', () => {
  test.each(withList)('%s', (_name, driver) => {
    const tasks = { A: [fault('v', 0), mprotect('v', 'r', { first: 1 }), fault('v', 0), fault('v', 1)] };
    const { outcomes, verdict } = find({ tasks }, driver);
    expect([verdict, ...Object.keys(outcomes)]).toEqual(['holds', 'A mapped']);
  });
});

describe('B4: listed twice, and one entry is left when the vma is freed', () => {
  const twice = driverWith({ __vfio_pci_add_vma }, generations.insertLoop);
  const useAfterFree = 'use after free: vm_area_struct v.memory belongs to an object that was freed';
  test.each([
    ['munmap', [munmap('v'), disableMemory()]],
    ['munmap in two parts', [munmap('v', { first: 1 }), munmap('v'), disableMemory()]],
    ['mremap', [mremap('v', 'w'), disableMemory()]],
  ])('%s: the next zap reads it', (_name, deeds) => {
    const tasks = { A: fault('v', 0), B: fault('v', 1), M: deeds };
    expect(kindsOf(find({ tasks }, twice, []))).toEqual([useAfterFree]);
  });
  test('with the search it holds', () => {
    const tasks = { A: fault('v', 0), B: fault('v', 1), M: [munmap('v', { first: 1 }), munmap('v'), disableMemory()] };
    expect(find({ tasks }, generations.insertLoop).verdict).toBe('holds');
  });
});

describe('B13: the child of a fork has entries that nobody takes back', () => {
  const tasks = { A: [fault('v', 0), fork('c')], C: fault('c.v', 0), Z: disableMemory() };
  const told = (kernel: string, driver: Driver) => {
    const found = find({ tasks, kernel }, driver);
    return [...kindsOf(found), ...Object.keys(found.outcomes).filter((each) => each.includes('touched'))];
  };
  test('v6.9, driver of 5.14: open comes too early', () => {
    expect(told('6.9', v5_14)).toEqual([
      'invariant: live mapping',
      'check: mapped but not listed',
      'A forked, C touched disabled device, Z disabled memory',
    ]);
  });
  test('v6.8, the same driver: open takes them away', () => expect(told('6.8', v5_14)).toEqual([]));
  test('the memory is off when the process forks: nothing is mapped', () => {
    const tasks = { A: [disableMemory(), fork('c')], C: fault('c.v', 0) };
    expect(find({ tasks, kernel: '6.9' }, v5_14).verdict).toBe('holds');
  });
  for (const [name, driver] of withAddressSpace) {
    test(`${name}: its zap finds the child`, () => {
      expect(find({ tasks }, driver)).toMatchObject({ verdict: 'holds', complete: true });
    });
  }
});

describe('B14: what mremap moves is mapped and not listed', () => {
  const tasks = { M: [fault('v', 0), mremap('v', 'w')], Z: disableMemory() };
  test.each(withList)('%s: the memory is switched off under it', (_name, driver) => {
    expect(kindsOf(find({ tasks }, driver, ['live mapping']))).toContain('invariant: live mapping');
  });
  test('the list does not have it', () => {
    const tasks = { M: [fault('v', 0), mremap('v', 'w'), fault('w', 1)] };
    const { violation } = find({ tasks }, v5_14);
    expect(violation?.message).toBe(
      'mapped but not listed: w has entries, and is not on vma_list: nobody will take them back',
    );
  });
  test('not faulted before, it is listed when it is', () => {
    const tasks = { M: [mremap('v', 'w'), fault('w', 0)], Z: disableMemory() };
    expect(find({ tasks }, v5_14).verdict).toBe('holds');
  });
  for (const [name, driver] of withAddressSpace) {
    test(`${name}: its zap finds it`, () => {
      expect(find({ tasks }, driver)).toMatchObject({ verdict: 'holds', complete: true });
    });
  }
});
