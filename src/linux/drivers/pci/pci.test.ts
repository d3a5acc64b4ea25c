import { describe, expect, test } from 'vitest';
import { replay, type Snapshot } from '#explore';
import { reset, setPowerState } from '../../deeds/index.ts';
import { EAGAIN } from '../../include/linux/errno.ts';
import { answersNow, PCI_COMMAND, PCI_COMMAND_MEMORY, PCI_D0, PCI_D3hot } from '../../include/linux/pci.ts';
import { mutex_lock, mutex_unlock } from '../../kernel/locking/mutex.ts';
import type { Machine } from '../../machine.ts';
import { ends, oneVma, run } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { generations } from '../vfio/pci/generations/index.ts';
import { pci_read_config_word, pci_write_config_word } from './access.ts';
import {
  pci_reset_bus,
  pci_restore_state,
  pci_save_state,
  pci_set_power_state,
  pci_try_reset_function,
  pcie_flr,
} from './pci.ts';

const changes = { tasks: { A: [reset(), setPowerState('D3hot')] } } as const;
const answers = ({ vdev }: Machine, now: Snapshot) => (answersNow(vdev.pdev, now) ? 'answers' : 'silent');
const stateAfter = (code: Parameters<typeof run>[0], more = {}) => ends({ A: code }, answers, { ...changes, ...more });

describe('a device', () => {
  test('answers with its memory on', () => {
    expect(stateAfter(({ vdev }) => pci_write_config_word(vdev.pdev, PCI_COMMAND, 0))).toEqual(['silent']);
    expect(stateAfter(({ vdev }) => pci_write_config_word(vdev.pdev, PCI_COMMAND, PCI_COMMAND_MEMORY))).toEqual([
      'answers',
    ]);
  });
  test('answers in D0 alone, and keeps its registers', () => {
    const toSleep = function* ({ vdev: { pdev } }: Machine) {
      yield* pci_set_power_state(pdev, PCI_D3hot);
      return yield* pci_read_config_word(pdev, PCI_COMMAND);
    };
    expect(stateAfter(toSleep)).toEqual(['silent']);
    expect(run(toSleep, changes)).toBe(PCI_COMMAND_MEMORY);
    const andBack = function* (machine: Machine) {
      yield* toSleep(machine);
      yield* pci_set_power_state(machine.vdev.pdev, PCI_D0);
    };
    expect(stateAfter(andBack)).toEqual(['answers']);
  });
  test('in the state already: left alone', () => {
    const tasks = { Z: setPowerState('D0') };
    const { steps } = replay(simulate({ ...oneVma, kernel: '5.19', tasks }, generations.v5_14), '');
    expect(steps.map(({ operation }) => operation).join()).not.toContain('pci_set_power_state');
  });
  test('a virtual function answers whatever its command register says', () => {
    const vf = { virtualFunction: true };
    expect(stateAfter(({ vdev }) => pci_write_config_word(vdev.pdev, PCI_COMMAND, 0), vf)).toEqual(['answers']);
    const enabling = function* ({ vdev: { pdev } }: Machine) {
      yield* pci_write_config_word(pdev, PCI_COMMAND, PCI_COMMAND_MEMORY);
      return yield* pci_read_config_word(pdev, PCI_COMMAND);
    };
    expect(run(enabling, { ...changes, ...vf })).toBe(0);
  });
});

describe('a reset', () => {
  test('loses registers and the addresses of BARs: the memory bit alone brings nothing back', () => {
    const lost = function* ({ vdev: { pdev } }: Machine) {
      yield* pcie_flr(pdev);
      yield* pci_write_config_word(pdev, PCI_COMMAND, PCI_COMMAND_MEMORY);
    };
    expect(stateAfter(({ vdev }) => pcie_flr(vdev.pdev))).toEqual(['silent']);
    expect(stateAfter(lost)).toEqual(['silent']);
  });
  test('what was saved before is restored after', () => {
    const code = function* ({ vdev: { pdev } }: Machine) {
      yield* pci_save_state(pdev);
      yield* pcie_flr(pdev);
      yield* pci_restore_state(pdev);
    };
    expect(stateAfter(code)).toEqual(['answers']);
    expect(stateAfter(code, { memory: 'disabled' })).toEqual(['silent']);
  });
  test('of a device in D3hot wakes it', () => {
    const code = ({ vdev }: Machine) => pci_try_reset_function(vdev.pdev);
    expect(stateAfter(code, { power: 'D3hot' })).toEqual(['answers']);
    expect(run(code, { ...changes, power: 'D3hot' })).toBe(0);
  });
  test.each([
    ['pci_try_reset_function', ({ vdev }: Machine) => pci_try_reset_function(vdev.pdev)],
    ['pci_reset_bus', ({ vdev }: Machine) => pci_reset_bus([vdev.pdev])],
  ] as const)('%s: -EAGAIN while somebody is at the device', (_name, code) => {
    const holding = function* (machine: Machine) {
      yield* mutex_lock(machine.vdev.pdev.device_lock);
      const ret = yield* code(machine);
      yield* mutex_unlock(machine.vdev.pdev.device_lock);
      return ret;
    };
    expect(run(holding, changes)).toBe(-EAGAIN);
    expect(stateAfter(holding)).toEqual(['answers']);
    expect(run(code, changes)).toBe(0);
  });
});
