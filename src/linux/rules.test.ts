import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import {
  type Deed,
  disableMemory,
  fault,
  lowPower,
  mprotect,
  mremap,
  munmap,
  reset,
  setPowerState,
  wakeUp,
  write,
} from './deeds/index.ts';
import type { WorldDescription } from './description.ts';
import { driverWith, generations } from './drivers/vfio/pci/generations/index.ts';
import { __vfio_pci_add_vma } from './drivers/vfio/pci/vfio_pci_core.ts';
import type { vm_fault } from './include/linux/mm.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS, VM_FAULT_SIGSEGV, type vm_fault_t } from './include/linux/mm_types.ts';
import type { Kernel } from './kernel.ts';
import { io_remap_pfn_range, vmf_insert_pfn } from './mm/memory.ts';
import { type RuleName, ruleNames } from './rules.ts';
import { oneVma } from './testing.ts';
import { simulate } from './world.ts';

type Handler = (vmf: vm_fault) => Kernel<vm_fault_t>;

/** What a handler breaks, in the words of the report. */
function broken(handler: Handler, changes: Partial<WorldDescription> = {}, rules: readonly RuleName[] = ruleNames) {
  const world = { ...oneVma, tasks: { A: fault('v', 0) }, ...changes };
  return explore(simulate(world, driverWith({ fault: handler }), { rules })).violation?.message;
}

/** Maps both pages and lists the vma, with the frames shifted. */
const shifted = (by: number): Handler =>
  function* ({ vma }) {
    for (const page of [0, 1]) yield* vmf_insert_pfn(vma, vma.vm_start + page * PAGE_SIZE, vma.vm_pgoff + page + by);
    yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
    return VM_FAULT_NOPAGE;
  };
const insertOne: Handler = (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);

