import { describe, expect, test } from 'vitest';
import { get, set } from '#explore';
import { vfio_pci_mmap_vma } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, run } from '../../testing.ts';
import { entriesOf, list_add, list_add_tail, list_del, list_empty, next } from './list.ts';
import type { vm_area_struct } from './mm_types.ts';
import { kfree, kzalloc } from './slab.ts';

const worldOfThree = {
  bars: { bar0: 1 },
  vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' }, x: { bar: 'bar0', process: 'p' } },
};

function* entryFor({ vmas }: Machine, name: string): Kernel<vfio_pci_mmap_vma> {
  const entry = (yield* kzalloc(vfio_pci_mmap_vma)) as vfio_pci_mmap_vma;
  yield* set(entry.vma, vmas[name] as vm_area_struct);
  return entry;
}

function* listed({ vdev }: Machine): Kernel<string> {
  let names = '';
  for (const entry of yield* entriesOf(vdev.vma_list)) names += (yield* get(entry.vma))?.name;
  return names;
}

describe('lists', () => {
  test('list_add puts first, list_add_tail last', () => {
    const order = run(function* (machine) {
      const { vma_list } = machine.vdev;
      yield* list_add((yield* entryFor(machine, 'v')).vma_next, vma_list);
      yield* list_add((yield* entryFor(machine, 'w')).vma_next, vma_list);
      yield* list_add_tail((yield* entryFor(machine, 'x')).vma_next, vma_list);
      return yield* listed(machine);
    }, worldOfThree);
    expect(order).toBe('wvx');
  });

  test('list_del takes out of the middle, and the entry can be added again', () => {
    const order = run(function* (machine) {
      const { vma_list } = machine.vdev;
      const entries = [];
      for (const name of ['v', 'w', 'x']) {
        const entry = yield* entryFor(machine, name);
        entries.push(entry);
        yield* list_add_tail(entry.vma_next, vma_list);
      }
      yield* list_del((entries[1] as vfio_pci_mmap_vma).vma_next);
      const without = yield* listed(machine);
      yield* list_add((entries[1] as vfio_pci_mmap_vma).vma_next, vma_list);
      return `${without} ${yield* listed(machine)}`;
    }, worldOfThree);
    expect(order).toBe('vx wvx');
  });

  test('list_empty: before, with an entry, and after it is gone', () => {
    const told = run(function* (machine) {
      const { vma_list } = machine.vdev;
      const before = yield* list_empty(vma_list);
      const { vma_next } = yield* entryFor(machine, 'v');
      yield* list_add(vma_next, vma_list);
      const during = yield* list_empty(vma_list);
      yield* list_del(vma_next);
      return [before, during, yield* list_empty(vma_list)].join();
    });
    expect(told).toBe('true,false,true');
  });

  test('entriesOf reads all links before the first round: the body may unlink and free', () => {
    const left = run(function* (machine) {
      const { vma_list } = machine.vdev;
      for (const name of ['v', 'w']) yield* list_add((yield* entryFor(machine, name)).vma_next, vma_list);
      for (const entry of yield* entriesOf(vma_list)) {
        yield* list_del(entry.vma_next);
        yield* kfree(entry);
      }
      return yield* list_empty(vma_list);
    }, worldOfThree);
    expect(left).toBe(true);
  });

  test('next walks from the head to null', () => {
    const walked = run(function* (machine) {
      const { vma_list } = machine.vdev;
      for (const name of ['v', 'w']) yield* list_add_tail((yield* entryFor(machine, name)).vma_next, vma_list);
      let names = '';
      for (let entry = yield* next(vma_list); entry; entry = yield* next(entry.vma_next)) {
        names += (yield* get(entry.vma))?.name;
      }
      return names;
    }, worldOfThree);
    expect(walked).toBe('vw');
  });

  test('an entry that is added twice, or deleted twice, is a bug', () => {
    const twice = run(function* (machine) {
      const { vma_next } = yield* entryFor(machine, 'v');
      yield* list_add(vma_next, machine.vdev.vma_list);
      yield* list_add_tail(vma_next, machine.vdev.vma_list);
    });
    expect(twice).toBe('bug: list_add corruption: the entry is on a list already');
    const gone = run(function* (machine) {
      const { vma_next } = yield* entryFor(machine, 'v');
      yield* list_add(vma_next, machine.vdev.vma_list);
      yield* list_del(vma_next);
      yield* list_del(vma_next);
    });
    expect(gone).toMatch(/^bug: list corruption: followed a link/);
  });

  test('an entry that is freed while listed is used after free by the next walk', () => {
    const told = run(function* (machine) {
      const entry = yield* entryFor(machine, 'v');
      yield* list_add(entry.vma_next, machine.vdev.vma_list);
      yield* kfree(entry);
      return yield* listed(machine);
    });
    expect(told).toMatch(/^use after free: vfio_pci_mmap_vma A.1/);
  });

  test('two tasks that share a list without a lock race', () => {
    const adding = function* (machine: Machine) {
      yield* list_add((yield* entryFor(machine, 'v')).vma_next, machine.vdev.vma_list);
    };
    expect(ends({ A: adding, B: adding }, () => '')).toContainEqual(expect.stringMatching(/^data race: vma_list/));
  });
});
