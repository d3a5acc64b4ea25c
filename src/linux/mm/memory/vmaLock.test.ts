/** The lock of a vma, and RCU: facts, 2.3 and 2.10. */

import { describe, expect, test } from 'vitest';
import { explore, get, replay, type Snapshot, set } from '#explore';
import { fault, munmap, write } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { driverWith, generations } from '../../drivers/vfio/pci/generations/index.ts';
import { vma_end_read, vma_start_read, vma_start_write } from '../../include/linux/mm/vmaLock.ts';
import type { vm_fault } from '../../include/linux/mm.ts';
import * as mm_h from '../../include/linux/mm.ts';
import { type page, VM_FAULT_FALLBACK, VM_FAULT_RETRY, type vm_area_struct } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock, mmap_write_lock, mmap_write_unlock } from '../../include/linux/mmap_lock.ts';
import { PCI_COMMAND } from '../../include/linux/pci.ts';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate.ts';
import { touchVma } from '../../kernel/fork.ts';
import { down_read, down_write, down_write_trylock, up_read, up_write } from '../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../kernel.ts';
import { mas_walk } from '../../lib/maple_tree.ts';
import type { Machine } from '../../machine.ts';
import { type Codes, ends, kindsOf, oneVma, operationsOf, programOf } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { handle_mm_fault, vmf_insert_pfn } from '../memory.ts';
import { __vm_munmap } from '../mmap.ts';
import { lock_vma_under_rcu } from './vmaLock.ts';

/** A Linux whose vmas have locks, and a task that may unmap one. */
const locked = { kernel: '6.9', tasks: { A: fault('v', 0), M: munmap('v') } } as const;
const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const unmap = (machine: Machine) =>
  __vm_munmap(v(machine).vm_mm, v(machine).vm_start, v(machine).vm_end - v(machine).vm_start);

/** Looks for the vma, and tells what it has found. */
function* find(machine: Machine): Kernel<string> {
  const vma = yield* lock_vma_under_rcu(v(machine).vm_mm, v(machine).vm_start);
  if (vma) yield* vma_end_read(vma);
  return vma ? vma.name : 'none';
}
const foundByA = (_machine: Machine, now: Snapshot) => String(now.returned('A'));
const didOf = (codes: Codes, schedule: string) =>
  replay(programOf(codes, locked), schedule)
    .steps.filter(({ task }) => task === 'A')
    .map(({ operation }) => operation);

describe('2.10, per-vma lock: lock_vma_under_rcu', () => {
  test('takes the vma, or none once it is unmapped', () => {
    expect(ends({ A: find, M: unmap }, foundByA, locked)).toEqual(['none', 'v']);
  });
  test('fails while a writer has the vma, and succeeds again after mmap_write_unlock', () => {
    const M = function* (machine: Machine) {
      yield* mmap_write_lock(v(machine).vm_mm);
      yield* vma_start_write(v(machine));
      yield* mmap_write_unlock(v(machine).vm_mm);
    };
    expect(didOf({ A: find, M }, 'M2-A4')).toContain('mm_lock_seq(mm_lock_seq)'); // before the mark
    const endOf = (schedule: string) => didOf({ A: find, M }, schedule).at(-1);
    expect(endOf('M5-A')).toBe('rcu_read_unlock(rcu)'); // marked
    expect(endOf('M6-A')).toBe('up_read(vm_lock of v)'); // no longer
  });
  test('fails for a vma that has left the tree since it was found: looks again, and finds none', () => {
    expect(didOf({ A: find, M: unmap }, 'A2-M14-A')).toEqual([
      'rcu_read_lock(rcu)',
      'rcu_dereference(v in mm_rb)',
      'down_read_trylock(vm_lock of v)',
      'mm_lock_seq(mm_lock_seq)',
      'up_read(vm_lock of v)',
      'rcu_dereference(v in mm_rb)',
      'rcu_read_unlock(rcu)',
    ]);
  });
  test('fails for an address outside every vma', () => {
    const A = function* (machine: Machine) {
      return (yield* lock_vma_under_rcu(v(machine).vm_mm, v(machine).vm_end)) === null;
    };
    expect(ends({ A }, foundByA, locked)).toEqual(['true']);
  });
});

