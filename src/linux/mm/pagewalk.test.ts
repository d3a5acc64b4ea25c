import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { fault } from '../deeds/index.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/linux/mmap_lock.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { kindsOf, programOf, run } from '../testing.ts';
import { handle_mm_fault } from './memory.ts';
import { walk_page_vma } from './pagewalk.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const small = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } } };
const gigabyte = {
  bars: { bar0: { pages: 0x40000, pfn: 0x40000 } },
  vmas: { v: { bar: 'bar0', process: 'p', at: 0x40000000 } },
  tasks: { A: fault('v', 1), B: fault('v', 1) },
};

/** A fault, or a walk, under mmap_lock as a reader. */
const underLock = (code: (machine: Machine) => Kernel<number>) =>
  function* (machine: Machine): Kernel<number> {
    yield* mmap_read_lock(v(machine).vm_mm);
    const result = yield* code(machine);
    yield* mmap_read_unlock(v(machine).vm_mm);
    return result;
  };
const touch = underLock((machine) => handle_mm_fault(v(machine), v(machine).vm_start + PAGE_SIZE, 0));
const walk = underLock((machine) => walk_page_vma(v(machine)));

function* touchAndWalk(machine: Machine): Kernel<number> {
  yield* touch(machine);
  return yield* walk(machine);
}

describe('walk_page_vma', () => {
  test('counts the lowest entries that are present', () => {
    expect(run(walk, small, generations.v6_10)).toBe(0);
    expect(run(touchAndWalk, small, generations.v6_10)).toBe(1);
    expect(run(touchAndWalk, small, generations.v5_14)).toBe(2);
  });
  test('splits a leaf, which takes it away: nothing is left to count', () => {
    expect(run(touchAndWalk, gigabyte, generations.v6_12)).toBe(0);
    const twoMegabytes = { ...gigabyte, bars: { bar0: { pages: 512, pfn: 0x40000 } } };
    expect(run(touchAndWalk, twoMegabytes, generations.v6_12)).toBe(0);
  });
  test('finds nothing where no tables are', () => {
    expect(run(walk, { ...small, pageTables: 'on demand' }, generations.v6_10)).toBe(0);
  });
});

describe('B20: a walk splits 1 GiB, and another CPU faults it in again', () => {
  const wrongUnder = (kernel: string) => {
    const codes = { A: touchAndWalk, B: touch };
    return kindsOf(
      explore(
        programOf(codes, { ...gigabyte, kernel }, () => '', generations.v6_12),
        { stopAt: 'never' },
      ),
    );
  };
  test('before 3b89863c3fa4 the walk goes down the leaf as a table', () => {
    expect(wrongUnder('6.12')).toEqual(['bug: Oops']);
  });
  test('since then it looks what it goes down, and walks again', () => {
    expect(wrongUnder('7.0')).toEqual([]);
  });
});
