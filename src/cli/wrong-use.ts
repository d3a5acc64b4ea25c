/** What a command cannot be used for, and what every command says of an exercise or a file that is not there. */

import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Catalogue, type Exercise, findExercise, nearestExercises } from '#course/catalogue';
import { draftPath } from '#course/node/drafts';
import { codeOf } from '#course/node/errors';
import type { Desk } from './desk.ts';

/** In words for the person who typed the command. */
export class WrongUse extends Error {
  /** Which exercise was meant, as far as that was said. */
  readonly exercise: string;

  constructor(exercise: string, message: string) {
    super(message);
    this.exercise = exercise;
  }
}

/** The exercise of that id. Throws `WrongUse`, with the ids that may have been meant; with the usage, where none was given. */
export function exerciseWanted(catalogue: Catalogue, id: string, usage: readonly string[]): Exercise {
  const exercise = findExercise(catalogue, id);
  if (exercise) return exercise;
  const ids = catalogue.exercises.map((each) => `  ${each.id}`);
  if (id === '') throw new WrongUse(id, [...usage, '', 'Exercises:', ...ids].join('\n'));
  const near = nearestExercises(catalogue, id);
  const guess = near.length === 0 ? ['There are:', ...ids] : ['Did you mean:', ...near.map((each) => `  ${each}`)];
  throw new WrongUse(id, [`There is no exercise "${id}". ${guess[0]}`, ...guess.slice(1)].join('\n'));
}

/** What the command line says, by `parse`; whatever it throws is followed by the usage. */
export function parsedOr<T>(usage: readonly string[], parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new WrongUse('', [error instanceof Error ? error.message : String(error), '', ...usage].join('\n'));
  }
}

/** The number that an option was given; undefined where it was not. Throws for anything else, and for less than `least`. */
export function countOf(name: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  if (/^(0|[1-9]\d{0,14})$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${name} takes a number from ${least}, not "${text}".`);
}

/** Runs a command and says what it cannot be used for, with the exit code 2. */
export async function withUsage(
  desk: Desk,
  usage: readonly string[],
  args: readonly string[],
  run: () => Promise<number>,
) {
  if (args.includes('--help') || args.includes('-h')) {
    desk.say(...usage);
    return 0;
  }
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    desk.complain(error.message);
    return 2;
  }
}

export interface Submission {
  readonly path: string;
  readonly source: string;
}

/** The submission's file: the one that was named, else the learner's own. Throws `WrongUse` where there is none. */
export async function readSubmission(desk: Desk, exercise: Exercise, file: string | undefined): Promise<Submission> {
  const path = file === undefined ? draftPath(desk.my, exercise.id) : resolve(desk.standing, file);
  const source = await readIfThere(exercise, path);
  if (source !== undefined) return { path, source };
  if (file !== undefined) throw new WrongUse(exercise.id, `There is no file ${path}.`);
  throw new WrongUse(
    exercise.id,
    [
      `There is no my/${exercise.id}.ts yet. Either`,
      `  npm run learn -- ${exercise.id}    makes it from the starter and opens the course there, or`,
      `  npm run grade -- ${exercise.id} --submission FILE    grades another file.`,
    ].join('\n'),
  );
}

/** The text of a file; undefined if there is none. Throws `WrongUse` for one that cannot be read. */
export async function readIfThere(exercise: Pick<Exercise, 'id'>, path: string): Promise<string | undefined> {
  try {
    return await readSome(path);
  } catch (error) {
    const code = codeOf(error) ?? String(error);
    if (code === 'ENOENT') return undefined;
    throw new WrongUse(exercise.id, `${path} cannot be read (${code}).`);
  }
}

// More than a submission may have: what is cut off here is refused for its length.
const MOST_BYTES = 2_000_000;

/** A file's beginning, whatever its length: a pipe or a device may have no end. */
async function readSome(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size < MOST_BYTES; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}
