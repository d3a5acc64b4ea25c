import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import {
  disableMemory,
  fault,
  lowPower,
  readBar,
  reset,
  setPowerState,
  wakeUp,
  writeBar,
} from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import type { Machine } from '../../../../machine.ts';
import { oneVma, operationsOf, outcomesOf, run } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import { generations } from '../generations/index.ts';
import { __vfio_pci_memory_enabled } from '../vfio_pci_core.ts';

const low = (tasks: WorldDescription['tasks'], changes: Partial<WorldDescription> = {}) => ({
  ...oneVma,
  kernel: '6.1',
  ...changes,
  tasks,
});

describe('__vfio_pci_memory_enabled', () => {
  const isEnabled = (changes: Partial<WorldDescription>) => run(({ vdev }) => __vfio_pci_memory_enabled(vdev), changes);

  test.each([
    ['3.1 vconfig: the virtual memory bit', { memory: 'enabled' }, true],
    ['3.1 vconfig: without it', { memory: 'disabled' }, false],
    ['3.1 no_command_memory: a VF is always enabled', { virtualFunction: true }, true],
    [
      '3.1 no_command_memory: also one that s390 hides, since v5.10',
      { virtualFunction: 'detached', kernel: '5.10' },
      true,
    ],
    ['3.1 current_state: D3hot counts as disabled since v5.19', { power: 'D3hot', kernel: '5.19' }, false],
    ['3.1 current_state: until v5.18 it does not', { power: 'D3hot', kernel: '5.18' }, true],
    [
      '3.1 current_state: above D3hot AND no_command_memory',
      { power: 'D3hot', virtualFunction: true, kernel: '5.19' },
      false,
    ],
    ['3.1 current_state: above D3hot AND the virtual bit', { memory: 'disabled', power: 'D0', kernel: '5.19' }, false],
  ] as const)('%s', (_name, changes, expected) => expect(isEnabled(changes)).toBe(expected));

  test.each([
    ['D1', 1, true],
    ['D2', 2, true],
    ['D3hot', 3, false],
    ['D3cold', 4, false],
  ])('3.1 current_state: D3hot or deeper counts as disabled: %s', (_name, current_state, expected) => {
    const code = ({ vdev }: Machine) => __vfio_pci_memory_enabled({ ...vdev, pdev: { ...vdev.pdev, current_state } });
    expect(run(code, { kernel: '5.19' })).toBe(expected);
  });
  test('3.1 vconfig: it is the virtual copy that is tested, not the hardware', () => {
    const world = low({ A: fault('v', 0), Z: disableMemory() });
    const { steps } = replay(simulate(world, generations.v5_14), '');
    const cells = steps.flatMap(({ plain }) => plain.map(({ operation }) => operation));
    expect(cells).toContain('__vfio_pci_memory_enabled(vconfig[PCI_COMMAND])');
  });

  describe('B12: a virtual function, whose memory bit reads 0', () => {
    const touching = (virtualFunction: true | 'detached', kernel: string) =>
      outcomesOf({ ...oneVma, kernel, virtualFunction, tasks: { A: fault('v', 0) } }, generations.v5_8);
    const refused = ['A SIGBUS', 'check: needless signal'];

    test('before ebfa440ce38b: SIGBUS on first touch', () => expect(touching(true, '5.7')).toEqual(refused));
    test('since v5.8: mapped', () => expect(touching(true, '5.8')).toEqual(['A mapped']));
    test('one that is not known as such: SIGBUS until v5.9', () =>
      expect(touching('detached', '5.9')).toEqual(refused));
    test('since v5.10: mapped', () => expect(touching('detached', '5.10')).toEqual(['A mapped']));
    test('a disable takes its mappings back, and it stays enabled', () => {
      const world = {
        ...oneVma,
        virtualFunction: true,
        tasks: { A: [fault('v', 0), fault('v', 0)], Z: disableMemory() },
      };
      expect(outcomesOf(world)).toEqual(['A mapped, Z disabled memory']);
    });
  });
});

