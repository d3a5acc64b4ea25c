import { expect, test } from 'vitest';
import type { Violation } from '#explore';
import { chosen } from '#grade/matchers';
import {
  BUG_ON,
  driverWith,
  type Kernel,
  type RuleName,
  simulate,
  VM_FAULT_OOM,
  type vm_fault,
  type vm_fault_t,
  WARN_ON,
  type WorldDescription,
} from '#linux';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

const worlds = chosen(variants);

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
const boot = (world: WorldDescription) => simulate(world, driverWith({ fault: vfio_pci_mmap_fault }), { rules });

/** The submission's, and what its answer may not be here: nothing is made to fail. */
function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<vm_fault_t> {
  const ret = yield* submission.vfio_pci_mmap_fault(vmf);
  yield* BUG_ON(ret < 0, `errno as an answer: ->fault returned ${ret}, and its answers are VM_FAULT_ bits`);
  yield* WARN_ON((ret & VM_FAULT_OOM) !== 0, 'needless OOM: ->fault returned VM_FAULT_OOM, and no allocation failed');
  return ret;
}

const zeroAnswered = ({ message }: Violation) => (message.includes('returned 0,') ? 'zero-is-success' : undefined);
const noAnswer = {
  'bug: NULL pointer dereference in __do_fault (mm/memory.c)': zeroAnswered,
  'bug: errno as an answer': 'zero-is-success',
};

/** A handler that answers VM_FAULT_RETRY leaves mmap_lock to nobody; one that returns early keeps its own locks. */
function lockKept({ message }: Violation) {
  const kept = / while it holds (.*)/.exec(message)?.[1];
  return kept && (kept.includes('mmap_lock') ? 'retry-means-again' : 'unlock-forgotten');
}

const holdsVmaLock = ({ locks }: { readonly locks: readonly string[] }) => locks.includes('vma_lock');

/** Who dies with vma_lock in hand was alone in there, and did not look, or too early. The 5.8 handler dies without it. */
function diedAlone({ task, held = [], trace }: Violation) {
  const looks = trace.steps.filter((step) => step.task === task && /^(READ_ONCE|read)\b/.test(step.operation));
  if (looks.some((look) => !holdsVmaLock(look))) return 'look-before-lock';
  return held.some(({ lock }) => lock === 'vma_lock') ? 'no-recheck' : undefined;
}

/** The one of the two who is without vma_lock reads. */
function readUnlocked({ accesses = [], trace }: Violation) {
  const lastOf = (task: string) => trace.steps.findLast((step) => step.task === task);
  const unlocked = accesses.filter(({ task }) => !lastOf(task)?.locks.includes('vma_lock'));
  return unlocked.some(({ access }) => access === 'read') ? 'look-before-lock' : undefined;
}

/** Filled without vma_lock; or with it, trusting a test whose lock is gone. */
const mappedTooLate = ({ trace }: Violation) =>
  trace.steps.some((step) => step.operation.startsWith('set_pte_at') && !holdsVmaLock(step))
    ? 'early-unlock'
    : 'memory-test-outside-lock';

test('one access, memory on', { meta: { id: 'alone', stage: 1 } }, () => {
  expect(boot(worlds.alone)).toHold({ ...noAnswer, 'lock misuse': lockKept }, { ends: (end) => end === 'A mapped' });
});

test('one access, memory off', { meta: { id: 'memory-off', stage: 1 } }, () => {
  expect(boot(worlds.memoryOff)).toHold({ 'lock misuse': lockKept }, { ends: (end) => end === 'A SIGBUS' });
});

test('one access after another', { meta: { id: 'one-after-another', stage: 1 } }, () => {
  expect(boot(worlds.afterAZap)).toHold({ 'lock misuse': lockKept });
  expect(boot(worlds.twoMappings)).toHold({ livelock: 'search-by-device', 'lock misuse': lockKept });
});

test('two faults on one mapping', { meta: { id: 'two-faults', stage: 2 } }, () => {
  const mistakes = {
    ...noAnswer,
    'bug: BUG_ON(!pte_none(*pte))': diedAlone,
    'data race': readUnlocked,
    'lock misuse': lockKept,
    'check: needless signal': 'losing-is-an-error',
    'warning: needless OOM': 'losing-is-an-error',
  };
  expect(boot(worlds.samePage)).toHold(mistakes);
  expect(boot(worlds.otherPage)).toHold(mistakes);
});

test('two faults on two mappings', { meta: { id: 'two-mappings', stage: 2 } }, () => {
  expect(boot(worlds.twoProcesses)).toHold({ livelock: 'search-by-device' });
  expect(boot(worlds.notTheFirstEntry)).toHold({ livelock: 'search-by-device' });
});

test('a fault beside a config write', { meta: { id: 'config-write', stage: 3 } }, () => {
  expect(boot(worlds.configWrite)).toHold({
    'data race: vconfig[PCI_COMMAND]': 'memory-test-outside-lock',
    'data race': readUnlocked,
    'invariant: live mapping': mappedTooLate,
    deadlock: 'lock-order',
    'lock misuse': lockKept,
  });
});
