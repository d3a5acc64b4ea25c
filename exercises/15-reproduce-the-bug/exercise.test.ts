import { expect, test } from 'vitest';
import { chosen } from '#grade/matchers';
import { type Deed, type Driver, generations, simulate, type WorldDescription, WorldError } from '#linux';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

const added = chosen(variants);
const MOST_TOUCHES = 5;
// Of the engine's, the world's own included.
const MOST_TASKS = 4;

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

const run = (driver: Driver) => simulate(worldOf(submission.world), driver);

/** What the kernel says of a world that cannot be booted. */
function bootError(): string | undefined {
  try {
    run(generations.v5_8);
    return undefined;
  } catch (error) {
    if (error instanceof WorldError) return error.message;
    throw error;
  }
}

/** Who does what, one after another. */
const doneBy = ({ tasks }: WorldDescription): [task: string, deeds: readonly Deed[]][] =>
  Object.entries(tasks).map(([task, deeds]) => [task, [deeds].flat()]);

test('only faults, and nothing is made to fail', { meta: { id: 'only-faults', stage: 1 } }, () => {
  const room = MOST_TASKS - Object.keys(added.tasks ?? {}).length;
  expect(Object.keys(submission.world?.tasks ?? {}).length <= room).toBeAllowed(
    `Make it at most ${room} tasks: this world has ${MOST_TASKS - room} of its own, and ${MOST_TASKS} is the most that can be explored.`,
  );
  const error = bootError();
  expect(error === undefined).toBeAllowed(`This world cannot be booted: ${error}.`);
  expect(submission.world.fail === undefined).toBeAllowed(
    'Take out “fail”: with a failure, BUG_ON is reached without any race.',
    'needs-a-failure',
  );
  for (const [task, deeds] of doneBy(submission.world)) {
    const other = deeds.find(({ kind }) => kind !== 'fault')?.kind;
    expect(other === undefined).toBeAllowed(
      `Task ${task} calls ${other}(…): the reproducer is made of fault(…) alone.`,
      'needs-a-writer',
    );
  }
  const touches = doneBy(submission.world).flatMap(([, deeds]) => deeds).length;
  expect(touches <= MOST_TOUCHES).toBeAllowed(
    `Your tasks touch ${touches} pages one way or another. Make it at most ${MOST_TOUCHES}: each one multiplies the interleavings, and the bug needs fewer.`,
  );
});

/** What a world in which nothing goes wrong is built on. Several beliefs in one world: none is named. */
function beliefBehind(world: WorldDescription): string | undefined {
  const tasks = doneBy(world);
  const touched = tasks.map(([, deeds]) => [...new Set(deeds.flatMap((deed) => ('vma' in deed ? [deed.vma] : [])))]);
  const processes = touched.map(([vma]) => world.vmas[vma ?? '']?.process);
  const isApart = tasks.length > 1 && new Set(touched.flat()).size === touched.flat().length;
  const beliefs = {
    'bug-needs-bad-state': world.memory === 'disabled',
    'one-thread-twice': tasks.length === 1 && (tasks[0]?.[1].length ?? 0) > 1,
    'any-two-mappings': isApart && new Set(processes).size === 1,
    'any-two-processes': isApart && new Set(processes).size === processes.length,
  };
  const held = Object.entries(beliefs).flatMap(([belief, isHeld]) => (isHeld ? [belief] : []));
  return held.length === 1 ? held[0] : undefined;
}

test('the handler of 5.8 reaches BUG_ON', { meta: { id: 'bug', stage: 2 } }, () => {
  expect(run(generations.v5_8)).toViolate('bug', { holds: () => beliefBehind(submission.world) });
});

test('the handler of 5.14 does not', { meta: { id: 'repaired', stage: 3 } }, () => {
  expect(run(generations.v5_14)).toHold();
});
