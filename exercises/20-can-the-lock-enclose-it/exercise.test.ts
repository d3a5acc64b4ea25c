import { expect, test } from 'vitest';
import {
  answering,
  besideConfigWrite,
  chosen,
  diedAlone,
  lockKept,
  readUnlocked,
  waitsForItself,
  wrongAnswers,
} from '#grade/matchers';
import { driverWith, type RuleName, simulate, type WorldDescription } from '#linux';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

const worlds = chosen(variants);
const driver = driverWith({ fault: answering(submission.vfio_pci_mmap_fault) });

// All but `partial fill`: whoever maps one page at a time survives two faults too.
const rules: RuleName[] = [
  'live mapping',
  'outside the BAR',
  'wrong page',
  'listed twice',
  'mapped but not listed',
  'listed but not mapped',
  'needless signal',
];
const boot = (world: WorldDescription) => simulate(world, driver, { rules });

test('one access, memory on', { meta: { id: 'alone', stage: 1 } }, () => {
  expect(boot(worlds.alone)).toHold(
    { ...wrongAnswers, 'lock misuse': lockKept, deadlock: waitsForItself },
    { ends: ['A mapped'] },
  );
});

test('one access, memory off', { meta: { id: 'memory-off', stage: 1 } }, () => {
  expect(boot(worlds.memoryOff)).toHold({ 'lock misuse': lockKept }, { ends: ['A SIGBUS'] });
});

test('one access after another, by one task', { meta: { id: 'one-after-another', stage: 1 } }, () => {
  expect(boot(worlds.afterAZap)).toHold({ 'lock misuse': lockKept });
  expect(boot(worlds.twoMappings)).toHold({ livelock: 'search-by-device', 'lock misuse': lockKept });
});

test('A and B fault on one mapping', { meta: { id: 'two-faults', stage: 2 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'bug: BUG_ON(!pte_none(*pte))': diedAlone,
    'data race': readUnlocked,
    'lock misuse': lockKept,
    'check: needless signal': 'losing-is-an-error',
    'warning: needless OOM': 'losing-is-an-error',
  };
  expect(boot(worlds.samePage)).toHold(mistakes);
  expect(boot(worlds.otherPage)).toHold(mistakes);
});

test('A and B fault on two mappings: each on one, then A on both', { meta: { id: 'two-mappings', stage: 2 } }, () => {
  expect(boot(worlds.twoProcesses)).toHold({ livelock: 'search-by-device' });
  expect(boot(worlds.notTheFirstEntry)).toHold({ livelock: 'search-by-device' });
});

test('a fault beside a config write', { meta: { id: 'config-write', stage: 3 } }, () => {
  expect(boot(worlds.configWrite)).toHold(besideConfigWrite);
});
