/** What each generation does in each of the worlds that the course asks about: facts, section 8 and the bugs B1 to B6. */

import { describe, expect, test } from 'vitest';
import { type Exploration, explore } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { disableMemory, enableMemory, fault, munmap, write } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import type { vm_fault } from '../../../../include/linux/mm.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS, type vm_fault_t } from '../../../../include/linux/mm_types.ts';
import { mutex_lock, mutex_unlock } from '../../../../kernel/locking/mutex.ts';
import { down_read, up_read } from '../../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../../kernel.ts';
import { vmf_insert_pfn } from '../../../../mm/memory.ts';
import { kindsOf } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import type { Driver } from '../driver.ts';
import { __vfio_pci_add_vma, __vfio_pci_memory_enabled } from '../vfio_pci_core.ts';
import { driverWith, generations } from './index.ts';

const one = { bars: { bar0: 4 }, vmas: { v: { bar: 'bar0', process: 'p' } } };
const two = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } } };
const twoProcesses = { ...two, vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'q' } } };

const worlds = {
  'one fault': { ...one, tasks: { A: fault('v', 0) } },
  'one write': { ...one, tasks: { A: write('v', 3) } },
  'two faults, one page': { ...one, tasks: { A: fault('v', 0), B: fault('v', 0) } },
  'two faults, two pages': { ...one, tasks: { A: fault('v', 0), B: fault('v', 1) } },
  'one thread twice': { ...one, tasks: { A: [fault('v', 0), fault('v', 1)] } },
  'two vmas': { ...two, tasks: { A: fault('v', 0), B: fault('w', 0) } },
  'two processes': { ...twoProcesses, tasks: { A: fault('v', 0), B: fault('w', 0) } },
  'memory disabled': { ...one, memory: 'disabled', tasks: { A: fault('v', 0), B: fault('v', 1) } },
  'fault and disable': { ...one, tasks: { A: fault('v', 0), Z: disableMemory() } },
  'fault and munmap': { ...one, tasks: { A: fault('v', 0), M: munmap('v') } },
  'two faults and disable': { ...one, tasks: { A: fault('v', 0), B: fault('v', 1), Z: disableMemory() } },
  'two faults and munmap': { ...one, tasks: { A: fault('v', 0), B: fault('v', 1), M: munmap('v') } },
} satisfies Record<string, WorldDescription>;

type World = keyof typeof worlds;

const exploreIn = (world: World | WorldDescription, driver: Driver): Exploration =>
  explore(simulate(typeof world === 'string' ? worlds[world] : world, driver), { stopAt: 'never' });

const remapBug = 'bug: BUG_ON(!pte_none(*pte))';
const live = 'invariant: live mapping';

/** Those that have many more states: see section8.test.ts and bugs.test.ts. */
type Elsewhere = 'insertLoopUnlocked' | 'hugeUnalignedPfn' | 'hugeUnroundedAddress' | 'v6_12';

/** What goes wrong where; in all other worlds nothing does. */
const wrong: Record<Exclude<keyof typeof generations, Elsewhere>, Partial<Record<World, readonly string[]>>> = {
  eager: {
    'memory disabled': [live],
    'fault and disable': [live],
    'two faults and disable': [live],
  },
  v5_8: {
    'two faults, one page': [remapBug],
    'two faults, two pages': [remapBug],
    'fault and disable': [live],
    'two faults and disable': [remapBug, live],
    'two faults and munmap': [remapBug],
  },
  lockEnclosesRemap: {
    'two faults, one page': [remapBug],
    'two faults, two pages': [remapBug],
    'two faults and disable': [remapBug],
    'two faults and munmap': [remapBug],
  },
  skipOnEexist: {},
  skipOnEexistUnlocked: {
    'fault and disable': [live],
    'two faults and disable': [live, remapBug],
  },
  insertLoop: {},
  memoryLockFirst: {},
  v5_14: {},
  v6_10: {},
  v6_10_full: {},
  zapThenGate: {
    'fault and disable': [live],
    'two faults and disable': [live],
  },
};

for (const name of Object.keys(wrong) as (keyof typeof wrong)[]) {
  const driver = generations[name];
  describe(name, () => {
    test.each(Object.keys(worlds) as World[])('%s', (world) => {
      const found = exploreIn(world, driver);
      const expected = wrong[name][world] ?? [];
      expect(kindsOf(found).filter((each) => !each.startsWith('check: '))).toEqual(expected);
      expect(found.complete).toBe(true);
      if (expected.length === 0) expect([found.verdict, found.violation?.message]).toEqual(['holds', undefined]);
    });
  });
}

