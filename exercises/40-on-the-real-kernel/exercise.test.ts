import { expect, test } from 'vitest';
import type { Exploration } from '#explore';
import { answering, chosen, type Refusal } from '#grade/matchers';
import {
  type Deed,
  type Driver,
  driverWith,
  fault,
  generations,
  type RuleName,
  simulate,
  type WorldDescription,
  WorldError,
} from '#linux';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

const { recorded, added } = chosen(variants);
const MOST_DEEDS = 5;

const driver = driverWith({ fault: answering(submission.vfio_pci_mmap_fault) });

// --- What a refusal says of the handler behind it ---------------------------------------------------------------------

/** Where the recording lets go of a lock, this handler begins to fill. */
const fillsInstead =
  (belief: string) =>
  ({ instead }: Refusal): string | undefined =>
    instead === 'remap_pfn_range() begins' ? belief : undefined;

/** The one who came second went away without a fill. */
const leftWithout = {
  'returns VM_FAULT_NOPAGE': ({ instead }: Refusal) =>
    /^returns VM_FAULT_(SIGBUS|OOM)$/.test(instead) ? 'losing-is-an-error' : undefined,
  'up_read(memory_lock)': fillsInstead('each-fault-fills'),
};

const orderOfLocks = {
  'mutex_lock(vma_lock)': ({ instead }: Refusal) =>
    instead === 'down_read(memory_lock)' ? 'order-leaves-no-trace' : undefined,
  'down_read(memory_lock)': ({ instead }: Refusal) =>
    instead === 'mutex_unlock(vma_lock)' ? 'order-leaves-no-trace' : undefined,
};

// --- The world --------------------------------------------------------------------------------------------------------

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The learner's world on this variant's machine. */
function worldOf(written: WorldDescription): WorldDescription {
  if (!isRecord(written) || ![written.bars, written.vmas, written.tasks].every(isRecord)) return written;
  return {
    ...written,
    ...added,
    bars: { ...written.bars, ...added.bars },
    vmas: { ...written.vmas, ...added.vmas },
    tasks: { ...written.tasks, ...added.tasks },
  };
}

const run = (under: Driver) => simulate(worldOf(submission.world), under);

/** What the kernel says of a world that cannot be booted. */
function bootError(): string | undefined {
  try {
    run(generations.v5_14);
    return undefined;
  } catch (error) {
    if (error instanceof WorldError) return error.message;
    throw error;
  }
}

const deedsIn = ({ tasks }: WorldDescription): readonly Deed[] => Object.values(tasks).flat();

/** What a world lacks in which the handler comes to no BUG. */
function lacking({ tasks }: WorldDescription): string | undefined {
  const kinds = Object.values(tasks).map((deeds) => new Set([deeds].flat().map(({ kind }) => kind)));
  if (kinds.every((each) => each.size === 1 && each.has('fault'))) return 'more-threads-more-races';
  const faulting = kinds.filter((each) => each.has('fault'));
  const isWritten = kinds.some((each) => each.has('disableMemory') && !each.has('fault'));
  return isWritten && faulting.length === 1 ? 'one-fault-is-enough' : undefined;
}

const withoutBug = {
  holds: () => lacking(submission.world),
  'invariant: live mapping': (_: Exploration) => lacking(submission.world),
};

// --- The checks -------------------------------------------------------------------------------------------------------

test('the recording can be of your handler', { meta: { id: 'recorded', stage: 1 } }, () => {
  expect(driver).toHaveMade(recorded, {
    'mutex_unlock(vma_lock)': fillsInstead('survived-means-right'),
    ...leftWithout,
    ...orderOfLocks,
  });
});

// What goes wrong with the kernel, not with the mapping: a second fault fills it.
const rules: RuleName[] = [];

test('two faults alone do no harm', { meta: { id: 'two-faults', stage: 2 } }, () => {
  const tasks = { A: fault('v', 0), B: fault('v', 1) };
  const world = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } }, tasks };
  expect(simulate(worldOf(world), driver, { rules })).toHold();
});

test('a world of at most five deeds, without failures', { meta: { id: 'world', stage: 2 } }, () => {
  const error = bootError();
  expect(error === undefined).toBeAllowed(`This world cannot be booted: ${error}.`);
  expect(submission.world.fail === undefined).toBeAllowed(
    'Take out “fail”: with a failure, BUG_ON is reached without a race.',
  );
  const deeds = deedsIn(submission.world).length;
  expect(deeds <= MOST_DEEDS).toBeAllowed(
    `Your tasks do ${deeds} deeds. Make it at most ${MOST_DEEDS}: each one multiplies the interleavings, and the BUG needs fewer.`,
  );
});

test('in your world it reaches BUG_ON', { meta: { id: 'bug', stage: 3 } }, () => {
  expect(run(driver)).toViolate('bug: BUG_ON(!pte_none(*pte))', withoutBug);
});

test('the handler of 5.14 does not', { meta: { id: 'repaired', stage: 4 } }, () => {
  expect(run(generations.v5_14)).toHold();
});
