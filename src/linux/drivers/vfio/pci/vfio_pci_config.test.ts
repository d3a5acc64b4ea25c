import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { disableMemory, enableMemory, fault } from '../../../deeds/index.ts';
import type { Picture } from '../../../picture.ts';
import { oneVma } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { generations } from './generations/index.ts';

const operationsOf = (deed: ReturnType<typeof enableMemory>, memory: 'enabled' | 'disabled') =>
  replay(simulate({ ...oneVma, memory, tasks: { Z: deed } }, generations.v5_14), '').steps.map(
    ({ operation }) => operation.split('(')[0],
  );

describe('a write to the command register', () => {
  test('off: takes mappings back, then memory_lock, then the hardware, then the copy', () => {
    expect(operationsOf(disableMemory(), 'enabled')).toEqual([
      'mutex_lock',
      'rwsem_add_waiter',
      'down_write',
      'mutex_unlock',
      'pci_write_config_word',
      'up_write',
    ]);
  });
  test('off, though it was off: the same', () => {
    expect(operationsOf(disableMemory(), 'disabled')).toEqual(operationsOf(disableMemory(), 'enabled'));
  });
  test('on: memory_lock alone', () => {
    expect(operationsOf(enableMemory(), 'disabled')).toEqual([
      'rwsem_add_waiter',
      'down_write',
      'pci_write_config_word',
      'up_write',
    ]);
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
