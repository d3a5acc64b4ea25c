import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import { disableMemory, fault, munmap } from '../deeds/index.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import type { Machine } from '../machine.ts';
import { oneVma, run } from '../testing.ts';
import { simulate } from '../world.ts';
import { __vm_munmap, find_vma } from './mmap.ts';

const two = { vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } } };
const vmaOf = ({ vmas }: Machine, name: string) => vmas[name] as vm_area_struct;

const unmap = ({ vm_mm, vm_start, vm_end }: vm_area_struct) => __vm_munmap(vm_mm, vm_start, vm_end - vm_start);

describe('find_vma', () => {
  const found = (address: (machine: Machine) => number) =>
    run(function* (machine) {
      return (yield* find_vma(vmaOf(machine, 'v').vm_mm, address(machine)))?.name ?? null;
    }, two);

  test('the vma that contains the address', () => {
    expect(found((machine) => vmaOf(machine, 'v').vm_start)).toBe('v');
    expect(found((machine) => vmaOf(machine, 'v').vm_end - 1)).toBe('v');
  });
  test('or else the next one', () => expect(found((machine) => vmaOf(machine, 'v').vm_end)).toBe('w'));
  test('or none', () => expect(found((machine) => vmaOf(machine, 'w').vm_end)).toBe(null));
  test('not one that is unmapped', () => {
    const left = run(function* (machine) {
      const v = vmaOf(machine, 'v');
      yield* unmap(v);
      return (yield* find_vma(v.vm_mm, v.vm_start))?.name;
    }, two);
    expect(left).toBe('w');
  });
});

describe('munmap', () => {
  test('twice: the second finds nothing', () => {
    const results = run(function* (machine) {
      const first = yield* unmap(vmaOf(machine, 'v'));
      return `${first} ${yield* unmap(vmaOf(machine, 'v'))}`;
    });
    expect(results).toBe('0 0');
  });
  const inOrder = Object.entries(generations).filter(([name]) => name !== 'memoryLockFirst');
  test.each(inOrder)('%s: takes entries and list entry away, whoever else is at work', (_name, driver) => {
    const world = { ...oneVma, tasks: { A: fault('v', 0), M: munmap('v'), Z: disableMemory() } };
    const { violation, verdict } = explore(
      simulate(world, driver, { rules: ['listed but not mapped', 'mapped but not listed'] }),
    );
    expect([violation?.message, verdict]).toEqual([undefined, 'holds']);
  });
});