describe('low power', () => {
  test('3.4 low-power entry: W, zap; drops one runtime-PM reference, and the wrapper holds its own: so it sleeps when the ioctl is over', () => {
    const asleep = operationsOf(low({ Z: lowPower() }), 'Z');
    expect(asleep).toEqual([
      'mutex_lock(power.wait_queue)',
      'pm_runtime_get_noresume(usage_count)',
      'mutex_unlock(power.wait_queue)',
      'mutex_lock(vma_lock)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'mutex_unlock(vma_lock)',
      'pm_runtime_put_noidle(usage_count)',
      'up_write(memory_lock)',
      'mutex_lock(power.wait_queue)',
      'pm_runtime_put(usage_count)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'up_write(memory_lock)',
      'pci_set_power_state(PCI_COMMAND)',
      'mutex_unlock(power.wait_queue)',
    ]);
  });
  test('3.4 low-power exit: W, no zap; and runtime resume: W', () => {
    const all = operationsOf(low({ Z: [lowPower(), wakeUp()] }), 'Z');
    expect(all.slice(16)).toEqual([
      'mutex_lock(power.wait_queue)',
      'pm_runtime_get_noresume(usage_count)',
      'pci_set_power_state(PCI_COMMAND)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'up_write(memory_lock)',
      'mutex_unlock(power.wait_queue)',
      'rwsem_add_waiter(memory_lock)',
      'down_write(memory_lock)',
      'pm_runtime_get_noresume(usage_count)',
      'up_write(memory_lock)',
      'mutex_lock(power.wait_queue)',
      'pm_runtime_put(usage_count)',
      'mutex_unlock(power.wait_queue)',
    ]);
  });
  test('3.4 low-power exit: runtime suspend: W, forces D0 first', () => {
    const steps = operationsOf(low({ Z: [setPowerState('D3hot'), lowPower()] }), 'Z');
    const states = steps.filter((operation) => operation.startsWith('pci_set_power_state'));
    expect(states).toHaveLength(3); // D3hot by the user, D0 by the suspend, D3hot by the bus
    expect(outcomesOf(low({ Z: [setPowerState('D3hot'), lowPower(), wakeUp()], A: fault('v', 0) }))).toEqual([
      'Z awake, A SIGBUS',
      'Z awake, A mapped',
    ]);
  });

  test.each(['v5_14', 'v6_10', 'v6_12'] as const)('3.1 pm_runtime_engaged: %s: faults give SIGBUS', (driver) => {
    const world = low({ A: fault('v', 0), Z: lowPower() });
    expect(outcomesOf(world, generations[driver])).toEqual(['A SIGBUS, Z low power', 'A mapped, Z low power']);
    expect(outcomesOf(low({ A: [lowPower(), fault('v', 0)] }), generations[driver])).toEqual(['A SIGBUS']);
  });
  test('3.4 wake first: ioctl, read and write wake the device first', () => {
    for (const deed of [readBar('bar0', 0), writeBar('bar0', 0)]) {
      expect(outcomesOf(low({ A: [lowPower(), deed] }))).toEqual(['A the device answered']);
    }
    expect(outcomesOf(low({ A: [lowPower(), reset()] }))).toEqual(['A reset']);
  });
  test('3.4 wake first: -EIO if it does not wake up', () => {
    const changes = { fail: { A: { wakeUp: true } } };
    expect(outcomesOf(low({ A: [lowPower(), readBar('bar0', 0)] }, changes))).toEqual(['A -EIO']);
    expect(outcomesOf(low({ A: [lowPower(), reset()] }, changes))).toEqual(['A -EIO']);
    const { steps } = replay(simulate(low({ A: [lowPower(), reset()] }, changes), generations.v5_14), '');
    expect(steps.flatMap(({ plain }) => plain.map(({ operation }) => operation))).toContain(
      'the device does not wake up (injected failure)',
    );
  });
  test('it sleeps again once nobody wants it', () => {
    const steps = operationsOf(low({ A: [lowPower(), readBar('bar0', 0)] }), 'A');
    const states = steps.filter((operation) => operation.startsWith('pci_set_power_state'));
    expect(states).toHaveLength(3);
  });
  test('twice: -EINVAL', () => expect(outcomesOf(low({ Z: [lowPower(), lowPower()] }))).toEqual(['Z -EINVAL']));
  test('awake again without having slept: 0', () => expect(outcomesOf(low({ Z: wakeUp() }))).toEqual(['Z awake']));
  test('before v6.1 there is no such thing: -ENOTTY', () => {
    const world = low({ A: fault('v', 0), Z: [lowPower(), wakeUp()] }, { kernel: '6.0' });
    expect(outcomesOf(world)).toEqual(['A mapped, Z -ENOTTY']);
  });
  test('nobody meets a device that sleeps, whoever else is at work', () => {
    const found = explore(
      simulate(low({ A: fault('v', 0), B: readBar('bar0', 1), Z: lowPower() }), generations.v5_14),
      {
        stopAt: 'never',
      },
    );
    expect([found.verdict, ...Object.keys(found.outcomes).sort()]).toEqual([
      'holds',
      'A SIGBUS, B the device answered, Z low power',
      'A mapped, B the device answered, Z low power',
    ]);
  });
});
