import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { disableMemory, exit, fault, mmap, munmap } from '../deeds/index.ts';
import type { PageRange } from '../deeds/range.ts';
import type { WorldDescription } from '../description.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import { EINVAL } from '../include/linux/errno.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import type { Machine } from '../machine.ts';
import { kindsOf, oneVma, run } from '../testing.ts';
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

describe('munmap of a part', () => {
  const ends = (tasks: WorldDescription['tasks'], pages: number, fail: WorldDescription['fail'] = {}) => {
    const found = explore(simulate({ ...oneVma, bars: { bar0: pages }, tasks, fail }, generations.v5_14), {
      stopAt: 'never',
    });
    return [...Object.keys(found.outcomes), ...kindsOf(found)];
  };
  /** How an access of each page ends after it, for a vma of three pages that was faulted before, or not. */
  const after = (range: PageRange, isFaulted: boolean) =>
    [0, 1, 2].flatMap((page) =>
      ends({ A: [...(isFaulted ? [fault('v', 0)] : []), munmap('v', range), fault('v', page)] }, 3),
    );
  const there = 'A mapped';
  const gone = 'A SIGSEGV';

  describe.each([false, true])('of a vma that was faulted before: %s', (isFaulted) => {
    test.each([
      ['the first page', { pages: 1 }, [gone, there, there]],
      ['the last two', { first: 1 }, [there, gone, gone]],
      ['a hole in the middle', { first: 1, pages: 1 }, [there, gone, there]],
      ['all, told by their number', { pages: 3 }, [gone, gone, gone]],
    ])('%s', (_name, range, expected) => expect(after(range, isFaulted)).toEqual(expected));
  });

  test('what is left over faults again, together with others', () => {
    const tasks = { A: fault('v', 0), B: fault('v', 2), M: munmap('v', { first: 1, pages: 1 }) };
    expect(ends(tasks, 3)).toEqual(['A mapped, B mapped, M unmapped']);
  });
  test('two at once', () => {
    const tasks = { A: fault('v', 1), M: munmap('v', { pages: 1 }), N: munmap('v', { first: 2 }) };
    expect(ends(tasks, 3)).toEqual(['A mapped, M unmapped, N unmapped']);
  });
  test('what has been cut can be unmapped as a whole, and leaves nothing', () => {
    const tasks = { A: [fault('v', 0), munmap('v', { first: 1, pages: 1 }), munmap('v'), fault('v', 2)] };
    expect(ends(tasks, 3)).toEqual([gone]);
  });
  test.each([
    ['at its start', 1, there],
    ['at its end', 2, there],
  ])('no memory for the cut %s: -ENOMEM, and the range is mapped as before', (_name, allocation, end) => {
    const tasks = [munmap('v', { first: 1, pages: 1 })];
    const fail = { A: { allocations: [allocation] } };
    expect(ends({ A: tasks }, 3, fail)).toEqual(['A out of memory']);
    expect(ends({ A: [...tasks, fault('v', 1)] }, 3, fail)).toEqual([end]);
  });
  test('-EINVAL for a range that is none', () => {
    const result = (start: number, len: number) =>
      run((machine) => __vm_munmap(vmaOf(machine, 'v').vm_mm, vmaOf(machine, 'v').vm_start + start, len));
    expect([result(1, 0x1000), result(0, 0)]).toEqual([-EINVAL, -EINVAL]);
  });
});

describe('find_vma where vmas change', () => {
  test('the least of those that end behind the address, wherever it stands in the tree', () => {
    const told = run(
      function* (machine) {
        const { vm_mm: mm, vm_start } = vmaOf(machine, 'v');
        yield* __vm_munmap(mm, vm_start + 0x1000, 0x1000);
        const names = [];
        for (const page of [0, 1, 2, 3]) names.push((yield* find_vma(mm, vm_start + page * 0x1000))?.name);
        return names.join();
      },
      { bars: { bar0: 3 }, tasks: { A: munmap('v', { first: 1 }) } },
    );
    expect(told).toBe("v,v',v',");
  });
});

