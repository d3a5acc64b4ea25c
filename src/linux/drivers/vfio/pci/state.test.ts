/** A device's state, field by field: section 3.1 of the facts. What `__vfio_pci_memory_enabled` makes of it is in power.test.ts. */

import { describe, expect, test } from 'vitest';
import { explore, readAs, replay, type Snapshot, set, type TraceStep } from '#explore';
import { disableMemory, fault, mmap, reset, setPowerState } from '../../../deeds/index.ts';
import type { WorldDescription } from '../../../description.ts';
import type { vm_fault } from '../../../include/linux/mm.ts';
import { VM_FAULT_SIGBUS, type vm_area_struct } from '../../../include/linux/mm_types.ts';
import { PCI_COMMAND, PCI_D3hot, PCI_EXP_DEVCTL_BCR_FLR, type pci_dev } from '../../../include/linux/pci.ts';
import { mutex_lock, mutex_unlock } from '../../../kernel/locking/mutex.ts';
import { down_read, down_write, up_read, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import type { Machine } from '../../../machine.ts';
import { vmf_insert_pfn } from '../../../mm/memory.ts';
import type { Picture } from '../../../picture.ts';
import { listedVmas } from '../../../rules.ts';
import { ends, oneVma, outcomesOf } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { frameBehind } from './addressSpace.ts';
import { driverWithoutList } from './driver.ts';
import { generations } from './generations/index.ts';
import { vfio_basic_config_write, vfio_exp_config_write, vfio_pm_config_write } from './vfio_pci_config.ts';
import { vfio_pci_ioctl_reset } from './vfio_pci_core/reset.ts';
import { __vfio_pci_add_vma, __vfio_pci_memory_enabled } from './vfio_pci_core.ts';

const twoVmas = { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } } as const;
/** So that the world foresees all that a device may go through. */
const all: Partial<WorldDescription> = {
  kernel: '6.1',
  tasks: { A: fault('v', 0), Z: [setPowerState('D3hot'), reset()] },
};

const lastPicture = (steps: readonly TraceStep[]) => (steps.at(-1) as TraceStep).picture as Picture;

describe('3.1 memory_lock', () => {
  const word = ({ config }: pci_dev) => readAs(config[PCI_COMMAND], (value) => value, 'looks at the device');
  /** Whether the device is the same twice. */
  function* looking({ vdev }: Machine): Kernel<boolean> {
    const first = yield* word(vdev.pdev);
    return (yield* word(vdev.pdev)) === first;
  }
  function* lookingLocked(machine: Machine): Kernel<boolean> {
    yield* down_read(machine.vdev.memory_lock);
    const isSame = yield* looking(machine);
    yield* up_read(machine.vdev.memory_lock);
    return isSame;
  }
  const answerOfA = (_machine: Machine, now: Snapshot) => String(now.returned('A'));

  test.each([
    ['the command register', ({ vdev, driver }: Machine) => vfio_basic_config_write(vdev, driver, 0)],
    ['the power state', ({ vdev, driver }: Machine) => vfio_pm_config_write(vdev, driver, PCI_D3hot)],
    ['VFIO_DEVICE_RESET', ({ vdev, driver }: Machine) => vfio_pci_ioctl_reset(vdev, driver)],
    [
      'the reset of the function',
      ({ vdev, driver }: Machine) => vfio_exp_config_write(vdev, driver, PCI_EXP_DEVCTL_BCR_FLR),
    ],
  ] as const)('R: the decoding state does not change while it is held; W: to change it: %s', (_name, changing) => {
    expect(ends({ A: lookingLocked, Z: changing }, answerOfA, all)).toEqual(['true']);
    expect(ends({ A: looking, Z: changing }, answerOfA, all).sort()).toEqual(['false', 'true']);
  });
  test('R: while the BAR is mapped: a handler without it maps a device that is off', () => {
    function* ungated({ vma, address }: vm_fault) {
      const isOn = yield* __vfio_pci_memory_enabled(vma.vm_private_data);
      return isOn ? yield* vmf_insert_pfn(vma, address, frameBehind(vma, address)) : VM_FAULT_SIGBUS;
    }
    const world = { ...oneVma, tasks: { A: fault('v', 0), Z: disableMemory() } };
    const wrong = outcomesOf(world, driverWithoutList('without memory_lock', { fault: ungated }));
    expect(wrong).toEqual(expect.arrayContaining(['invariant: live mapping', 'data race: vconfig[PCI_COMMAND]']));
    expect(outcomesOf(world, generations.v6_10)).toEqual([
      'A SIGBUS, Z disabled memory',
      'A mapped, Z disabled memory',
    ]);
  });
  test('W: to change the user’s copy without it is a data race with who tests it', () => {
    const testing = function* ({ vdev }: Machine) {
      yield* down_read(vdev.memory_lock);
      yield* __vfio_pci_memory_enabled(vdev);
      yield* up_read(vdev.memory_lock);
    };
    const changing = (isLocked: boolean) =>
      function* ({ vdev }: Machine) {
        if (isLocked) yield* down_write(vdev.memory_lock);
        yield* set(vdev.vconfig[PCI_COMMAND], 0);
        if (isLocked) yield* up_write(vdev.memory_lock);
      };
    const wrong = (isLocked: boolean) => ends({ A: testing, Z: changing(isLocked) }, () => 'done', all);
    expect([wrong(true), wrong(false)]).toEqual([['done'], ['done', 'data race: vconfig[PCI_COMMAND]']]);
  });
});