describe('how it ends', () => {
  test.each([
    ['one fault', ['A mapped']],
    ['two faults, two pages', ['A mapped, B mapped']],
    ['memory disabled', ['A SIGBUS, B SIGBUS']],
    ['fault and disable', ['A SIGBUS, Z disabled memory', 'A mapped, Z disabled memory']],
    ['fault and munmap', ['A SIGSEGV, M unmapped', 'A mapped, M unmapped']],
  ] as const)('%s', (world, outcomes) => {
    expect(Object.keys(exploreIn(world, generations.v5_14).outcomes)).toEqual(outcomes);
  });
  test('a fault after the memory came back is mapped', () => {
    const world = { ...one, memory: 'disabled', tasks: { A: fault('v', 0), Z: enableMemory() } } as const;
    const { outcomes, verdict } = exploreIn(world, generations.v5_14);
    expect([verdict, ...Object.keys(outcomes)]).toEqual([
      'holds',
      'A SIGBUS, Z enabled memory',
      'A mapped, Z enabled memory',
    ]);
  });
});

describe('a vma across two tables of lowest entries, whose ptl is let go in between', () => {
  const across = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } } };
  const tasks = { A: fault('v', 0), Z: disableMemory() };

  test('v5.8: the zap may come when the fill is half done (B3)', () => {
    expect(kindsOf(exploreIn({ ...across, tasks }, generations.v5_8))).toContain(live);
  });
  test.each(['lockEnclosesRemap', 'skipOnEexist', 'insertLoop', 'v5_14'] as const)('%s: it may not', (name) => {
    expect(exploreIn({ ...across, tasks }, generations[name]).verdict).toBe('holds');
  });
  test('v5.8: two faults meet each other in the first table or in the second', () => {
    const found = exploreIn({ ...across, tasks: { A: fault('v', 0), B: fault('v', 1) } }, generations.v5_8);
    expect(kindsOf(found)).toEqual([remapBug]);
  });
});

describe('what stays locked behind the dead task', () => {
  const heldIn = (driver: Driver) => {
    const { violation } = explore(simulate(worlds['two faults, two pages'], driver));
    return [violation?.kind, ...(violation?.held ?? []).map(({ lock }) => lock)];
  };
  test('v5.8: ptl, memory_lock and mmap_lock', () => {
    expect(heldIn(generations.v5_8)).toEqual(['bug', 'memory_lock', 'mmap_lock', 'ptl of v']);
  });
  test('lock encloses remap: vma_lock as well', () => {
    expect(heldIn(generations.lockEnclosesRemap)).toEqual(['bug', 'vma_lock', 'memory_lock', 'mmap_lock', 'ptl of v']);
  });
  test('who comes later waits for the dead task: part of the bug, no deadlock', () => {
    expect(kindsOf(exploreIn('two faults and disable', generations.lockEnclosesRemap))).not.toContain('deadlock');
  });
});

describe('failures', () => {
  const failing = (driver: Driver, fail: WorldDescription['fail'], tasks: WorldDescription['tasks']) => {
    const found = exploreIn({ ...one, bars: { bar0: 2 }, tasks, ...(fail ? { fail } : {}) }, driver);
    return [...Object.keys(found.outcomes), ...kindsOf(found)];
  };
  const remapFails = { A: { remapAtPage: 1 } };

  test.each(['skipOnEexist', 'insertLoop', 'v5_14'] as const)('%s undoes a fill that fails', (name) => {
    expect(failing(generations[name], remapFails, { A: fault('v', 0) })).toEqual(['A SIGBUS']);
    expect(failing(generations[name], remapFails, { A: fault('v', 0), B: fault('v', 0) })).toEqual([
      'A SIGBUS, B mapped',
      'A mapped, B mapped',
    ]);
  });
  test.each(['skipOnEexist', 'insertLoop', 'v5_14'] as const)('%s: no memory once, then mapped', (name) => {
    expect(failing(generations[name], { A: { allocations: [1] } }, { A: fault('v', 0) })).toEqual(['A mapped']);
  });
  test.each(Object.entries(generations).filter(([, { findsMappingsBy }]) => findsMappingsBy === 'vma_list'))(
    '%s: no memory ever is the same fault for ever',
    (_name, driver) => {
      const found = failing(driver, { A: { allocations: 'all' } }, { A: fault('v', 0) });
      expect(found).toEqual([expect.stringMatching(/^livelock/)]);
    },
  );
  test('v5.8 leaves entry and partial fill behind (B5, B6), and the next fault meets them', () => {
    expect(failing(generations.v5_8, remapFails, { A: fault('v', 0) })).toEqual(['A SIGBUS', 'check: partial fill']);
    expect(failing(generations.v5_8, remapFails, { A: fault('v', 1), B: fault('v', 1) })).toContain(remapBug);
  });
  test('page tables on demand: a table that cannot be had is an error of the remap', () => {
    const world = { ...one, bars: { bar0: 1 }, pageTables: 'on demand', tasks: { A: fault('v', 0) } } as const;
    // The fault's own tables are allocations 1 to 3 (the third is put by in case, and dropped); the remap's is the fourth.
    const found = exploreIn({ ...world, fail: { A: { allocations: [4] } } }, generations.v5_14);
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual(['holds', 'A SIGBUS']);
  });
});

