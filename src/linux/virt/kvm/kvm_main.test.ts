/** A guest beside zaps: facts, section 5, KVM. */

import { describe, expect, test } from 'vitest';
import { explore, replay, type Steps } from '#explore';
import { disableMemory, enableMemory, fault, guestAccess, munmap } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import { vfio_basic_config_write } from '../../drivers/vfio/pci/vfio_pci_config.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Machine } from '../../machine.ts';
import { judgeBy } from '../../rules.ts';
import { kindsOf, oneVma, programOf } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { kvm_faultin_pfn, kvm_tdp_page_fault, mapGuestPage } from './kvm_main.ts';

type Changes = Partial<WorldDescription>;
const one = { ...oneVma, bars: { bar0: 1 } };
const endsIn = (changes: Changes, driver = generations.v5_14) => {
  const found = explore(simulate({ ...one, tasks: { G: guestAccess('v', 0) }, ...changes }, driver), {
    stopAt: 'never',
  });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
};

describe('a guest access', () => {
  test('makes the entry of the process, then its own', () => {
    const { steps } = replay(simulate({ ...one, tasks: { G: guestAccess('v', 0) } }, generations.v5_14), '');
    const writes = steps.map(({ operation }) => operation).filter((each) => /^(set_pte_at|tdp_mmu_map)/.test(each));
    expect(writes.map((each) => each.split(',')[0])).toEqual(['set_pte_at(v[0]', 'tdp_mmu_map(guest v[0]']);
    expect(endsIn({})).toEqual(['G mapped']);
  });
  test('uses the entry that the process has', () => {
    expect(endsIn({ tasks: { G: [fault('v', 0), guestAccess('v', 0)] } })).toEqual(['G mapped']);
  });
  test('where the process would die: -EFAULT, "Bad address"', () => {
    expect(endsIn({ memory: 'disabled' })).toEqual(['G -EFAULT']);
    expect(endsIn({ tasks: { G: [munmap('v'), guestAccess('v', 0)] } })).toEqual(['G -EFAULT']);
    expect(endsIn({ vmas: { v: { ...one.vmas.v, prot: 'read' } } })).toEqual(['G -EFAULT']);
  });
});

describe('a zap', () => {
  // Of those left out, some have no zap at all, or one that leaves entries of the process behind.
  const { eager, v5_8, insertLoopUnlocked, skipOnEexistUnlocked, zapThenGate, ...soundZaps } = generations;
  test('v5.8: what the process has mapped behind the zap (B3), the guest maps too', () => {
    const found = endsIn({ tasks: { G: guestAccess('v', 0), Z: disableMemory() } }, v5_8);
    expect(found).toContain('G touched disabled device, Z disabled memory');
  });
  test.each(Object.entries(soundZaps))('%s: takes the entries of the guest too', (_name, driver) => {
    const found = endsIn({ tasks: { G: guestAccess('v', 0), Z: disableMemory() } }, driver);
    expect(found.filter((each) => /guest|touched/.test(each))).toEqual([]);
    expect(found).toContain('G mapped, Z disabled memory');
  });
  test('and the guest faults again when the device is back', () => {
    const tasks = { G: guestAccess('v', 0), Z: [disableMemory(), enableMemory()] };
    expect(endsIn({ tasks })).toEqual(['G -EFAULT, Z enabled memory', 'G mapped, Z enabled memory']);
  });
  test('munmap takes them as well', () => {
    expect(endsIn({ tasks: { G: guestAccess('v', 0), M: munmap('v') } })).toEqual([
      'G -EFAULT, M unmapped',
      'G mapped, M unmapped',
    ]);
  });
});

describe('the snapshot', () => {
  /** G makes its entry like this, while Z disables the device's memory. */
  function brokenBy(faulting: (machine: Machine) => Steps<unknown>): string[] {
    const tasks = { G: guestAccess('v', 0), Z: disableMemory() };
    const program = programOf(
      {
        G: faulting,
        Z: ({ vdev, driver }) => vfio_basic_config_write(vdev, driver, 0),
      },
      { ...one, tasks },
    );
    const invariant = judgeBy(['live guest mapping'], 'always', { ...one, tasks });
    return kindsOf(explore({ ...program, invariant }, { stopAt: 'never' }));
  }
  const faultOf = ({ vmas: { v } }: Machine) => ({ mm: v!.vm_mm, address: v!.vm_start, isWrite: true, vcpu: 'G' });

  test('is what makes the look without a lock safe', () => {
    expect(
      brokenBy((machine) => kvm_tdp_page_fault(faultOf(machine).mm.notifier_subscriptions!, faultOf(machine))),
    ).toEqual([]);
  });
  test('without it, the guest maps what was zapped since the look', () => {
    const withoutSnapshot = function* (machine: Machine) {
      const fault = faultOf(machine);
      const kvm = fault.mm.notifier_subscriptions!;
      const pfn = yield* kvm_faultin_pfn(fault);
      if (pfn < 0) return;
      yield* spin_lock(kvm.mmu_lock);
      yield* mapGuestPage(kvm, fault, pfn);
      yield* spin_unlock(kvm.mmu_lock);
    };
    expect(brokenBy(withoutSnapshot)).toEqual(['invariant: live guest mapping']);
  });
});

test('a guest of two vcpus', () => {
  const tasks = { G: guestAccess('v', 0), H: guestAccess('v', 1) };
  expect(endsIn({ bars: { bar0: 2 }, tasks })).toEqual(['G mapped, H mapped']);
});
