import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { disableMemory, fault, lowPower, readBar, signalIoeventfd, writeBar } from '../../../deeds/index.ts';
import type { WorldDescription } from '../../../description.ts';
import { EFAULT } from '../../../include/linux/errno.ts';
import type { Bar } from '../../../include/linux/pci.ts';
import { down_read, up_read, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Machine } from '../../../machine.ts';
import { ends, oneVma, operationsOf, outcomesOf, programOf, run } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { generations } from './generations/index.ts';
import { vfio_basic_config_write } from './vfio_pci_config.ts';
import { type RegisterAccess, vfio_pci_bar_rw } from './vfio_pci_rdwr.ts';

const world = (tasks: WorldDescription['tasks'], changes: Partial<WorldDescription> = {}): WorldDescription => ({
  ...oneVma,
  ...changes,
  tasks,
});

describe.each([
  ['read', readBar],
  ['write', writeBar],
] as const)('a BAR %s', (_name, deed) => {
  test('3.4 BAR access: R', () => {
    expect(operationsOf(world({ A: deed('bar0', 0) }), 'A')).toEqual([
      'down_read(memory_lock)',
      'up_read(memory_lock)',
    ]);
  });
  test('3.4 BAR access: R per register, so the memory may go off in between', () => {
    const reading = (registers: number) =>
      function* ({ vdev }: Machine) {
        const access: RegisterAccess = {
          bar: vdev.pdev.bars[0] as Bar,
          page: 0,
          isWrite: deed === writeBar,
          registers,
        };
        return `${yield* vfio_pci_bar_rw(vdev, access)} ${access.met ?? 'nothing'}`;
      };
    const disabling = ({ vdev, driver }: Machine) => vfio_basic_config_write(vdev, driver, 0);
    const answers = (registers: number, kernel: string) =>
      ends({ A: reading(registers), Z: disabling }, (_machine, now) => String(now.returned('A')), {
        kernel,
        tasks: { A: fault('v', 0), Z: disableMemory() },
      }).sort();
    expect(answers(1, '5.9')).toEqual(['-5 nothing', '4 device']);
    expect(answers(3, '5.9')).toEqual(['-5 device', '-5 nothing', '12 device']);
    expect(answers(3, '5.8')).toEqual(['-5 nothing', '12 device']);
    const { steps } = replay(programOf({ A: reading(2) }, { tasks: { A: disableMemory() } }), '');
    expect(steps.filter(({ operation }) => operation === 'down_read(memory_lock)')).toHaveLength(2);
  });
  test('3.4 BAR access: disabled: -EIO', () => {
    expect(outcomesOf(world({ A: deed('bar0', 0) }, { memory: 'disabled' }))).toEqual(['A -EIO']);
    expect(outcomesOf(world({ A: deed('bar0', 0) }, { power: 'D3hot', kernel: '5.19' }))).toEqual(['A -EIO']);
    expect(outcomesOf(world({ A: deed('bar0', 0) }, { memory: 'disabled', kernel: '5.8' }))).toEqual(['A -EIO']);
  });
  test('beside a disable: it reaches the device, or -EIO', () => {
    expect(outcomesOf(world({ A: deed('bar0', 0), Z: disableMemory() }))).toEqual([
      'A -EIO, Z disabled memory',
      'A the device answered, Z disabled memory',
    ]);
  });
});

describe('the table of MSI-X', () => {
  const bars = { bar0: { pages: 2, msixPage: 1 } };

  test.each(['enabled', 'disabled'] as const)(
    '3.4 BAR access: MSI-X table: bytes read as 0xFF, writes dropped: memory %s',
    (memory) => {
      expect(outcomesOf(world({ A: readBar('bar0', 1) }, { bars, memory }))).toEqual(['A 0xFF']);
      expect(outcomesOf(world({ A: writeBar('bar0', 1) }, { bars, memory }))).toEqual(['A dropped']);
    },
  );
  test('the rest of the BAR is the device’s', () => {
    expect(outcomesOf(world({ A: readBar('bar0', 0) }, { bars }))).toEqual(['A the device answered']);
  });
});