describe('inserts without a search for duplicates (B4)', () => {
  const noSearch = driverWith({ fault: insertAll });

  function* insertAll({ vma }: vm_fault): Kernel<vm_fault_t> {
    const vdev = vma.vm_private_data;
    yield* mutex_lock(vdev.vma_lock);
    yield* down_read(vdev.memory_lock);
    let ret = VM_FAULT_SIGBUS;
    if (yield* __vfio_pci_memory_enabled(vdev)) {
      yield* __vfio_pci_add_vma(vdev, vma);
      for (let page = 0; vma.vm_start + page * PAGE_SIZE < vma.vm_end; page++) {
        ret = yield* vmf_insert_pfn(vma, vma.vm_start + page * PAGE_SIZE, vma.vm_pgoff + page);
      }
      ret = VM_FAULT_NOPAGE;
    }
    yield* up_read(vdev.memory_lock);
    yield* mutex_unlock(vdev.vma_lock);
    return ret;
  }

  test('two faults list the vma twice', () => {
    expect(kindsOf(exploreIn('two faults, two pages', noSearch))).toEqual(['check: listed twice']);
  });
  test('munmap drops one entry, and the next zap reads a vma that is gone', () => {
    const tasks = { A: fault('v', 0), B: fault('v', 1), M: [munmap('v'), disableMemory()] };
    const found = exploreIn({ ...one, bars: { bar0: 2 }, tasks }, noSearch);
    expect(kindsOf(found)).toContain('use after free: vm_area_struct v.memory belongs to an object that was freed');
  });
  test('with the search, neither', () => {
    const tasks = { A: fault('v', 0), B: fault('v', 1), M: [munmap('v'), disableMemory()] };
    expect(exploreIn({ ...one, bars: { bar0: 2 }, tasks }, generations.insertLoop).verdict).toBe('holds');
  });
});

describe('driverWith', () => {
  test('takes what is not given from the base', () => {
    const driver = driverWith({ fault: generations.v5_8.vm_ops.fault });
    expect(driver.vm_ops.close).toBe(generations.v5_14.vm_ops.close);
    expect(driver.zap).toBe(generations.v5_14.zap);
    expect(driver.name).toBe('your driver');
  });
  test('an __vfio_pci_add_vma alone serves the handler of the base', () => {
    const driver = driverWith({ __vfio_pci_add_vma }, generations.skipOnEexist);
    expect(kindsOf(exploreIn('two faults, two pages', driver))).toEqual([remapBug]);
    expect(exploreIn('two faults, two pages', generations.skipOnEexist).verdict).toBe('holds');
  });
  test('nothing at all is refused', () => expect(() => driverWith({})).toThrow('give it a fault handler'));
  test('an __vfio_pci_add_vma for a driver without a list is refused', () => {
    expect(() => driverWith({ __vfio_pci_add_vma }, generations.v6_10)).toThrow('v6.10 keeps no list');
  });
  test('a zap alone takes the place of the base’s', () => {
    const { zap } = generations.zapThenGate;
    expect(kindsOf(exploreIn('fault and disable', driverWith({ zap }, generations.v6_10)))).toEqual([live]);
  });
  test('a huge_fault is asked before the base’s handler', () => {
    const refusing = driverWith(
      {
        *huge_fault() {
          return VM_FAULT_SIGBUS;
        },
      },
      generations.v6_10,
    );
    expect(Object.keys(exploreIn('one fault', refusing).outcomes)).toEqual(['A SIGBUS']);
  });
});
