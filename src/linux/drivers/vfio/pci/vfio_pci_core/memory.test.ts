import { describe, expect, test } from 'vitest';
import { replay } from '#explore';
import { disableMemory, fault, mapRom, setUpInterrupts } from '../../../../deeds/index.ts';
import type { Picture } from '../../../../picture.ts';
import { oneVma, operationsOf, outcomesOf } from '../../../../testing.ts';
import { simulate } from '../../../../world.ts';
import { generations } from '../generations/index.ts';

describe.each([
  ['MSI set-up', setUpInterrupts, 'set up interrupts'],
  ['ROM map', mapRom, 'mapped the ROM'],
] as const)('%s', (_name, deed, words) => {
  const stepsOf = (memory: 'enabled' | 'disabled') => operationsOf({ ...oneVma, memory, tasks: { Z: deed() } }, 'Z');
  const write = 'pci_write_config_word(PCI_COMMAND)';
  const read = 'pci_read_config_word(PCI_COMMAND)';
  const lock = ['rwsem_add_waiter(memory_lock)', 'down_write(memory_lock)'];

  test('3.4 memory_lock_and_enable: W, no zap; forces the hardware bit on, restores it after', () => {
    expect(stepsOf('disabled')).toEqual([...lock, read, write, write, 'up_write(memory_lock)']);
  });
  test('3.4 memory_lock_and_enable: where the bit is on, it stays', () => {
    expect(stepsOf('enabled')).toEqual([...lock, read, write, 'up_write(memory_lock)']);
  });
  test('3.4 memory_lock_and_enable: the device answers meanwhile, and as before afterwards; the user’s bit stays 0', () => {
    const { steps } = replay(simulate({ ...oneVma, memory: 'disabled', tasks: { Z: deed() } }, generations.v5_14), '');
    const seen = steps.map(({ picture }) => (picture as Picture).device);
    expect(seen.map(({ memory }) => memory).join()).toMatch(/^(disabled,)+(enabled,)+(disabled,?)+$/);
    expect(seen.every(({ vconfig }) => vconfig === 'disabled')).toBe(true);
  });
  test('no fault is served meanwhile: the virtual bit is 0', () => {
    const world = { ...oneVma, memory: 'disabled', tasks: { A: fault('v', 0), Z: deed() } } as const;
    expect(outcomesOf(world)).toEqual([`A SIGBUS, Z ${words}`]);
  });
  test.each(['v5_14', 'v6_10'] as const)('%s: beside a disable, which stays', (driver) => {
    const world = { ...oneVma, tasks: { A: fault('v', 0), Y: disableMemory(), Z: deed() } };
    expect(outcomesOf(world, generations[driver])).toEqual([
      `A SIGBUS, Y disabled memory, Z ${words}`,
      `A mapped, Y disabled memory, Z ${words}`,
    ]);
  });
});
