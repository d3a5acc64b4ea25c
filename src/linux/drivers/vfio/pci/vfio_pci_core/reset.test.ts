import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { disableMemory, fault, hotReset, lowPower, munmap, readBar, reset } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import { EBUSY } from '../../../../include/linux/errno.ts';
import type { mm_struct } from '../../../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../../include/linux/mmap_lock.ts';
import { down_read, down_write, up_read, up_write } from '../../../../kernel/locking/rwsem.ts';
import type { Machine } from '../../../../machine.ts';
import { __vm_munmap } from '../../../../mm/mmap.ts';
import { type Codes, ends, oneVma, operationsOf, outcomesOf, programOf } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import { generations } from '../generations/index.ts';
import { vfio_pci_dev_set_hot_reset } from './reset.ts';

const bars = { bar0: 1 };
const two = {
  devices: { d0: { bars }, d1: { bars } },
  vmas: { v: { bar: 'bar0', device: 'd0', process: 'p' }, w: { bar: 'bar0', device: 'd1', process: 'p' } },
};

describe('VFIO_DEVICE_RESET', () => {
  const changes = { kernel: '5.19', power: 'D3hot' } as const;

  test('3.4 VFIO_DEVICE_RESET: W, zap; sets D0 first so that saved state is restored', () => {
    expect(operationsOf({ ...oneVma, ...changes, tasks: { Z: reset() } }, 'Z')).toEqual([
      'mutex_lock(vma_lock)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'mutex_unlock(vma_lock)',
      'pci_set_power_state(PCI_COMMAND)',
      'mutex_trylock(device_lock)',
      'pci_read_config_word(PCI_COMMAND)',
      'pci_write_config_word(PCI_COMMAND)',
      'pcie_flr(PCI_COMMAND)',
      'pci_restore_state(PCI_COMMAND)',
      'mutex_unlock(device_lock)',
      'up_write(memory_lock)',
    ]);
  });
  test('a device in D3hot is awake afterwards', () => {
    expect(outcomesOf({ ...oneVma, ...changes, tasks: { A: [reset(), fault('v', 0)] } })).toEqual(['A mapped']);
  });
  test('memory that was off stays off', () => {
    const tasks = { A: [reset(), fault('v', 0)] };
    expect(outcomesOf({ ...oneVma, memory: 'disabled', tasks })).toEqual(['A SIGBUS']);
  });
  test.each(['v5_14', 'v6_10'] as const)('3.4 VFIO_DEVICE_RESET: %s: nobody meets the device meanwhile', (driver) => {
    const world = { ...oneVma, tasks: { A: [fault('v', 0), fault('v', 1)], Z: reset() } };
    expect(outcomesOf(world, generations[driver])).toEqual(['A mapped, Z reset']);
  });
  test('3.4 VFIO_DEVICE_RESET: without taking mappings back, somebody does', () => {
    const onlyLocks = { ...generations.v5_14, zap: ({ memory_lock }: Machine['vdev']) => down_write(memory_lock) };
    const found = explore(simulate({ ...oneVma, tasks: { A: fault('v', 0), Z: reset() } }, onlyLocks));
    expect(found.violation?.message).toMatch(/^live mapping: /);
  });
});