describe('2.10, per-vma lock: vma_start_write', () => {
  /** A reads under the vma's lock what M writes; with or without `vma_start_write`. */
  const readAndWrite = (lockVma: (vma: vm_area_struct) => Kernel) =>
    ends(
      {
        A: function* (machine) {
          if (!(yield* vma_start_read(v(machine)))) return 'kept out';
          yield* get(machine.vdev.vconfig[PCI_COMMAND]);
          yield* vma_end_read(v(machine));
          return 'read';
        },
        M: function* (machine) {
          yield* mmap_write_lock(v(machine).vm_mm);
          yield* lockVma(v(machine));
          yield* set(machine.vdev.vconfig[PCI_COMMAND], 0);
          yield* mmap_write_unlock(v(machine).vm_mm);
        },
      },
      foundByA,
      locked,
    );
  test('waits for readers, and keeps new ones out until mmap_write_unlock', () => {
    expect(readAndWrite(vma_start_write)).toEqual(['kept out', 'read']);
  });
  test('mmap_lock alone does neither', () => {
    const noLock = function* () {};
    expect(readAndWrite(noLock)).toContainEqual(expect.stringMatching(/^data race: vconfig/));
  });
  test('twice is once', () => {
    const M = function* (machine: Machine) {
      yield* mmap_write_lock(v(machine).vm_mm);
      yield* vma_start_write(v(machine));
      yield* vma_start_write(v(machine));
      yield* mmap_write_unlock(v(machine).vm_mm);
    };
    const { steps } = replay(programOf({ M }, { ...locked, tasks: { M: munmap('v') } }), '');
    expect(steps.filter(({ operation }) => operation.startsWith('down_write(vm_lock'))).toHaveLength(1);
  });
});

describe('RCU', () => {
  /** Touches the vma that the tree says is there, with or without telling that it reads. */
  const touch = (isReader: boolean) =>
    function* (machine: Machine) {
      if (isReader) yield* rcu_read_lock();
      const vma = yield* mas_walk(v(machine).vm_mm, v(machine).vm_start);
      if (vma?.vm_lock) yield* down_read(vma.vm_lock.lock);
      if (vma?.vm_lock) yield* up_read(vma.vm_lock.lock);
      if (vma) yield* touchVma(vma);
      if (isReader) yield* rcu_read_unlock();
    };
  test('a vma that is found under rcu_read_lock is not freed before rcu_read_unlock', () => {
    expect(ends({ A: touch(true), M: unmap }, () => 'fine', locked)).toEqual(['fine']);
  });
  test('without it, a vma is used after it is freed', () => {
    expect(ends({ A: touch(false), M: unmap }, () => 'fine', locked)).toContainEqual(
      expect.stringMatching(/^use after free: vm_area_struct v/),
    );
  });
  test('the vma is freed after munmap has given mmap_lock back, and munmap waited for nobody', () => {
    const { steps } = replay(programOf({ A: find, M: unmap }, locked), 'A2-M');
    const ofM = steps.filter(({ task }) => task === 'M').map(({ operation }) => operation);
    expect(ofM.slice(-3)).toEqual(['up_write(mmap_lock)', 'synchronize_rcu(rcu)', 'grace period ends(rcu)']);
  });
});

describe('faults beside munmap, on Linux 6.9', () => {
  test('the driver of 5.14 keeps all rules', () => {
    const world = { ...oneVma, ...locked, kernel: '6.9' }; // since v6.10 its remap under a reader's lock warns (B15)
    const found = explore(simulate(world, generations.v5_14), { stopAt: 'never' });
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual([
      'holds',
      'A SIGSEGV, M unmapped',
      'A mapped, M unmapped',
    ]);
  });
});