describe('exit', () => {
  test('takes down all vmas, once the other tasks of the process have ended', () => {
    const world = { ...oneVma, ...two, tasks: { A: fault('v', 0), B: fault('w', 1), E: exit() } };
    const found = explore(simulate(world, generations.v5_14), { stopAt: 'never' });
    expect([...Object.keys(found.outcomes), ...kindsOf(found)]).toEqual(['A mapped, B mapped, E exited']);
  });
  // Of those left out, fault and zap alone leave a live mapping, or wait for each other.
  const { eager, v5_8, insertLoopUnlocked, skipOnEexistUnlocked, memoryLockFirst, zapThenGate, ...sound } = generations;
  test.each(Object.entries(sound))('%s: whoever zaps meanwhile, nothing is left', (_name, driver) => {
    const world = { ...oneVma, tasks: { A: [fault('v', 0), exit()], Z: disableMemory() } };
    const { violation, verdict } = explore(simulate(world, driver));
    expect([violation?.message, verdict]).toEqual([undefined, 'holds']);
  });
  test('3.3: of a process that is being taken down the zap drops the entry, and does not wait for it', () => {
    const program = simulate(
      { ...oneVma, tasks: { A: [fault('v', 0), exit()], Z: disableMemory() } },
      generations.v5_14,
    );
    const { steps } = replay(program, 'A17-Z'); // A's last step before is mmput
    const ofZ = steps
      .filter(({ task }) => task === 'Z')
      .flatMap(({ operation, plain }) => [operation, ...plain.map((each) => each.operation)]);
    expect(ofZ.filter((each) => /mmap_lock|kfree|mmget/.test(each))).toEqual([
      'mmget_not_zero(mm_users)',
      'kfree(vfio_pci_mmap_vma A.1)',
    ]);
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

describe('mmap', () => {
  const endsOf = (tasks: WorldDescription['tasks'], driver: Driver = generations.v5_14, changes = {}) => {
    const found = explore(simulate({ ...oneVma, tasks, ...changes }, driver), { stopAt: 'never' });
    return [...Object.keys(found.outcomes), ...kindsOf(found)];
  };
  const { v5_14, v6_10, v6_12 } = generations;

  test.each(Object.entries({ v5_14, v6_10, v6_12 }))('%s: nothing is mapped until it is touched', (_name, driver) => {
    expect(endsOf({ A: mmap('v', 'w') }, driver)).toEqual(['A made the mapping']);
    expect(endsOf({ A: [mmap('v', 'w'), fault('w', 1)] }, driver)).toEqual(['A mapped']);
    expect(endsOf({ A: fault('w', 0), M: mmap('v', 'w') }, driver)).toEqual([
      'A SIGSEGV, M made the mapping',
      'A mapped, M made the mapping',
    ]);
  });
  test.each(Object.entries({ v5_14, v6_10 }))('%s: what is switched off meanwhile stays unmapped', (_name, driver) => {
    const found = endsOf({ A: [mmap('v', 'w'), fault('w', 0)], Z: disableMemory() }, driver);
    expect(found).toEqual(['A SIGBUS, Z disabled memory', 'A mapped, Z disabled memory']);
  });
  test('3.6: of a device whose memory is off it succeeds, and the touch faults', () => {
    const off = { memory: 'disabled' } as const;
    expect(endsOf({ A: mmap('v', 'w') }, v5_14, off)).toEqual(['A made the mapping']);
    expect(endsOf({ A: [mmap('v', 'w'), fault('w', 0)] }, v5_14, off)).toEqual(['A SIGBUS']);
  });
  test('before v5.8 it fills the mapping itself, and nothing takes that back', () => {
    const { eager } = generations;
    const program = simulate({ ...oneVma, tasks: { A: [mmap('v', 'w'), fault('w', 1)] } }, eager);
    const fills = replay(program, '').steps.filter(({ operation }) => operation.startsWith('set_pte_at'));
    expect(fills.map(({ operation }) => operation.replace(/,.*/, ')'))).toEqual([
      'set_pte_at(w[0])',
      'set_pte_at(w[1])',
    ]);
    expect(endsOf({ A: mmap('v', 'w'), Z: disableMemory() }, eager)).toContain('invariant: live mapping');
  });
  test('no memory for the vma: nothing is there', () => {
    const fail = { A: { allocations: [1] } };
    expect(endsOf({ A: mmap('v', 'w') }, v5_14, { fail })).toEqual(['A out of memory']);
    expect(endsOf({ A: [mmap('v', 'w'), fault('w', 0)] }, v5_14, { fail })).toEqual(['A SIGSEGV']);
  });
});