describe('a hot reset', () => {
  const world = (tasks: WorldDescription['tasks'], changes: Partial<WorldDescription> = {}): WorldDescription => ({
    ...two,
    ...changes,
    tasks,
  });
  const stepsOf = (tasks: WorldDescription['tasks'], driver = generations.v5_14, changes = {}) =>
    operationsOf(world(tasks, changes), 'Z', '', driver);
  const bus = ['d0', 'd1'].map((name) => `pci_bridge_secondary_bus_reset(PCI_COMMAND of ${name})`);

  test('3.5: old: the set, phase 1 by trying, keeping each vma_lock; phase 2: memory_lock by trying for each vma_lock', () => {
    const steps = stepsOf({ Z: hotReset('d0', 'd1') });
    expect(steps.slice(0, 9)).toEqual([
      'mutex_lock(dev_set.lock)',
      'mutex_trylock(vma_lock of d0)',
      'mutex_trylock(vma_lock of d1)',
      'down_write_trylock(memory_lock of d0)',
      'mutex_unlock(vma_lock of d0)',
      'down_write_trylock(memory_lock of d1)',
      'mutex_unlock(vma_lock of d1)',
      'mutex_trylock(device_lock of d0)',
      'mutex_trylock(device_lock of d1)',
    ]);
    expect(steps).toEqual(expect.arrayContaining(bus));
    expect(steps.slice(-3)).toEqual([
      'up_write(memory_lock of d0)',
      'up_write(memory_lock of d1)',
      'mutex_unlock(dev_set.lock)',
    ]);
  });
  test('3.5: new: one pass of memory_lock by trying, zap; unwinds backwards', () => {
    const steps = stepsOf({ Z: hotReset() }, generations.v6_10);
    const locks = steps.filter((operation) => /memory_lock|vma_lock|mmap_lock/.test(operation));
    expect(locks).toEqual([
      'down_write_trylock(memory_lock of d0)',
      'down_write_trylock(memory_lock of d1)',
      'up_write(memory_lock of d1)',
      'up_write(memory_lock of d0)',
    ]);
    expect(steps.slice(2, 4)).toEqual(['down_read(i_mmap_rwsem of d0)', 'spin_lock(ptl of v)']);
    expect(steps).toEqual(expect.arrayContaining(bus));
  });
  test('3.5: sets D0 on all, then resets the bus', () => {
    const asleep = { devices: { d0: { bars }, d1: { bars, power: 'D3hot' } }, kernel: '5.19' };
    const steps = stepsOf({ Z: hotReset() }, generations.v5_14, asleep);
    const at = (operation: string) => steps.indexOf(operation);
    expect(at('pci_set_power_state(PCI_COMMAND of d1)')).toBeGreaterThan(at('mutex_unlock(vma_lock of d1)'));
    expect(at('mutex_trylock(device_lock of d0)')).toBeGreaterThan(at('pci_set_power_state(PCI_COMMAND of d1)'));
  });
  test('3.5: runtime-gets all first, and puts all in the end', () => {
    const tasks = { Z: [lowPower('d1'), hotReset()] };
    const steps = stepsOf(tasks, generations.v5_14, { kernel: '6.1' });
    const hot = steps.slice(steps.indexOf('mutex_lock(dev_set.lock)'));
    expect(hot.filter((operation) => /wait_queue|trylock\(vma_lock of d0/.test(operation))).toEqual([
      'mutex_lock(power.wait_queue of d0)',
      'mutex_unlock(power.wait_queue of d0)',
      'mutex_lock(power.wait_queue of d1)',
      'mutex_unlock(power.wait_queue of d1)',
      'mutex_trylock(vma_lock of d0)',
      'mutex_lock(power.wait_queue of d0)',
      'mutex_unlock(power.wait_queue of d0)',
      'mutex_lock(power.wait_queue of d1)',
      'mutex_unlock(power.wait_queue of d1)',
      'mutex_lock(power.wait_queue of d0)', // the ioctl's own
      'mutex_unlock(power.wait_queue of d0)',
    ]);
    const fails = { kernel: '6.1', fail: { Z: { wakeUp: true } } };
    expect(outcomesOf(world(tasks, fails))).toEqual(['Z -EIO']);
  });
  test.each(['v5_14', 'v6_10'] as const)(
    '3.5: %s: -EINVAL unless the user owns every device; nothing stays locked',
    (driver) => {
      for (const owned of ['d0', 'd1'])
        expect(outcomesOf(world({ Z: hotReset(owned) }), generations[driver])).toEqual(['Z -EINVAL']);
    },
  );
  test.each(['v5_14', 'v6_10'] as const)(
    '3.5: %s: contended: -EBUSY, unwound by position; it may be repeated',
    (driver) => {
      const tasks = { B: readBar('bar0', 0, 'd1'), Z: hotReset() };
      expect(outcomesOf(world(tasks), generations[driver])).toEqual([
        'B the device answered, Z -EBUSY',
        'B the device answered, Z reset',
      ]);
      const steps = operationsOf(world(tasks), 'Z', 'B-Z', generations[driver]);
      expect(steps.slice(-3)).toEqual(
        driver === 'v5_14'
          ? ['up_write(memory_lock of d0)', 'mutex_unlock(vma_lock of d1)', 'mutex_unlock(dev_set.lock)']
          : ['down_write_trylock(memory_lock of d1)', 'up_write(memory_lock of d0)', 'mutex_unlock(dev_set.lock)'],
      );
      const again = { B: readBar('bar0', 0, 'd1'), Z: [hotReset(), hotReset()] };
      expect(outcomesOf(world(again), generations[driver])).toContain('B the device answered, Z reset');
    },
  );
  test.each(['v5_14', 'v6_10'] as const)('3.5: %s: beside a reset of one of them: no deadlock', (driver) => {
    const found = outcomesOf(world({ Y: reset('d1'), Z: hotReset() }), generations[driver]);
    expect(found).toEqual(['Y reset, Z -EBUSY', 'Y reset, Z reset']);
  });
  test('two of them: the set’s lock lets one wait for the other', () => {
    expect(outcomesOf(world({ Y: hotReset(), Z: hotReset() }))).toEqual(['Y reset, Z reset']);
  });
  test('3.5: why by trying: whoever takes the same locks in another order', () => {
    const backwards = function* ({ devices }: Machine) {
      for (const { memory_lock } of [...devices].reverse()) yield* down_write(memory_lock);
      for (const { memory_lock } of devices) yield* up_write(memory_lock);
    };
    const waiting = function* ({ devices }: Machine) {
      for (const { memory_lock } of devices) yield* down_write(memory_lock);
      for (const { memory_lock } of devices) yield* up_write(memory_lock);
    };
    const trying = ({ devices, vdev }: Machine) => vfio_pci_dev_set_hot_reset(vdev.dev_set, devices);
    const of = { bars: undefined, devices: two.devices, vmas: two.vmas, tasks: { Y: reset('d0'), Z: hotReset() } };
    const endsOf = (code: Codes[string]) =>
      ends({ Y: backwards, Z: code }, (_machine, now) => String(now.returned('Z')), of as never, generations.v6_10)
        .filter((each) => !each.startsWith('lock order')) // Y's two locks of one class, told of whoever else is at work
        .map((each) => each.split(':')[0]);
    expect(endsOf(waiting)).toContain('deadlock');
    expect(endsOf(trying).sort()).toEqual([String(-EBUSY), '0']);
  });
  test('3.5: why two phases: mmap_lock after the first memory_lock is a deadlock', () => {
    const onePhase = function* ({ devices, processes }: Machine) {
      const p = processes.p as mm_struct;
      for (const { memory_lock } of devices) {
        yield* mmap_read_lock(p);
        yield* mmap_read_unlock(p);
        yield* down_write(memory_lock);
      }
      for (const { memory_lock } of devices) yield* up_write(memory_lock);
    };
    const faulting = function* ({ vdev, processes }: Machine) {
      const p = processes.p as mm_struct;
      yield* mmap_read_lock(p);
      yield* down_read(vdev.memory_lock);
      yield* up_read(vdev.memory_lock);
      yield* mmap_read_unlock(p);
    };
    const unmapping = ({ processes }: Machine) => __vm_munmap(processes.p as mm_struct, 0, 0x1000);
    const { devices, vmas } = two;
    const program = programOf({ Z: onePhase, F: faulting, M: unmapping }, { bars: undefined, devices, vmas } as never);
    expect(explore(program).violation?.kind).toBe('deadlock');
    const tasks = { A: fault('v', 0), M: munmap('w'), Z: hotReset() };
    const found = explore(simulate(world(tasks), generations.v5_14, { rules: ['live mapping'] }), { stopAt: 'never' });
    expect(found.verdict).toBe('holds');
  });
});

describe('B21: a fault during a hot reset', () => {
  const tasks = { A: fault('v', 0), Z: hotReset() };
  /** For what A waits at the end of this schedule. */
  const waitsFor = (schedule: string, driver = generations.v5_14) => {
    const { steps } = replay(simulate({ ...two, tasks }, driver), schedule);
    const taken = schedule.match(/\d+/g)?.reduce((sum, count) => sum + Number(count), 0) ?? 0;
    return steps[taken - 1]?.blocked.map(({ task, lock }) => `${task}: ${lock}`).join();
  };

  test('after phase 1 it blocks on vma_lock', () => expect(waitsFor('Z3-A3')).toBe('A: vma_lock of d0'));
  test('after phase 2 on memory_lock', () => expect(waitsFor('Z5-A4')).toBe('A: memory_lock of d0'));
  test('new: on memory_lock', () => expect(waitsFor('Z2-A4', generations.v6_10)).toBe('A: memory_lock of d0'));
  test('one that holds vma_lock: the reset gets -EBUSY', () => {
    const { steps } = replay(simulate({ ...two, tasks }, generations.v5_14), 'A4-Z3');
    const lastOfZ = steps.filter(({ task }) => task === 'Z').map(({ operation, result }) => `${operation} ${result}`);
    expect(lastOfZ).toEqual([
      'mutex_lock(dev_set.lock) undefined',
      'mutex_trylock(vma_lock of d0) false',
      'mutex_unlock(dev_set.lock) undefined',
    ]);
  });
  test.each(['v5_14', 'v6_10'] as const)('%s: afterwards it sees the restored state', (driver) => {
    const all = ['A mapped, Z -EBUSY, B mapped', 'A mapped, Z reset, B mapped'];
    expect(outcomesOf({ ...two, tasks: { ...tasks, B: fault('w', 0) } }, generations[driver])).toEqual(all);
    const off = { d0: { bars, memory: 'disabled' }, d1: { bars } } as const;
    const refused = outcomesOf({ ...two, devices: off, tasks }, generations[driver]);
    expect(refused).toEqual(['A SIGBUS, Z -EBUSY', 'A SIGBUS, Z reset']);
  });
  test('a disable beside it, of the other device', () => {
    const world = { ...two, tasks: { ...tasks, Y: disableMemory('d1') } };
    expect(explore(simulate(world, generations.v5_14), { stopAt: 'never' }).verdict).toBe('holds');
  });
});
