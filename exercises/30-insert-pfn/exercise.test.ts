import { expect, test } from 'vitest';
import type { Violation } from '#explore';
import {
  answering,
  besideConfigWrite,
  chosen,
  diedAlone,
  lockKept,
  readUnlocked,
  unlockedIn,
  waitsForItself,
  wrongAnswers,
} from '#grade/matchers';
import { driverWith, type FailDescription, refusablePages, simulate, type WorldDescription } from '#linux';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

const worlds = chosen(variants);
const { vfio_pci_mmap_fault } = submission;

const boot = (world: WorldDescription) => simulate(world, driverWith({ fault: answering(vfio_pci_mmap_fault) }));

/** The world, in which something of A's fails: to say VM_FAULT_OOM may be right. */
const bootFailing = (world: WorldDescription, fail?: FailDescription) =>
  simulate(
    fail ? { ...world, fail: { A: fail } } : world,
    driverWith({ fault: answering(vfio_pci_mmap_fault, { isMemoryShort: true }) }),
  );

const insertsOf = ({ trace }: Violation) =>
  trace.steps.map(({ operation }) => operation).filter((operation) => operation.startsWith('set_pte_at'));

/** The first insert succeeded, and was taken for a failure. */
const endedAtSuccess = (violation: Violation) => (insertsOf(violation).length === 1 ? 'zero-is-success' : undefined);

/** More than the touched page, and the first one is not among them. */
function beganLate(violation: Violation) {
  const [first = '', second] = insertsOf(violation);
  return second && !/^set_pte_at\(\w+\[0\]/.test(first) ? 'from-the-fault-on' : undefined;
}

const hasReachedTheDevice = ({ trace }: Violation) =>
  trace.steps.some(({ plain }) => plain.some(({ operation }) => operation.startsWith('the device answers:')));

/** Of one access, with nothing that fails. */
const alone = {
  ...wrongAnswers,
  'check: wrong page': ({ message }: Violation) => (isOneFrame(message) ? 'same-frame-for-all' : undefined),
  'check: partial fill': beganLate,
  'check: mapped but not listed': 'list-not-needed',
  'check: needless signal': endedAtSuccess,
  livelock: endedAtSuccess,
  'lock misuse': lockKept,
  deadlock: waitsForItself,
};

/** The second page maps the first frame, or the first page a later one. */
const isOneFrame = (message: string) => /page 1 of \w+ maps page 0 |page 0 of \w+ maps page [1-9]/.test(message);

test('one access, memory on and off', { meta: { id: 'alone', stage: 1 } }, () => {
  expect(boot(worlds.alone)).toHold(alone, { ends: ['A mapped'] });
  expect(boot(worlds.memoryOff)).toHold({ ...wrongAnswers, 'lock misuse': lockKept }, { ends: ['A SIGBUS'] });
});

test('one access after another', { meta: { id: 'one-after-another', stage: 1 } }, () => {
  expect(boot(worlds.afterAZap)).toHold();
  expect(boot(worlds.twoMappings)).toHold({ livelock: 'search-by-device', 'check: partial fill': 'search-by-device' });
});

test('two faults on one mapping', { meta: { id: 'two-faults', stage: 2 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'bug: BUG_ON(!pte_none(*pte))': diedAlone,
    'check: listed twice': 'no-duplicate-search',
    'check: needless signal': 'losing-is-an-error',
    'warning: needless OOM': 'losing-is-an-error',
    'data race': (violation: Violation) =>
      unlockedIn(violation).length === 2 ? 'lock-not-needed' : readUnlocked(violation),
    'lock misuse': lockKept,
  };
  expect(boot(worlds.samePage)).toHold(mistakes);
  expect(boot(worlds.otherPage)).toHold(mistakes);
  expect(boot(worlds.notTheFirstEntry)).toHold({ livelock: 'search-by-device' });
});

test('a fault beside a config write', { meta: { id: 'config-write', stage: 3 } }, () => {
  expect(boot(worlds.configWrite)).toHold(besideConfigWrite);
});

test('two faults and a config write', { meta: { id: 'three-tasks', stage: 3 } }, () => {
  expect(bootFailing(worlds.twoFaultsAndConfigWrite)).toHold(besideConfigWrite);
  expect(boot(worlds.unmapped)).toHold(besideConfigWrite);
});

test('an insert that fails', { meta: { id: 'insert-fails', stage: 4 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'check: partial fill': (violation: Violation) =>
      hasReachedTheDevice(violation) ? 'last-result-wins' : 'partial-fill-left',
    'check: listed but not mapped': 'entry-left-behind',
    'warning: leaked': 'unlinked-is-freed',
    livelock: 'failure-is-nopage',
    'lock misuse': lockKept,
  };
  for (const page of refusablePages(worlds.failsAlone))
    expect(bootFailing(worlds.failsAlone, { remapAtPage: page })).toHold(mistakes, {
      ends: ['A SIGBUS'],
    });
  for (const allocation of [1, 2, 3, 4, 5])
    expect(bootFailing(worlds.tablesOnDemand, { allocations: [allocation] })).toHold(
      { 'check: mapped but not listed': 'oom-swallowed', 'lock misuse': lockKept, ending: 'one-error-for-all' },
      { ends: ['A mapped'] },
    );
});

test('an access beside one that fails', { meta: { id: 'after-a-failure', stage: 4 } }, () => {
  const mistakes = { 'use after free': 'free-unlinks' };
  const ends = ['A mapped, B mapped', 'A SIGBUS, B mapped'];
  for (const page of refusablePages(worlds.failsBesideAnother))
    expect(bootFailing(worlds.failsBesideAnother, { remapAtPage: page })).toHold(mistakes, { ends });
  expect(bootFailing(worlds.failsBesideAnother, { allocations: [1] })).toHold(mistakes, { ends });
});
