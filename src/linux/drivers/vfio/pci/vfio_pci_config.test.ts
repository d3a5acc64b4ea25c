import { describe, expect, test } from 'vitest';
import { explore, readAs, replay, type Snapshot } from '#explore';
import {
  type Deed,
  disableMemory,
  enableMemory,
  fault,
  functionLevelReset,
  reset,
  setPowerState,
  write,
} from '../../../deeds/index.ts';
import type { WorldDescription } from '../../../description.ts';
import { EBUSY } from '../../../include/linux/errno.ts';
import {
  answersNow,
  PCI_AF_CTRL_FLR,
  PCI_COMMAND,
  PCI_COMMAND_MEMORY,
  PCI_D3hot,
  PCI_EXP_DEVCTL_BCR_FLR,
} from '../../../include/linux/pci.ts';
import { down_read, down_write, up_read, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Machine } from '../../../machine.ts';
import type { Picture } from '../../../picture.ts';
import { ends, oneVma, operationsOf, outcomesOf, programOf, run } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { pcie_flr } from '../../pci/pci.ts';
import type { Driver } from './driver.ts';
import { generations } from './generations/index.ts';
import {
  vfio_af_config_write,
  vfio_basic_config_write,
  vfio_exp_config_write,
  vfio_pm_config_write,
} from './vfio_pci_config.ts';
import { vfio_pci_set_power_state } from './vfio_pci_core/power.ts';
import { __vfio_pci_memory_enabled, type vfio_pci_core_device } from './vfio_pci_core.ts';

const TAKE_BACK = [
  'mutex_lock(vma_lock)',
  'rwsem_add_waiter(memory_lock)',
  'down_write(memory_lock)',
  'mutex_unlock(vma_lock)',
];
const LOCK = ['rwsem_add_waiter(memory_lock)', 'down_write(memory_lock)'];
const UNLOCK = 'up_write(memory_lock)';

const stepsOf = (deed: Deed, changes: Partial<WorldDescription> = {}) =>
  operationsOf({ ...oneVma, ...changes, tasks: { Z: deed } }, 'Z');

