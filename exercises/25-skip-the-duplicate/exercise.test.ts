import { expect, test } from 'vitest';
import type { Violation } from '#explore';
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
import {
  BUG_ON,
  driverWith,
  EEXIST,
  ENOMEM,
  type FailDescription,
  type Fault,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  refusablePages,
  simulate,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  type vm_area_struct,
  type WorldDescription,
} from '#linux';
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

// --- The list function, in a handler of the grader's ---------------------------------------------------------------

function* expectAnswer(vma: vm_area_struct, expected: number, when: string): Kernel {
  const answer = yield* submission.__vfio_pci_add_vma(vma.vm_private_data, vma);
  const what = `__vfio_pci_add_vma returned ${answer} for ${vma.name}, ${when}`;
  yield* BUG_ON(answer !== expected, `${what}: it should be ${expected}`);
}

/** A handler that asks for this of the list function, and then maps the vma. */
const asking = (questions: (vma: vm_area_struct) => Kernel): Fault =>
  function* asked({ vma }) {
    const { vma_lock } = vma.vm_private_data;
    yield* mutex_lock(vma_lock);
    yield* questions(vma);
    yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, vma.vm_end - vma.vm_start, vma.vm_page_prot);
    yield* mutex_unlock(vma_lock);
    return VM_FAULT_NOPAGE;
  };

const twice = asking(function* (vma) {
  yield* expectAnswer(vma, 0, 'which was not on the list');
  yield* expectAnswer(vma, -EEXIST, 'which was on the list already');
});

const withoutMemory = asking((vma) => expectAnswer(vma, -ENOMEM, 'and there was no memory'));

const answerGiven = ({ message }: Violation) => {
  const answer = Number(/returned (-?\d+)/.exec(message)?.[1]);
  if (answer > 0) return 'sign-forgotten';
  return answer === -EEXIST ? 'search-by-device' : undefined;
};

test('__vfio_pci_add_vma', { meta: { id: 'add', stage: 1 } }, () => {
  const world = worlds.twoMappings;
  expect(simulate(world, driverWith({ fault: twice }))).toHold({ bug: answerGiven, deadlock: waitsForItself });
  const short = { ...world, fail: { A: { allocations: 'all' as const } } };
  expect(simulate(short, driverWith({ fault: withoutMemory }), { rules: [] })).toHold({ bug: answerGiven });
});

// --- The handler -----------------------------------------------------------------------------------------------------

test('one access, memory on and off', { meta: { id: 'alone', stage: 1 } }, () => {
  const mistakes = { ...wrongAnswers, 'lock misuse': lockKept, deadlock: waitsForItself };
  expect(boot(worlds.alone)).toHold(mistakes, { ends: ['A mapped'] });
  expect(boot(worlds.memoryOff)).toHold(mistakes, { ends: ['A SIGBUS'] });
  expect(boot(worlds.afterAZap)).toHold(mistakes);
  expect(boot(worlds.twoMappings)).toHold({ ...mistakes, livelock: 'search-by-device' });
});

test('two faults on one mapping', { meta: { id: 'two-faults', stage: 2 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'bug: BUG_ON(!pte_none(*pte))': diedAlone,
    'data race': readUnlocked,
    'lock misuse': lockKept,
    'check: needless signal': 'losing-is-an-error',
    'warning: needless OOM': 'losing-is-an-error',
    'warning: leaked': 'unlinked-is-freed',
    'check: mapped but not listed': 'undo-the-winner',
    livelock: 'undo-the-winner',
  };
  expect(boot(worlds.samePage)).toHold(mistakes);
  expect(boot(worlds.otherPage)).toHold(mistakes);
  expect(boot(worlds.notTheFirstEntry)).toHold({ livelock: 'search-by-device' });
});

test('no memory for the entry', { meta: { id: 'no-memory', stage: 3 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'check: mapped but not listed': 'oom-swallowed',
    'lock misuse': lockKept,
    ending: 'one-error-for-all',
  };
  expect(bootFailing(worlds.noMemory)).toHold(mistakes, { ends: ['A mapped'] });
});

test('an allocation that fails', { meta: { id: 'allocation-fails', stage: 3 } }, () => {
  for (const allocation of [1, 2, 3, 4, 5])
    expect(bootFailing(worlds.tablesOnDemand, { allocations: [allocation] })).toHold(
      {
        'check: listed but not mapped': 'entry-left-behind',
        'warning: leaked': 'unlinked-is-freed',
        'lock misuse': lockKept,
      },
      { ends: ['A mapped', 'A SIGBUS'] },
    );
});

test('a remap that fails', { meta: { id: 'remap-fails', stage: 3 } }, () => {
  const mistakes = {
    ...wrongAnswers,
    'check: listed but not mapped': 'entry-left-behind',
    'check: partial fill': 'partial-fill-left',
    'warning: leaked': 'unlinked-is-freed',
    'lock misuse': lockKept,
    livelock: 'failure-is-nopage',
  };
  const ends = ['A SIGBUS'];
  for (const page of refusablePages(worlds.failsAlone))
    expect(bootFailing(worlds.failsAlone, { remapAtPage: page })).toHold(mistakes, { ends });
});

test('an access beside one that fails', { meta: { id: 'after-a-failure', stage: 3 } }, () => {
  const mistakes = { 'use after free': 'free-unlinks', 'data race': readUnlocked };
  const ends = ['A mapped, B mapped', 'A SIGBUS, B mapped'];
  for (const page of refusablePages(worlds.failsBesideAnother))
    expect(bootFailing(worlds.failsBesideAnother, { remapAtPage: page })).toHold(mistakes, { ends });
  expect(bootFailing(worlds.failsBesideAnother, { allocations: [1] })).toHold(mistakes, { ends });
  expect(bootFailing(worlds.failsAtTheSecond)).toHold(mistakes, { ends: ['A SIGBUS'] });
});

test('a fault beside a config write', { meta: { id: 'config-write', stage: 4 } }, () => {
  expect(bootFailing(worlds.configWrite)).toHold(besideConfigWrite);
});
