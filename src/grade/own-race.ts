/**
 * A program of the reader's own, which belongs to no exercise: what is submitted is the program itself, and the one check is that it
 * holds in every interleaving. Built in, so that whatever grades exercises explores it too.
 */

import type { Program } from '#explore';
import { sourceOf } from '#linux';
import type { GradedExercise } from './harness.ts';
import { judgeHolds } from './judge.ts';
import { ownRaceId } from './own-race-id.ts';
import { writeSchedule } from './schedule.ts';
import { currentSession } from './session.ts';
import { type Exports, submissionExports } from './submission.ts';
import { test } from './vitest.ts';

const checkId = 'holds';

/** Judges the file as if that were an exercise's answer: for the page, whose workbench shows verdicts. */
export const ownRace: GradedExercise = {
  id: ownRaceId,
  exports: [],
  misconceptions: {},
  async importGrader() {
    test('your program holds in every interleaving', { meta: { id: checkId, stage: 1 } }, () => {
      const finding = judgeHolds(programIn(submissionExports()), {});
      if (finding) currentSession().finding = finding;
    });
  },
};

/** A schedule of that program as links carry it. `fingerprint`: of the code that it was made for; without one, of no code. */
export const ownSchedule = (schedule: string, fingerprint = '0'): string =>
  writeSchedule({ check: checkId, n: 1, fingerprint, schedule });

/**
 * The program that a file exports: by default, or else under the one name that has one. Call stacks tell Linux's functions by their
 * files, unless the program says how. Throws, with what to write, where there is none, or more than one.
 */
export function programIn(exports: Exports): Program<unknown> {
  const names = Object.keys(exports).filter((name) => isProgram(exports[name]));
  const [only, ...others] = Object.hasOwn(exports, 'default') ? ['default'] : names;
  const program = only === undefined ? undefined : exports[only];
  if (others.length > 0)
    throw new NoProgram(`This file exports ${names.length} programs (${names.join(', ')}). ${ONE}`);
  if (!isProgram(program)) throw new NoProgram(`${lackOf(exports)} ${WRITE}`);
  return { source: sourceOf, ...program };
}

const WRITE = 'Write: export const race: Program<…> = { name: …, setup: () => …, tasks: (world) => … }';
const ONE = 'Make the one to explore the default: export default race;';

function lackOf(exports: Exports): string {
  const names = Object.keys(exports);
  if (names.length === 0) return 'This file exports nothing, and should export a program.';
  return `This file exports ${names.join(', ')}, and none of it is a program.`;
}

function isProgram(value: unknown): value is Program<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { name, setup, tasks } = value as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof setup === 'function' && typeof tasks === 'function';
}

/** Told as an expectation of the course, in its own words. */
class NoProgram extends Error {
  override readonly name = 'AssertionError';
}
