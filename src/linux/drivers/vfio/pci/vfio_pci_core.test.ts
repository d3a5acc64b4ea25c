import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { disableMemory, fault } from '../../../deeds/index.ts';
import { ENOMEM } from '../../../include/linux/errno.ts';
import type { vm_area_struct } from '../../../include/linux/mm_types.ts';
import { vm_area_free } from '../../../kernel/fork.ts';
import { mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { down_write, type rw_semaphore, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Machine } from '../../../machine.ts';
import { listedVmas } from '../../../rules.ts';
import { ends, oneVma, programOf, run } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { generations } from './generations/index.ts';
import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  entryOf,
  vfio_pci_mmap_close,
  vfio_pci_mmap_open,
  vfio_pci_zap_and_vma_lock,
} from './vfio_pci_core.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const listed = (machine: Machine, now: Parameters<typeof listedVmas>[1]) =>
  listedVmas(machine, now)
    .map(({ name }) => name)
    .join('');

describe('__vfio_pci_memory_enabled', () => {
  test.each([
    ['enabled', true],
    ['disabled', false],
  ] as const)('%s', (memory, isEnabled) => {
    expect(run(({ vdev }) => __vfio_pci_memory_enabled(vdev), { memory })).toBe(isEnabled);
  });
});

describe('__vfio_pci_add_vma', () => {
  const addTwice = function* (machine: Machine) {
    const first = yield* __vfio_pci_add_vma(machine.vdev, v(machine));
    return `${first} ${yield* __vfio_pci_add_vma(machine.vdev, v(machine))}`;
  };
  test('lists the vma, also twice', () => {
    expect(run(addTwice)).toBe('0 0');
    expect(ends({ A: addTwice }, listed)).toEqual(['vv']);
  });
  test('returns -ENOMEM without memory', () => {
    expect(run(addTwice, { fail: { A: { allocations: [1] } } })).toBe(`${-ENOMEM} 0`);
  });
});

describe('vfio_pci_mmap_close', () => {
  test('drops the first entry only: of a vma that is listed twice, one stays', () => {
    const code = function* (machine: Machine) {
      yield* __vfio_pci_add_vma(machine.vdev, v(machine));
      yield* __vfio_pci_add_vma(machine.vdev, v(machine));
      yield* vfio_pci_mmap_close(v(machine));
    };
    expect(ends({ A: code }, listed)).toEqual(['v']);
  });
  test('of a vma that is not listed does nothing', () => {
    expect(ends({ A: (machine) => vfio_pci_mmap_close(v(machine)) }, listed)).toEqual(['']);
  });
});

test('vfio_pci_mmap_open takes away what was copied', () => {
  const code = function* (machine: Machine) {
    yield* generations.v5_14.vm_ops.fault({
      vma: v(machine),
      address: v(machine).vm_start,
      pgoff: v(machine).vm_pgoff,
      flags: 0,
      pud: null as never,
      pmd: null as never,
      pte: null,
    });
    yield* vfio_pci_mmap_open(v(machine));
  };
  const entries = ends({ A: code }, (machine, now) => machine.pages.map(({ pte }) => now.get(pte)).join());
  expect(entries).toEqual(['0,0']);
});

describe('vfio_pci_zap_and_vma_lock', () => {
  test('an empty list: returns at once, with vma_lock held', () => {
    const code = function* ({ vdev }: Machine) {
      yield* vfio_pci_zap_and_vma_lock(vdev);
      yield* mutex_unlock(vdev.vma_lock);
      return 'unlocked';
    };
    expect(run(code)).toBe('unlocked');
  });
  test('lets go of vma_lock before it takes mmap_lock, and looks again', () => {
    const world = { ...oneVma, tasks: { A: fault('v', 0), Z: disableMemory() } };
    const { steps } = replay(simulate(world, generations.v5_14), 'A16-Z18');
    expect(steps.filter(({ task }) => task === 'Z').map(({ operation }) => operation.replace(/, .*/, ')'))).toEqual([
      'mutex_lock(vma_lock)',
      'mutex_unlock(vma_lock)',
      'down_read(mmap_lock)',
      'mutex_lock(vma_lock)',
      'spin_lock(ptl of v)',
      'pte_none(v[0])',
      'ptep_get_and_clear(v[0])',
      'pte_none(v[1])',
      'ptep_get_and_clear(v[1])',
      'spin_unlock(ptl of v)',
      'mutex_unlock(vma_lock)',
      'up_read(mmap_lock)',
      'mutex_lock(vma_lock)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'mutex_unlock(vma_lock)',
      'pci_write_config_word(PCI_COMMAND)',
      'up_write(memory_lock)',
    ]);
  });
  test('3.3: every entry of that process under one mmap_lock: unlinks it, frees it, zaps its vma', () => {
    const vmas = { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } };
    const world = { bars: { bar0: 1 }, vmas, tasks: { A: [fault('v', 0), fault('w', 0)], Z: disableMemory() } };
    const { steps } = replay(simulate(world, generations.v5_14), '');
    const done = steps
      .filter(({ task }) => task === 'Z')
      .flatMap(({ operation, plain }) => [operation, ...plain.map((each) => each.operation)])
      .map((operation) => operation.replace(/, .*/, ')'));
    expect(done.filter((each) => /mmap_lock|kfree|^set.*vma_next.next\)$|ptep_get/.test(each))).toEqual([
      'down_read(mmap_lock)',
      'set(vfio_pci_mmap_vma A.2.vma_next.next)',
      'kfree(vfio_pci_mmap_vma A.2)',
      'ptep_get_and_clear(w[0])',
      'set(vfio_pci_mmap_vma A.1.vma_next.next)',
      'kfree(vfio_pci_mmap_vma A.1)',
      'ptep_get_and_clear(v[0])',
      'up_read(mmap_lock)',
    ]);
  });
  test('goes process by process', () => {
    const vmas = { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'q' } };
    const world = { ...oneVma, vmas, tasks: { A: fault('v', 0), B: fault('w', 0), Z: disableMemory() } };
    const { steps } = replay(simulate(world, generations.v5_14), 'A16-B16-Z');
    const locks = steps.filter(({ task, operation }) => task === 'Z' && operation.includes('down_read'));
    expect(locks.map(({ operation }) => operation).sort()).toEqual([
      'down_read(mmap_lock of p)',
      'down_read(mmap_lock of q)',
    ]);
  });
  test('an entry whose vma is gone: use after free (B4)', () => {
    const code = function* (machine: Machine) {
      yield* mutex_lock(machine.vdev.vma_lock);
      yield* __vfio_pci_add_vma(machine.vdev, v(machine));
      yield* mutex_unlock(machine.vdev.vma_lock);
      yield* vm_area_free(v(machine));
      yield* vfio_pci_zap_and_vma_lock(machine.vdev);
    };
    expect(run(code)).toMatch(/^use after free: vm_area_struct v/);
  });
});