describe('3.1 vma_lock', () => {
  const adding = (name: string, isLocked: boolean) =>
    function* ({ vdev, vmas }: Machine) {
      if (isLocked) yield* mutex_lock(vdev.vma_lock);
      yield* __vfio_pci_add_vma(vdev, vmas[name] as vm_area_struct);
      if (isLocked) yield* mutex_unlock(vdev.vma_lock);
    };
  const listed = (machine: Machine, now: Snapshot) =>
    listedVmas(machine, now)
      .map(({ name }) => name)
      .join('');
  const bothAdd = (isLocked: boolean) =>
    ends({ A: adding('v', isLocked), B: adding('w', isLocked) }, listed, { vmas: twoVmas });

  test('protects the list: of two that add each adds its own', () => {
    expect(bothAdd(true).sort()).toEqual(['vw', 'wv']);
  });
  test('without it they race for the list', () => {
    expect(bothAdd(false).filter((each) => each.startsWith('data race')).length).toBeGreaterThan(0);
  });
  test.each([
    ['v5_14', ['vma_lock', 'memory_lock']],
    ['v6_10', ['memory_lock', 'i_mmap_rwsem']],
  ] as const)('until v6.9: a device has it: %s', (driver, expected) => {
    const world = { ...oneVma, tasks: { A: fault('v', 0), Z: disableMemory() } };
    const { steps } = replay(simulate(world, generations[driver]), '');
    const { locks } = lastPicture(steps);
    expect(locks.map(({ name }) => name).slice(0, 2)).toEqual(expected);
    const isTaken = steps.some(({ operation }) => operation.includes('vma_lock'));
    expect(isTaken).toBe(driver === 'v5_14');
  });
});

describe('3.1 vma_list', () => {
  /** The list at the end of each of A's deeds, which are the only ones. */
  const listAfter = (deeds: WorldDescription['tasks'][string][], driver = generations.v5_14) =>
    deeds.map((_, index) => {
      const world = { ...oneVma, vmas: twoVmas, tasks: { A: deeds.slice(0, index + 1) } } as WorldDescription;
      const { steps } = replay(simulate(world, driver), '');
      return lastPicture(steps).list.join();
    });

  test('the vmas that may have entries since the last zap: listed by a fault, unlisted by a zap', () => {
    expect(listAfter([fault('v', 0), fault('v', 1), disableMemory()])).toEqual(['v', 'v', '']);
    expect(
      listAfter([fault('v', 0), fault('w', 0)])[1]
        ?.split(',')
        .sort(),
    ).toEqual(['v', 'w']);
  });
  test('one that nobody has touched is not listed', () => expect(listAfter([fault('w', 0)])).toEqual(['w']));
  test('may have: a failed fill of 5.8 leaves a vma on it without entries', () => {
    const world = { ...oneVma, tasks: { A: fault('v', 0) }, fail: { A: { remapAtPage: 0 } } };
    const { steps } = replay(simulate(world, generations.v5_8, { rules: [] }), '');
    expect(lastPicture(steps).list).toEqual(['v']);
  });
  test('until v6.9: nobody lists anything since', () => {
    expect(listAfter([fault('v', 0), fault('w', 0)], generations.v6_10)).toEqual(['', '']);
  });
});

describe('3.1 i_mapping', () => {
  const devices = { d0: { bars: { bar0: 1, bar1: 1 } }, d1: { bars: { bar0: 1 } } };
  const vmas = {
    v: { device: 'd0', bar: 'bar0', process: 'p' },
    w: { device: 'd0', bar: 'bar1', process: 'q' },
    x: { device: 'd1', bar: 'bar0', process: 'p' },
  };
  const of = { bars: undefined, devices, vmas } as never as Partial<WorldDescription>;
  /** Who maps each device, by its own account. */
  const mappers = (machine: Machine, now: Snapshot) =>
    machine.devices
      .map(({ i_mapping }) => i_mapping?.i_mmap.flatMap((place) => now.get(place)?.name ?? []).join('+') ?? 'none')
      .join(', ');
  const nothing = function* (): Kernel {};

  test('one for all mappings of the device: of its BARs, in all processes', () => {
    const tasks = { A: fault('v', 0) };
    expect(ends({ A: nothing }, mappers, { ...of, tasks }, generations.v6_10)).toEqual(['v+w, x']);
  });
  test('also for those that come later', () => {
    const world = { ...oneVma, tasks: { A: mmap('v', 'w') } };
    const program = simulate(world, generations.v6_10);
    const found = explore({ ...program, outcome: mappers });
    expect(Object.keys(found.outcomes)).toEqual(['v+w']);
  });
  test('so one walk takes all of them back, and none of another device', () => {
    const tasks = { A: fault('w', 0), B: [fault('v', 0), fault('x', 0), disableMemory('d0')] };
    const { steps } = replay(simulate({ devices, vmas, tasks }, generations.v6_10), '');
    const zapped = steps.map(({ operation }) => operation).filter((each) => each.startsWith('ptep_get_and_clear'));
    expect(zapped.map((each) => each.replace(/, .*/, ')'))).toEqual([
      'ptep_get_and_clear(v[0])',
      'ptep_get_and_clear(w[0])',
    ]);
    expect(steps.filter(({ operation }) => operation.startsWith('down_read(i_mmap_rwsem'))).toHaveLength(1);
  });
  test('since v6.10: a driver with a list has none', () => {
    expect(ends({ A: nothing }, mappers, { ...of, tasks: { A: fault('v', 0) } })).toEqual(['none, none']);
  });
});