describe('rules', () => {
  test('a correct driver keeps them all', () => expect(broken(shifted(0))).toBeUndefined());

  test('live mapping', () => {
    expect(broken(insertOne, { memory: 'disabled' })).toBe(
      "live mapping: page 0 of v is mapped while the device's memory is off",
    );
    expect(broken(insertOne, { tasks: { A: fault('v', 0), Z: disableMemory() } })).toMatch(/^live mapping: /);
  });
  test('outside the BAR', () => {
    expect(broken(shifted(1))).toBe(
      'outside the BAR: page 1 of v maps frame 0x40002; bar0 is frames 0x40000 to 0x40001',
    );
    expect(broken(shifted(-1))).toMatch(/^outside the BAR: page 0 of v/);
  });
  test('outside the BAR, though another BAR is there', () => {
    expect(broken(shifted(0x100), { bars: { bar0: 2, bar1: 2 } })).toMatch(/^outside the BAR: page 0 of v/);
  });
  test('wrong page', () => {
    const sameForAll: Handler = function* ({ vma }) {
      for (const page of [0, 1]) yield* vmf_insert_pfn(vma, vma.vm_start + page * PAGE_SIZE, vma.vm_pgoff);
      yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
      return VM_FAULT_NOPAGE;
    };
    expect(broken(sameForAll)).toBe('wrong page: page 1 of v maps page 0 of the BAR');
  });
  test('listed twice', () => {
    const addTwice: Handler = function* (vmf) {
      yield* __vfio_pci_add_vma(vmf.vma.vm_private_data, vmf.vma);
      return yield* shifted(0)(vmf);
    };
    expect(broken(addTwice)).toBe('listed twice: v is on vma_list 2 times');
  });
  test('partial fill', () => expect(broken(insertOne)).toBe('partial fill: 1 of the 2 pages of v are mapped'));
  test('mapped but not listed', () => {
    expect(broken(insertOne, { bars: { bar0: 1 } })).toBe(
      'mapped but not listed: v has entries, and is not on vma_list: nobody will take them back',
    );
  });
  test('listed but not mapped', () => {
    const listAndGiveUp: Handler = function* ({ vma }) {
      yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
      return VM_FAULT_SIGBUS;
    };
    const changes = { fail: { A: { allocations: [2] } } } as const;
    expect(broken(listAndGiveUp, changes)).toBe('listed but not mapped: v is on vma_list, and has no entries');
  });
  test('needless signal', () => {
    const refuse = (answer: number): Handler =>
      function* () {
        return answer;
      };
    const told = (signal: string) => `needless signal: A is ended by ${signal}, and nothing was wrong with its access`;
    expect(broken(refuse(VM_FAULT_SIGBUS))).toBe(told('SIGBUS'));
    expect(broken(refuse(VM_FAULT_SIGSEGV))).toBe(told('SIGSEGV'));
    expect(broken(refuse(VM_FAULT_SIGBUS), { memory: 'disabled' })).toBeUndefined();
    expect(broken(refuse(VM_FAULT_SIGBUS), { fail: { A: { remapAtPage: 0 } } })).toBeUndefined();
    expect(broken(refuse(VM_FAULT_SIGBUS), { power: 'D3hot', kernel: '5.19' })).toBeUndefined();
    expect(broken(refuse(VM_FAULT_SIGBUS), { virtualFunction: true })).toBe(told('SIGBUS'));
  });
  test('needless signal: beside what takes the device away, and what does not', () => {
    const none: Handler = function* () {
      return VM_FAULT_SIGBUS;
    };
    const beside = (deed: Deed) => broken(none, { kernel: '6.1', tasks: { A: fault('v', 0), Z: deed } });
    for (const deed of [disableMemory(), setPowerState('D3hot'), lowPower()]) expect(beside(deed)).toBeUndefined();
    for (const deed of [reset(), setPowerState('D0'), wakeUp()]) expect(beside(deed)).toMatch(/^needless signal: A /);
  });

  describe('where vmas come and go', () => {
    const { v5_14 } = generations;
    const brokenBy = (deeds: readonly Deed[], rules?: readonly RuleName[], changes: Partial<WorldDescription> = {}) => {
      const world = { ...oneVma, ...changes, tasks: { A: deeds } };
      return explore(simulate(world, v5_14, rules ? { rules } : {})).violation?.message;
    };
    const cut = munmap('v', { first: 1, pages: 1 });

    test('wrong page: each part maps its own part of the BAR', () => {
      const bars = { bar0: 3 };
      expect(brokenBy([cut, fault('v', 2)], undefined, { bars })).toBeUndefined();
      const fromItsStart: Handler = function* ({ vma }) {
        return yield* vmf_insert_pfn(vma, vma.vm_start, vma.backing?.pfn ?? 0);
      };
      const tasks = { A: [cut, fault('v', 2)] };
      expect(broken(fromItsStart, { bars, tasks }, ['wrong page'])).toBe(
        'wrong page: page 2 of v maps page 0 of the BAR',
      );
    });
    test('wrong page: an entry where no vma is', () => {
      const beyond: Handler = function* ({ vma }) {
        yield* io_remap_pfn_range(
          vma,
          vma.vm_start,
          vma.vm_pgoff,
          (vma.backing?.pages ?? 0) * PAGE_SIZE,
          vma.vm_page_prot,
        );
        return VM_FAULT_NOPAGE;
      };
      const tasks = { A: [munmap('v', { first: 1 }), fault('v', 0)] };
      expect(broken(beyond, { tasks }, ['wrong page'])).toBe('wrong page: page 1 of v is mapped, and no vma is there');
    });
    test('wrong page: what has moved still maps the same', () => {
      expect(brokenBy([fault('v', 0), mremap('v', 'w')], ['wrong page', 'outside the BAR'])).toBeUndefined();
    });
    test('partial fill: of each part by itself', () => {
      const bars = { bar0: 3 };
      expect(brokenBy([fault('v', 0), cut], ['partial fill'], { bars })).toBeUndefined();
      const tasks = { A: [munmap('v', { pages: 1 }), fault('v', 1)] };
      expect(broken(insertOne, { bars, tasks }, ['partial fill'])).toBe(
        'partial fill: 1 of the 2 pages of v are mapped',
      );
    });
    test('mapped but not listed: names the copy', () => {
      expect(brokenBy([fault('v', 0), mremap('v', 'w')], ['mapped but not listed'])).toBe(
        'mapped but not listed: w has entries, and is not on vma_list: nobody will take them back',
      );
    });
    test('listed but not mapped: a vma that was freed', () => {
      const listsTwice = driverWith({ __vfio_pci_add_vma }, generations.insertLoop);
      const tasks = { A: fault('v', 0), B: fault('v', 1), M: [mprotect('v', 'r'), munmap('v')] };
      const { violations } = explore(simulate({ ...oneVma, tasks }, listsTwice, { rules: ['listed but not mapped'] }));
      expect(violations.map(({ message }) => message)).toEqual([
        'listed but not mapped: v is on vma_list, and has been unmapped and freed',
      ]);
    });
    test('needless signal: after mprotect, mremap or munmap none is', () => {
      for (const deed of [mprotect('v', 'r'), mremap('v', 'w'), munmap('v', { first: 1 })])
        expect(brokenBy([deed, write('v', 1)], ['needless signal'])).toBeUndefined();
    });
  });

  test('those that are not chosen are not looked at', () => {
    expect(broken(insertOne, {}, ['live mapping', 'wrong page'])).toBeUndefined();
  });
  test('the driver of 5.14 keeps them all, whoever is at work', () => {
    const tasks = { A: [fault('v', 0), fault('v', 1)], Z: disableMemory() };
    expect(explore(simulate({ ...oneVma, tasks }, generations.v5_14)).verdict).toBe('holds');
  });
});
