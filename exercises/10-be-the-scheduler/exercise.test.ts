import { expect, test } from 'vitest';
import {
  bug,
  type Cell,
  cell,
  explore,
  type Lock,
  mutex,
  type Program,
  read,
  type Steps,
  type Trace,
  type Violation,
  write,
} from '#explore';
import { chosen, waitsForItself } from '#grade/matchers';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

interface World {
  readonly faults: Cell<number>;
  readonly lock: Lock;
}

type Count = (faults: Cell<number>, lock: Lock) => Steps;

const { before, tasks, rounds } = chosen(variants);

function counting(name: string, count: Count, who: readonly string[], times: number): Program<World> {
  const all = who.length * times;
  return {
    name,
    setup: () => ({ faults: cell(before, 'faults'), lock: mutex('lock') }),
    tasks: ({ faults, lock }) =>
      // A body for each fault, so that a lock kept from one to the next is seen where it is kept.
      Object.fromEntries(who.map((task) => [task, Array.from({ length: times }, () => () => count(faults, lock))])),
    check: ({ faults }, now) => {
      const counted = now.get(faults) - before;
      return counted === all ? undefined : `lost update: ${all} faults, but the counter grew by ${counted}`;
    },
    outcome: ({ faults }, now) => `${now.get(faults) - before} counted`,
    picture: ({ faults }, now) => ({ faults: now.get(faults) }),
  };
}

/** The function as it is given: whatever the learner has made of it, the schedule and the totals are about this one. */
function* countFault(faults: Cell<number>): Steps {
  const n = yield* read(faults);
  yield* write(faults, n + 1);
}

const asGiven = counting('A and B count two faults each', countFault, ['A', 'B'], 2);

/** How many steps each task makes before another one moves. */
function runsIn({ steps }: Trace): number[] {
  const starts = steps.flatMap(({ task }, i) => (task === steps[i - 1]?.task ? [] : [i]));
  return starts.map((start, i) => (starts[i + 1] ?? steps.length) - start);
}

const comesBack = (trace: Trace) =>
  runsIn(trace).length > 2 && runsIn(trace).every((steps) => steps % 2 === 0) ? 'switch-between-updates' : undefined;

test('your schedule loses an update', { meta: { id: 'schedule', stage: 1 } }, () => {
  expect(asGiven).toBreakUnder(submission.schedule, 'check: lost update', { returned: comesBack });
});

test('the number of different totals', { meta: { id: 'outcomes', stage: 2 } }, () => {
  const { outcomes, interleavings = '' } = explore(asGiven, { stopAt: 'never' });
  const once = explore(counting('once each', countFault, ['A', 'B'], 1), { stopAt: 'never' });
  expect(Number.isInteger(submission.outcomes)).toBeAllowed('“outcomes” must be a whole number, without quotes.');
  expect(submission.outcomes).toAnswer(Object.keys(outcomes).length, {
    [interleavings]: 'interleavings-are-outcomes',
    [once.interleavings ?? '']: 'interleavings-are-outcomes',
    2: 'right-or-wrong',
    4: 'only-one-survives',
  });
});

/** The learner's steps, which never ask twice for what was refused once, without a look in between. */
function* watched(steps: Steps): Steps {
  const refused = new Map<unknown, unknown>();
  let step = steps.next();
  while (!step.done) {
    const { kind, on, args } = step.value;
    const result = yield step.value;
    if (kind === 'read') refused.delete(on);
    if (kind === 'compareAndSwap' && result === false) {
      const isAgain = refused.has(on) && Object.is(refused.get(on), args[0]);
      if (isAgain) yield* bug(`no end: compareAndSwap has expected ${args[0]} twice, without a read in between`);
      refused.set(on, args[0]);
    }
    step = steps.next(result);
  }
}

const counts: Count = (faults, lock) => watched(submission.countFault(faults, lock));

/** What was there to prevent the loss, and did not. */
function madeOf({ trace: { steps } }: Violation): string | undefined {
  const did = (operation: string, result?: string) =>
    steps.some((step) => step.operation.startsWith(`${operation}(`) && (result ?? step.result) === step.result);
  const reads = steps.filter(({ operation }) => operation.startsWith('read('));
  if (did('acquire')) return reads.some(({ locks }) => locks.length > 0) ? 'each-access-locked' : 'only-writes-locked';
  if (did('compareAndSwap', 'false')) return 'swap-without-loop';
  const looksTwice = steps.some(
    ({ task, operation }, i) =>
      operation.startsWith('read(') && steps.slice(i + 1).find((later) => later.task === task)?.operation === operation,
  );
  return looksTwice ? 'look-again-then-write' : undefined;
}

const keepsTheLock = ({ message }: Violation) =>
  message.includes('returned while it holds') ? 'unlock-forgotten' : undefined;

test('countFault counts every fault, whoever moves when', { meta: { id: 'repaired', stage: 3 } }, () => {
  const mistakes = {
    'check: lost update': madeOf,
    'bug: no end': 'read-before-the-loop',
    deadlock: waitsForItself,
    'lock misuse': keepsTheLock,
  };
  // First the smallest case: what goes wrong there is soonest read.
  for (const times of [1, rounds]) {
    const name = `your countFault, ${times === 1 ? 'once' : `${times} times`} by each task`;
    expect(counting(name, counts, tasks, times)).toHold(mistakes, { states: 50_000 });
  }
});