describe('the copy to and from the user', () => {
  const bar = ({ vdev }: Machine) => vdev.pdev.bars[0] as Bar;
  /** The buffer is a mapping of the device: its copy faults, and the handler takes memory_lock. */
  const reading = (isWrite: boolean) =>
    function* (machine: Machine) {
      const { memory_lock } = machine.vdev;
      const copy = function* () {
        yield* down_read(memory_lock);
        yield* up_read(memory_lock);
        return 0;
      };
      return yield* vfio_pci_bar_rw(machine.vdev, { bar: bar(machine), page: 0, isWrite, copy });
    };
  const disabling = function* ({ vdev, driver }: Machine) {
    yield* driver.zap(vdev);
    yield* up_write(vdev.memory_lock);
  };
  const verdict = (isWrite: boolean, kernel: string) =>
    explore(programOf({ A: reading(isWrite), Z: disabling }, { kernel })).violation?.kind ?? 'holds';

  test.each([false, true])(
    '3.4 BAR access: the user copy is done outside the lock since v5.9 (isWrite %s)',
    (isWrite) => {
      expect(verdict(isWrite, '5.9')).toBe('holds');
    },
  );
  test.each([false, true])('B8: until v5.8 a second memory_lock R waits behind the writer (isWrite %s)', (isWrite) => {
    expect(verdict(isWrite, '5.8')).toBe('deadlock');
  });
  test('one that fails: -EFAULT; of a write the device is not reached', () => {
    const failing = (isWrite: boolean) =>
      run(function* (machine) {
        const access = {
          bar: bar(machine),
          page: 0,
          isWrite,
          copy: function* () {
            return 4;
          },
        };
        const done = yield* vfio_pci_bar_rw(machine.vdev, access);
        return `${done} ${'met' in access}`;
      });
    expect([failing(false), failing(true)]).toEqual([`${-EFAULT} true`, `${-EFAULT} false`]);
  });
});

describe('an ioeventfd', () => {
  test('3.4 ioeventfd: R by trylock in the wakeup callback', () => {
    const steps = operationsOf(world({ A: signalIoeventfd('bar0', 0) }), 'A');
    expect(steps).toEqual(['down_read_trylock(memory_lock)', 'up_read(memory_lock)']);
  });
  test('3.4 ioeventfd: contended: a worker thread does it', () => {
    const steps = operationsOf(world({ A: signalIoeventfd('bar0', 0), Z: disableMemory() }), 'A', 'Z3-A-Z3-A');
    expect(steps).toEqual(['down_read_trylock(memory_lock)', 'down_read(memory_lock)', 'up_read(memory_lock)']);
  });
  test('3.4 ioeventfd: disabled: the write is dropped', () => {
    expect(outcomesOf(world({ A: signalIoeventfd('bar0', 0) }, { memory: 'disabled' }))).toEqual(['A dropped']);
    expect(outcomesOf(world({ A: signalIoeventfd('bar0', 0), Z: disableMemory() }))).toEqual([
      'A dropped, Z disabled memory',
      'A the device answered, Z disabled memory',
    ]);
  });
  test('3.4 ioeventfd: disabled by whom the worker waits for: it drops the write too', () => {
    const contended = world({ A: signalIoeventfd('bar0', 0), Z: disableMemory() });
    const { steps, ending } = replay(simulate(contended, generations.v5_14), 'Z3-A-Z3-A');
    expect(ending.kind).toBe('returned');
    const words = steps.flatMap(({ plain }) => plain.map(({ operation }) => operation));
    expect(words.filter((each) => /^(the device answers:|no answer)/.test(each))).toEqual([]);
  });
  // Derived from 3.4 alone, tried on no kernel, and no report is known: nothing wakes the device for it, and the bus takes no
  // memory_lock when it puts the device to sleep after the driver's part.
  test('derived: one that is signalled while the device goes to sleep races with the bus for its state', () => {
    const sleeping = world({ A: signalIoeventfd('bar0', 0), Z: lowPower() }, { kernel: '6.1' });
    expect(outcomesOf(sleeping)).toEqual([
      'A dropped, Z low power',
      'A the device answered, Z low power',
      'A touched disabled device, Z low power',
      'data race: current_state',
    ]);
  });
});