describe('3.3: vfio_pci_zap_and_vma_lock, trying', () => {
  const trying = function* ({ vdev }: Machine) {
    const isLocked = yield* vfio_pci_zap_and_vma_lock(vdev, true);
    if (isLocked) yield* mutex_unlock(vdev.vma_lock);
    return isLocked;
  };
  const listing = function* ({ vdev, vmas }: Machine) {
    yield* mutex_lock(vdev.vma_lock);
    yield* __vfio_pci_add_vma(vdev, vmas.v as vm_area_struct);
    yield* mutex_unlock(vdev.vma_lock);
  };
  /** Whether it comes through while this task holds these locks. */
  const whileHeld = (lock: (machine: Machine) => rw_semaphore, isListed: boolean) =>
    run(function* (machine) {
      if (isListed) yield* listing(machine);
      yield* down_write(lock(machine));
      const isLocked = yield* trying(machine);
      yield* up_write(lock(machine));
      return isLocked;
    });

  test('an empty list: true, with vma_lock held', () => expect(run(trying)).toBe(true));
  test('entries: zapped and unlinked; then true', () => {
    const code = function* (machine: Machine) {
      yield* listing(machine);
      return yield* trying(machine);
    };
    expect(run(code)).toBe(true);
    expect(ends({ A: code }, listed)).toEqual(['']);
  });
  test('vma_lock taken: false', () => expect(whileHeld(({ vdev }) => vdev.vma_lock, false)).toBe(false));
  test('mmap_lock taken by a writer: false; not asked for while the list is empty', () => {
    const mmap_lock = (machine: Machine) => v(machine).vm_mm.mmap_lock;
    expect([whileHeld(mmap_lock, true), whileHeld(mmap_lock, false)]).toEqual([false, true]);
  });
  test('whoever else is at work, it waits for nobody, and what it returns says who holds vma_lock', () => {
    const found = ends({ A: trying, B: listing }, (_machine, now) => String(now.returned('A')));
    expect(found.sort()).toEqual(['false', 'true']);
  });
  test('a process that maps again what was taken back counts as a lock that is taken', () => {
    const twice = function* (machine: Machine) {
      yield* listing(machine);
      yield* listing(machine);
    };
    const { steps, ending } = replay(programOf({ A: trying, B: twice }), 'B2-A10-B2-A');
    const lastOfA = steps.filter(({ task }) => task === 'A').map(({ operation }) => operation);
    expect(lastOfA.slice(9)).toEqual(['up_read(mmap_lock)', 'mutex_trylock(vma_lock)', 'mutex_unlock(vma_lock)']);
    expect(ending.kind).toBe('returned');
  });
});

test('entryOf finds the entry of the vma among others', () => {
  const vmas = { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } };
  const code = function* (machine: Machine) {
    yield* __vfio_pci_add_vma(machine.vdev, v(machine));
    const before = yield* entryOf(machine.vdev, machine.vmas.w as vm_area_struct);
    yield* __vfio_pci_add_vma(machine.vdev, machine.vmas.w as vm_area_struct);
    return `${before} ${(yield* entryOf(machine.vdev, v(machine))) !== null}`;
  };
  expect(explore(programOf({ A: code }, { vmas }, (_m, now) => String(now.returned('A')))).outcomes).toHaveProperty(
    'null true',
  );
});
