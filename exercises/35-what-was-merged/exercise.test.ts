import { expect, test } from 'vitest';
import type { TraceStep, Violation } from '#explore';
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

// --- What a violation says of the handler behind it ------------------------------------------------------------------

const fullEntry = 'bug: BUG_ON(!pte_none(*pte))';

const isLocking = ({ operation }: TraceStep) => operation === 'mutex_lock(vma_lock)';
const isFilling = ({ operation }: TraceStep) => operation.startsWith('set_pte_at');
const isListing = ({ plain }: TraceStep) => plain.some(({ operation }) => operation.startsWith('set(vma_list.'));
const isHeldOverFills = (steps: readonly TraceStep[]) =>
  steps.filter(isFilling).every(({ locks }) => locks.includes('vma_lock'));

/** Two met at one entry: filled without the lock, or the lock given back before the list said so; or nobody looked. */
function met(violation: Violation): string | undefined {
  const { steps } = violation.trace;
  if (!steps.some(isLocking)) return undefined;
  return isHeldOverFills(steps) && steps.some(isListing) ? diedAlone(violation) : 'lock-guards-the-list';
}

/** As `met`, where tables are made on demand: whoever looks again in a world whose tables are there looks at the wrong thing. */
const metOnDemand = (violation: Violation) => (met(violation) === 'no-recheck' ? 'entry-of-then' : undefined);

/** Read without the lock, by somebody who knows it. */
const raced = (violation: Violation) => (violation.trace.steps.some(isLocking) ? readUnlocked(violation) : undefined);

/** Something is left of a fill that failed: nobody zapped, or the zap was given a range that it does not touch. */
const leftover =
  (belief: string) =>
  ({ trace: { steps } }: Violation) => {
    const isZapped = steps.some(({ plain }) => plain.some(({ stack }) => stack[0]?.function === 'zap_vma_ptes'));
    const isCleared = steps.some(({ stack }) => stack.some((frame) => frame.function === 'zap_pte_range'));
    return isZapped && !isCleared ? 'end-for-size' : belief;
  };

/** An end that is right where A's fault may fail and B's may not. */
const endsBesideAnother = ['A mapped, B mapped', 'A SIGBUS, B mapped'];

/** Another came between a failure and its zap; that there is a zap has been seen before. */
const cleanedLate = ({ trace: { steps } }: Violation) => (isHeldOverFills(steps) ? 'clean-up-after-unlock' : undefined);

const beside = {
  ...wrongAnswers,
  [fullEntry]: cleanedLate,
  'check: listed but not mapped': cleanedLate,
  'check: partial fill': cleanedLate,
};

// --- The checks ------------------------------------------------------------------------------------------------------

test('one access, memory on and off', { meta: { id: 'alone', stage: 1 } }, () => {
  const mistakes = { ...wrongAnswers, 'lock misuse': lockKept, deadlock: waitsForItself };
  expect(boot(worlds.alone)).toHold(mistakes, { ends: ['A mapped'] });
  expect(boot(worlds.memoryOff)).toHold(mistakes, { ends: ['A SIGBUS'] });
});

test('one access after another', { meta: { id: 'one-after-another', stage: 1 } }, () => {
  expect(boot(worlds.afterAZap)).toHold({ 'lock misuse': lockKept });
  expect(boot(worlds.twoMappings)).toHold({ livelock: 'search-by-device', 'lock misuse': lockKept });
});

test('two faults on one mapping', { meta: { id: 'two-faults', stage: 2 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    [fullEntry]: met,
    'data race': raced,
    'lock misuse': lockKept,
    'check: needless signal': 'losing-is-an-error',
    'warning: needless OOM': 'losing-is-an-error',
  };
  expect(boot(worlds.samePage)).toHold(mistakes);
  expect(boot(worlds.otherPage)).toHold(mistakes);
  expect(boot(worlds.notTheFirstEntry)).toHold({ livelock: 'search-by-device' });
});

test('a remap that fails', { meta: { id: 'remap-fails', stage: 3 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'check: partial fill': leftover('partial-fill-left'),
    'lock misuse': lockKept,
    livelock: 'failure-is-nopage',
  };
  const ends = ['A SIGBUS'];
  for (const page of refusablePages(worlds.failsAlone))
    expect(bootFailing(worlds.failsAlone, { remapAtPage: page })).toHold(mistakes, { ends });
  expect(bootFailing(worlds.failsAtTheSecond)).toHold(mistakes, { ends });
  for (const page of refusablePages(worlds.failsBesideAnother))
    expect(bootFailing(worlds.failsBesideAnother, { remapAtPage: page })).toHold(beside, {
      ends: endsBesideAnother,
    });
});

test('an add that fails', { meta: { id: 'add-fails', stage: 3 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'check: mapped but not listed': leftover('mapped-but-forgotten'),
    'lock misuse': lockKept,
    ending: 'one-error-for-all',
  };
  expect(bootFailing(worlds.noMemory)).toHold(mistakes, { ends: ['A mapped'] });
  expect(bootFailing(worlds.noMemoryBesideAnother)).toHold(beside, { ends: ['A mapped, B mapped'] });
});

test('no memory for something', { meta: { id: 'no-memory', stage: 3 } }, () => {
  for (const allocation of [1, 2, 3, 4])
    expect(bootFailing(worlds.tablesOnDemand, { allocations: [allocation] })).toHold(
      { [fullEntry]: metOnDemand },
      { ends: endsBesideAnother },
    );
});

test('a fault beside a config write', { meta: { id: 'config-write', stage: 4 } }, () => {
  expect(boot(worlds.configWrite)).toHold(besideConfigWrite);
  expect(bootFailing(worlds.configWriteAndFailure)).toHold(besideConfigWrite);
});

test('more beside a config write', { meta: { id: 'config-write-and-more', stage: 4 } }, () => {
  expect(boot(worlds.configWriteAndTwoFaults)).toHold(besideConfigWrite);
  expect(boot(worlds.configWriteAndMunmap)).toHold(besideConfigWrite);
});
