/** Who takes memory_lock, how, and whether mappings are taken back: section 3.4 of the facts, row by row. What else each does is beside it. */

import { describe, expect, test } from 'vitest';
import { replay, type TraceStep } from '#explore';
import {
  type Deed,
  disableMemory,
  enableMemory,
  fault,
  functionLevelReset,
  hotReset,
  lowPower,
  mapRom,
  readBar,
  reset,
  setPowerState,
  setUpInterrupts,
  signalIoeventfd,
  wakeUp,
  writeBar,
} from '../../../deeds/index.ts';
import type { Picture } from '../../../picture.ts';
import { oneVma, operationsOf, outcomesOf } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import type { Driver } from './driver.ts';
import { generations } from './generations/index.ts';

/** How the deed first takes memory_lock while page 0 of `v` is mapped, and whether that is mapped afterwards. */
function memoryLockIn(deed: Deed, driver: Driver, kernel: string): string {
  const vmas = { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } };
  const world = { ...oneVma, kernel, vmas, tasks: { A: fault('v', 0), Z: deed } };
  const { steps } = replay(simulate(world, driver), '');
  const taken = steps.flatMap(
    ({ task, operation }) => /(.*)\(memory_lock/.exec(task === 'Z' ? operation : '')?.[1] ?? [],
  );
  const { tables } = (steps.at(-1) as TraceStep).picture as Picture;
  const isMapped = tables.some(({ entries }) => entries.some(({ name, text }) => name === 'v[0]' && text !== ''));
  return `${taken.find((each) => each.startsWith('down_'))}, ${isMapped ? 'no zap' : 'zap'}`;
}

describe.each([
  ['v5_14', '6.1'],
  ['v6_10', '6.10'],
] as const)('%s', (name, kernel) => {
  test.each([
    ['3.4 memory bit 0', disableMemory(), 'down_write, zap'],
    ['3.4 memory bit 1', enableMemory(), 'down_write, no zap'],
    ['3.4 D-state', setPowerState('D3hot'), 'down_write, zap'],
    ['3.4 D-state', setPowerState('D0'), 'down_write, no zap'],
    ['3.4 FLR', functionLevelReset(), 'down_write, zap'],
    ['3.4 VFIO_DEVICE_RESET', reset(), 'down_write, zap'],
    ['3.4 hot reset', hotReset(), 'down_write_trylock, zap'],
    ['3.4 low-power entry', lowPower(), 'down_write, zap'],
    ['3.4 low-power exit', wakeUp(), 'down_write, no zap'],
    ['3.4 memory_lock_and_enable', setUpInterrupts(), 'down_write, no zap'],
    ['3.4 memory_lock_and_enable', mapRom(), 'down_write, no zap'],
    ['3.4 BAR access', readBar('bar0', 0), 'down_read, no zap'],
    ['3.4 BAR access', writeBar('bar0', 0), 'down_read, no zap'],
    ['3.4 ioeventfd', signalIoeventfd('bar0', 0), 'down_read_trylock, no zap'],
    ['3.4 fault', fault('w', 0), 'down_read, no zap'],
  ] as const)('%s: %o: %s', (_row, deed, expected) => {
    expect(memoryLockIn(deed, generations[name], kernel)).toBe(expected);
  });
});

describe('3.4 fault', () => {
  test.each(['v5_8', 'v5_14', 'v6_10', 'v6_10_full', 'v6_12'] as const)('disabled: SIGBUS: %s', (name) => {
    const tasks = { A: fault('v', 0) };
    expect(outcomesOf({ ...oneVma, memory: 'disabled', tasks }, generations[name])).toEqual(['A SIGBUS']);
    const steps = operationsOf({ ...oneVma, memory: 'disabled', tasks }, 'A', '', generations[name]);
    expect(steps.filter((each) => each.includes('memory_lock'))).toEqual([
      'down_read(memory_lock)',
      'up_read(memory_lock)',
    ]);
  });
});

describe('3.4 hot reset', () => {
  const bars = { bar0: 1 };
  const devices = { d0: { bars }, d1: { bars }, d2: { bars } };
  const vmas = {
    v: { bar: 'bar0', device: 'd0', process: 'p' },
    w: { bar: 'bar0', device: 'd1', process: 'p' },
  };

  test.each(['v5_14', 'v6_10'] as const)('W on all devices of the set, by trylock, and zap: %s', (name) => {
    const tasks = { A: [fault('v', 0), fault('w', 0)], Z: hotReset() };
    const steps = operationsOf({ devices, vmas, tasks }, 'Z', '', generations[name]);
    expect(steps.filter((each) => /^down_.*memory_lock/.test(each))).toEqual(
      ['d0', 'd1', 'd2'].map((device) => `down_write_trylock(memory_lock of ${device})`),
    );
    expect(steps.filter((each) => each.startsWith('ptep_get_and_clear')).sort()).toEqual([
      'ptep_get_and_clear(v[0])',
      'ptep_get_and_clear(w[0])',
    ]);
  });
});

describe('3.4 low-power entry', () => {
  const puts = /pm_runtime_put|pci_set_power_state/;
  const asked = { ...oneVma, kernel: '6.1', tasks: { A: readBar('bar0', 0), Z: lowPower() } };

  test('drops one reference: the wrapper’s own keeps the device awake until the ioctl is over', () => {
    const steps = operationsOf(asked, 'Z', 'Z').filter((each) => puts.test(each) || each === 'up_write(memory_lock)');
    expect(steps).toEqual([
      'pm_runtime_put_noidle(usage_count)',
      'up_write(memory_lock)',
      'pm_runtime_put(usage_count)',
      'up_write(memory_lock)', // the driver's part of going to sleep
      'pci_set_power_state(PCI_COMMAND)',
    ]);
  });
  test('and so does that of a read which is under way: it is the last that puts it to sleep', () => {
    const told = (task: string) => operationsOf(asked, task, 'A3-Z').filter((each) => puts.test(each));
    expect(told('Z')).toEqual(['pm_runtime_put_noidle(usage_count)', 'pm_runtime_put(usage_count)']);
    expect(told('A')).toEqual(['pm_runtime_put(usage_count)', 'pci_set_power_state(PCI_COMMAND)']);
  });
});

describe('3.4 wake first', () => {
  const wakes = (deed: Deed) => {
    const world = { ...oneVma, kernel: '6.1', tasks: { A: lowPower(), B: deed } };
    return operationsOf(world, 'B', '').includes('pm_runtime_get_noresume(usage_count)');
  };
  test.each([
    readBar('bar0', 0),
    writeBar('bar0', 0),
    disableMemory(),
    enableMemory(),
    setPowerState('D0'),
    functionLevelReset(),
    reset(),
    hotReset(),
    wakeUp(),
    setUpInterrupts(),
    mapRom(),
  ] as const)('ioctls, reads and writes do: %o', (deed) => expect(wakes(deed)).toBe(true));
  test('an access through a mapping has no such hook: SIGBUS, and the device sleeps on', () => {
    expect(wakes(fault('v', 0))).toBe(false);
    const world = { ...oneVma, kernel: '6.1', tasks: { A: [lowPower(), fault('v', 0)] } };
    expect(outcomesOf(world)).toEqual(['A SIGBUS']);
    const { steps } = replay(simulate(world, generations.v5_14), '');
    expect(((steps.at(-1) as TraceStep).picture as Picture).device.memory).toBe('disabled');
  });
});