describe('a write to the command register', () => {
  test('3.4 memory bit 0: takes mappings back, then memory_lock, then the hardware, then the copy', () => {
    expect(stepsOf(disableMemory())).toEqual([...TAKE_BACK, 'pci_write_config_word(PCI_COMMAND)', UNLOCK]);
  });
  test('3.4 memory bit 0: even if it was already 0: the same', () => {
    expect(stepsOf(disableMemory(), { memory: 'disabled' })).toEqual(stepsOf(disableMemory()));
  });
  test('3.4 memory bit 1: memory_lock alone', () => {
    const steps = stepsOf(enableMemory(), { memory: 'disabled' });
    expect(steps).toEqual([...LOCK, 'pci_write_config_word(PCI_COMMAND)', UNLOCK]);
  });
  test('3.4 memory bit 1: restores the BARs after a reset by a back door, and only then', () => {
    const backDoor = function* ({ vdev, driver }: Machine) {
      yield* pcie_flr(vdev.pdev);
      yield* vfio_basic_config_write(vdev, driver, PCI_COMMAND_MEMORY);
    };
    const answers = ({ vdev }: Machine, now: Snapshot) => String(answersNow(vdev.pdev, now));
    const tasks = { A: reset() }; // so that the world foresees resets
    expect(ends({ A: backDoor }, answers, { tasks })).toEqual(['true']);
    expect(stepsOf(enableMemory(), { tasks }).join()).not.toContain('vfio_bar_restore');
  });
  test.each([
    ['3.4 memory bit 0', disableMemory()],
    ['3.4 memory bit 1', enableMemory()],
  ])('%s: writes the hardware, and then the user’s copy', (_row, deed) => {
    const { steps } = replay(simulate({ ...oneVma, tasks: { Z: deed } }, generations.v5_14), '');
    const done = steps.flatMap(({ operation, plain }) => [operation, ...plain.map((each) => each.operation)]);
    const written = done.map((each) => each.replace(/[([].*/, '')).filter((each) => /config/.test(each));
    expect(written).toEqual(['pci_write_config_word', 'vconfig']);
  });
  test('the copy follows the hardware, and both are seen in the picture', () => {
    const { steps } = replay(simulate({ ...oneVma, tasks: { Z: disableMemory() } }, generations.v5_14), '');
    const device = (index: number) => (steps[index]?.picture as Picture | undefined)?.device;
    expect(device(3)).toEqual({ memory: 'enabled', vconfig: 'enabled' });
    expect(device(4)).toEqual({ memory: 'disabled', vconfig: 'disabled' });
  });
  test('is told in words', () => {
    const told = (deed: ReturnType<typeof enableMemory>) => {
      const { steps } = replay(simulate({ ...oneVma, tasks: { Z: deed } }, generations.v5_14), '');
      return steps.find(({ operation }) => operation.startsWith('pci_write'))?.plain[0]?.operation;
    };
    expect(told(disableMemory())).toBe('the device answers no more');
    expect(told(enableMemory())).toBe('the device answers');
  });
  test('on again: accesses come back by faulting', () => {
    const world = { ...oneVma, memory: 'disabled', tasks: { A: [enableMemory(), fault('v', 0)] } } as const;
    expect(Object.keys(explore(simulate(world, generations.v5_14)).outcomes)).toEqual(['A mapped']);
  });
});

describe('a write to the power management capability', () => {
  const state = 'pci_set_power_state(PCI_COMMAND)';

  test('3.4 D-state: D3hot: takes mappings back, then memory_lock, then the state', () => {
    expect(stepsOf(setPowerState('D3hot'), { kernel: '5.19' })).toEqual([...TAKE_BACK, state, UNLOCK]);
  });
  test('3.4 D-state: D0: memory_lock alone', () => {
    const asleep = { kernel: '5.19', power: 'D3hot' } as const;
    expect(stepsOf(setPowerState('D0'), asleep)).toEqual([...LOCK, state, UNLOCK]);
  });
  test('3.4 D-state: D1 and D2, which are not deeper than D3hot: memory_lock alone', () => {
    const lighter = (state: number) =>
      function* ({ vdev, driver }: Machine) {
        return yield* vfio_pm_config_write(vdev, driver, state);
      };
    for (const state of [1, 2]) {
      const program = programOf({ A: lighter(state) }, { kernel: '5.19', tasks: { A: setPowerState('D3hot') } });
      expect(replay(program, '').steps.map(({ operation }) => operation.replace(/, .*/, ')'))).toEqual([
        ...LOCK,
        'pci_set_power_state(PCI_COMMAND)',
        UNLOCK,
      ]);
    }
  });
  test('3.4 D-state: -EBUSY for a PF with active VFs, of which the user is told nothing: the state stays', () => {
    const busy = { kernel: '5.19', activeVfs: 1 };
    expect(stepsOf(setPowerState('D3hot'), busy)).toEqual([...TAKE_BACK, UNLOCK]);
    const code = function* ({ vdev }: Machine) {
      yield* down_write(vdev.memory_lock);
      const ret = yield* vfio_pci_set_power_state(vdev, PCI_D3hot);
      yield* up_write(vdev.memory_lock);
      return ret;
    };
    expect(run(code, { ...busy, tasks: { A: setPowerState('D3hot') } })).toBe(-EBUSY);
  });
  test('3.4 D-state: a state change asserts W held', () => {
    const unlocked = ({ vdev }: Machine) => vfio_pci_set_power_state(vdev, PCI_D3hot);
    const tasks = { A: setPowerState('D3hot') };
    expect(run(unlocked, { kernel: '5.19', tasks })).toBe(
      'warning: rwsem_assert_held_write: memory_lock is not held as the writer',
    );
    expect(run(unlocked, { kernel: '5.18', tasks })).toBe(0);
  });
  test('without W a fault races with it for current_state', () => {
    const unlocked = ({ vdev }: Machine) => vfio_pci_set_power_state(vdev, PCI_D3hot);
    const faulting = function* ({ vdev }: Machine) {
      yield* down_read(vdev.memory_lock);
      const isEnabled = yield* __vfio_pci_memory_enabled(vdev);
      yield* up_read(vdev.memory_lock);
      return isEnabled;
    };
    const changes = { kernel: '5.19', tasks: { A: setPowerState('D3hot'), F: fault('v', 0) } };
    expect(ends({ A: unlocked, F: faulting }, () => '', changes)).toContainEqual(expect.stringMatching(/^data race/));
  });

  const sleeps = { ...oneVma, tasks: { A: fault('v', 0), Z: setPowerState('D3hot') } };
  test('B16: until v5.18 live entries stay when the device goes to D3hot, and a touch meets no device', () => {
    const found = explore(simulate({ ...sleeps, kernel: '5.18' }, generations.v5_14));
    expect(found.violation).toMatchObject({
      kind: 'invariant',
      message: "live mapping: page 0 of v is mapped while the device's memory is off",
    });
    const touching = explore(simulate({ ...sleeps, kernel: '5.18' }, generations.v5_14, { rules: [] }));
    expect(Object.keys(touching.outcomes)).toContain('A touched disabled device, Z D3hot');
  });
  test.each([
    ['v5_14', '5.19'],
    ['v6_10', '6.10'],
  ] as const)('B16: %s since v5.19: mapped before, or SIGBUS after', (driver, kernel) => {
    expect(outcomesOf({ ...sleeps, kernel }, generations[driver])).toEqual(['A SIGBUS, Z D3hot', 'A mapped, Z D3hot']);
  });
  test('D0 again: accesses come back by faulting', () => {
    const tasks = { A: [setPowerState('D3hot'), setPowerState('D0'), fault('v', 0)] };
    expect(outcomesOf({ ...oneVma, kernel: '5.19', tasks })).toEqual(['A mapped']);
  });
});

describe('the bit for a reset of the function', () => {
  test('3.4 FLR: takes mappings back, then memory_lock, then pci_try_reset_function', () => {
    const steps = stepsOf(functionLevelReset());
    expect([steps.slice(0, 5), steps.at(-1)]).toEqual([[...TAKE_BACK, 'mutex_trylock(device_lock)'], UNLOCK]);
    expect(steps).toContain('pcie_flr(PCI_COMMAND)');
  });
  test.each([
    ['PCIe', vfio_exp_config_write, PCI_EXP_DEVCTL_BCR_FLR, 2],
    ['advanced features', vfio_af_config_write, PCI_AF_CTRL_FLR, 1],
  ] as const)('3.4 FLR: in the capability of %s; a write without the bit does nothing', (_name, write, bit, size) => {
    const tasks = { A: reset() };
    const told = (control: number) =>
      function* (machine: Machine) {
        const { pdev } = machine.vdev;
        const before = yield* readAs(pdev.config[PCI_COMMAND], (word) => word);
        const written = yield* write(machine.vdev, machine.driver, control);
        return `${written} ${(yield* readAs(pdev.config[PCI_COMMAND], (word) => word)) !== before}`;
      };
    expect(run(told(bit), { tasks })).toBe(`${size} true`);
    expect(run(told(0), { tasks })).toBe(`${size} false`);
  });
  test.each([
    ['PCIe', vfio_exp_config_write, PCI_EXP_DEVCTL_BCR_FLR],
    ['advanced features', vfio_af_config_write, PCI_AF_CTRL_FLR],
  ] as const)('3.4 FLR: %s: W, zap', (_name, write, bit) => {
    const code = ({ vdev, driver }: Machine) => write(vdev, driver, bit);
    const { steps } = replay(programOf({ A: code }, { tasks: { A: reset() } }), '');
    const operations = steps.map(({ operation }) => operation.replace(/, .*/, ')'));
    expect([operations.slice(0, 5), operations.at(-1)]).toEqual([[...TAKE_BACK, 'mutex_trylock(device_lock)'], UNLOCK]);
  });
  test('nobody meets the device while it is reset', () => {
    const world = { ...oneVma, tasks: { A: [fault('v', 0), fault('v', 1)], Z: functionLevelReset() } };
    expect(outcomesOf(world)).toEqual(['A mapped, Z reset']);
  });
});

describe('B11: disabling the memory under a user who stores', () => {
  const world = { ...oneVma, tasks: { A: write('v', 0), Z: disableMemory() } };
  const endsIn = (driver: Driver) =>
    Object.keys(explore(simulate(world, driver, { rules: [] }), { stopAt: 'never' }).outcomes).sort();

  test('a driver that only writes the bit: the store meets a device that does not answer', () => {
    const onlyLocks = { ...generations.v5_14, zap: ({ memory_lock }: vfio_pci_core_device) => down_write(memory_lock) };
    expect(endsIn(onlyLocks)).toContain('A touched disabled device, Z disabled memory');
  });
  test('eager mapping has nothing to take back with', () => {
    expect(endsIn(generations.eager)).toContain('A touched disabled device, Z disabled memory');
  });
  test('v5.14: it goes through before, or the task gets SIGBUS', () => {
    expect(endsIn(generations.v5_14)).toEqual(['A SIGBUS, Z disabled memory', 'A mapped, Z disabled memory']);
  });
});