describe('2.3 vmf_can_call_fault', () => {
  const under612 = (changes: Partial<WorldDescription> = {}): WorldDescription => ({
    ...oneVma,
    tasks: { A: fault('v', 0) },
    kernel: '6.12',
    ...changes,
  });
  const handler = { vmas: { v: { bar: 'bar0', process: 'p', at: 0x40000000 } }, bars: { bar0: { pages: 512 } } };
  /** Whether a driver with these methods is asked under the lock of the vma, each time. */
  function askedUnderVmaLock(method: 'fault' | 'huge_fault', ops = {}, changes: Partial<WorldDescription> = {}) {
    const asked: boolean[] = [];
    const insert = (vmf: vm_fault) => {
      asked.push((vmf.flags & mm_h.FAULT_FLAG_VMA_LOCK) !== 0);
      return vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
    };
    const driver = driverWith({ fault: insert });
    const own = { ...driver, vm_ops: { ...driver.vm_ops, ...ops, [method]: insert } };
    replay(simulate(under612(changes), own, { rules: [] }), '');
    return asked;
  }
  const map_pages = function* () {
    return 0;
  };
  const decline = function* () {
    return VM_FAULT_FALLBACK;
  };

  test('the vma has no map_pages: `fault` is called under mmap_lock, when the vma’s lock is released', () => {
    expect(askedUnderVmaLock('fault')).toEqual([false]);
    const world = under612({ tasks: { A: fault('v', 0), M: munmap('w') }, vmas: { ...oneVma.vmas, w: oneVma.vmas.v } });
    const did = operationsOf(world, 'A', '', driverWith({ fault: (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, 0) }));
    expect(did.filter((each) => /vm_lock|mmap_lock/.test(each))).toEqual([
      'down_read_trylock(vm_lock of v)',
      'up_read(vm_lock of v)',
      'down_read(mmap_lock)',
      'up_read(mmap_lock)',
    ]);
  });
  test('the vma has map_pages: `fault` may be called under the vma’s lock', () => {
    expect(askedUnderVmaLock('fault', { map_pages })).toEqual([true]);
  });
  test('so a file’s pages are mapped without mmap_lock, and vfio’s never are', () => {
    const files = { files: { f: 1 }, vmas: { m: { file: 'f', process: 'p', shared: true } } } as const;
    for (const tasks of [{ A: fault('m', 0) }, { A: write('m', 0) }])
      expect(operationsOf(under612({ ...files, tasks }), 'A')).not.toContain('down_read(mmap_lock)');
    for (const generation of [generations.v5_14, generations.v6_10, generations.v6_12])
      expect(operationsOf(under612(), 'A', '', generation)).toContain('down_read(mmap_lock)');
  });
  test('before v6.6 no handler is called under the vma’s lock', () => {
    expect(askedUnderVmaLock('fault', { map_pages }, { kernel: '6.5' })).toEqual([false]);
    expect(askedUnderVmaLock('huge_fault', {}, { ...handler, kernel: '6.5' })).toEqual([false]);
  });
  test('huge_fault may run under the vma’s lock, since v6.6; vfio’s does', () => {
    expect(askedUnderVmaLock('huge_fault', {}, handler)).toEqual([true]);
    expect(askedUnderVmaLock('fault', { huge_fault: decline }, handler)).toEqual([false]);
    const did = operationsOf(under612(handler), 'A', '', generations.v6_12);
    expect(did).toContain('down_read(memory_lock)');
    expect(did).not.toContain('down_read(mmap_lock)');
  });
  test('page_mkwrite is asked likewise: without map_pages, not under the vma’s lock', () => {
    const asked: number[] = [];
    const code = (ops: Partial<mm_h.vm_operations_struct>) =>
      function* (machine: Machine): Kernel<number> {
        const vma = machine.vmas.m as vm_area_struct;
        const page_mkwrite = function* (vmf: vm_fault) {
          asked.push(vmf.flags);
          return 0;
        };
        const changed = { ...vma, vm_ops: { ...vma.vm_ops, page_mkwrite, ...ops } };
        yield* handle_mm_fault(changed, vma.vm_start, 0);
        return yield* handle_mm_fault(changed, vma.vm_start, mm_h.FAULT_FLAG_VMA_LOCK | mm_h.FAULT_FLAG_WRITE);
      };
    const files = { files: { f: 1 }, vmas: { m: { file: 'f', process: 'p', shared: true } }, kernel: '6.12' } as const;
    const world = { ...files, tasks: { A: fault('m', 0) } };
    const told = ({ ram }: Machine, now: Snapshot) => {
      const page = ram?.files.f?.f_mapping.i_pages[0]?.initial as page;
      return `${now.returned('A')}, page counted ${now.get(page._refcount)} times`;
    };
    expect(ends({ A: code({ map_pages: undefined as never }) }, told, world)).toEqual([
      `${VM_FAULT_RETRY}, page counted 2 times`,
    ]);
    expect(asked).toEqual([]);
    expect(ends({ A: code({}) }, told, world)).toEqual(['0, page counted 2 times']);
    expect(asked.length).toBeGreaterThan(0);
  });
});

describe('2.10, trylock', () => {
  /** A has mmap_lock and wants memory_lock, B the other way round. */
  const crossing = (take: (machine: Machine) => Kernel<boolean>) => {
    const program = programOf({
      A: function* (machine) {
        yield* mmap_read_lock(v(machine).vm_mm);
        if (yield* take(machine)) yield* up_write(machine.vdev.memory_lock);
        yield* mmap_read_unlock(v(machine).vm_mm);
      },
      B: function* (machine) {
        yield* down_write(machine.vdev.memory_lock);
        yield* mmap_write_lock(v(machine).vm_mm);
        yield* mmap_write_unlock(v(machine).vm_mm);
        yield* up_write(machine.vdev.memory_lock);
      },
    });
    return kindsOf(explore(program, { stopAt: 'never' })).map((each) => each.split(':')[0]);
  };
  test('adds no order that can deadlock, as taking the lock does', () => {
    expect(crossing(({ vdev }) => down_write_trylock(vdev.memory_lock))).toEqual([]);
    const taken = crossing(function* ({ vdev }) {
      yield* down_write(vdev.memory_lock);
      return true;
    });
    expect(taken).toContain('deadlock');
  });
});

test('2.10, mmap_lock: a fault that comes while a writer waits is queued behind it', () => {
  const codes: Codes = {
    A: function* (machine) {
      yield* mmap_read_lock(v(machine).vm_mm);
      yield* mmap_read_lock(v(machine).vm_mm);
      yield* mmap_read_unlock(v(machine).vm_mm);
      yield* mmap_read_unlock(v(machine).vm_mm);
    },
    M: unmap,
  };
  expect(ends(codes, () => 'done')).toEqual(['done', expect.stringMatching(/^deadlock/)]);
});
