/** `npm run grade`: any file's verdict, for people and, with --json, for programs. */

import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Catalogue, type Exercise, findExercise, findLesson, nearestExercises } from '#course/catalogue';
import { draftPath } from '#course/node/drafts';
import { canonicalJson, type Verdict } from '#grade/verdict';
import { type Desk, gradeOnce } from './desk.ts';
import { remember } from './remember.ts';
import { reportLines } from './report.ts';
import { unusable } from './unusable.ts';
import { whereToRead } from './where-to-read.ts';

const USAGE = [
  'npm run grade -- <id> [--submission FILE] [--json]',
  '',
  'Grades my/<id>.ts, or FILE, as the answer to that exercise.',
  '  --submission FILE   any file; progress is not written',
  '  --json              prints the verdict as JSON, and nothing else (with npm: npm run -s grade -- …)',
  'Exit: 0 passed, 1 failed, 2 wrong use, or a file that is missing or does not compile',
];

/** Exit codes of `grade`. */
export const EXIT = { passed: 0, failed: 1, unusable: 2 } as const;

/** What the command line cannot be used for, in words for the person who typed it. */
class WrongUse extends Error {
  readonly exercise: string;

  constructor(exercise: string, message: string) {
    super(message);
    this.exercise = exercise;
  }
}

interface Wanted {
  readonly id: string;
  readonly submission: string | undefined;
  readonly json: boolean;
}

/** Runs the command; returns its exit code. */
export async function gradeCommand(desk: Desk, args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    desk.say(...USAGE);
    return EXIT.passed;
  }
  const json = args.includes('--json');
  try {
    return await grade(desk, parseWanted(args));
  } catch (error) {
    const [exercise, message] = error instanceof WrongUse ? [error.exercise, error.message] : ['', graderFailed(error)];
    if (json) desk.write(canonicalJson(unusable(exercise, message)));
    else desk.complain(message);
    return EXIT.unusable;
  }
}

/** Exit 1 says that a submission failed, so whatever goes wrong here must not end in it. */
function graderFailed(error: unknown): string {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The grader itself failed, not your file. Please report it:
${words}`;
}

function parseWanted(args: readonly string[]): Wanted {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { submission: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [id = '', ...more] = positionals;
    if (more.length > 0) throw new Error(`One exercise at a time: "${more[0]}" is one too many.`);
    return { id, submission: values.submission, json: values.json };
  } catch (error) {
    throw new WrongUse('', [error instanceof Error ? error.message : String(error), '', ...USAGE].join('\n'));
  }
}

async function grade(desk: Desk, wanted: Wanted): Promise<number> {
  const catalogue = await desk.catalogue();
  const exercise = exerciseWanted(catalogue, wanted.id);
  const { path, source } = await readSubmission(desk, exercise, wanted.submission);
  const verdict = await gradeOnce(desk, { exercise: exercise.id, source });
  const remembered = wanted.submission === undefined ? await remember(desk, exercise.id, verdict) : undefined;
  if (wanted.json) desk.write(canonicalJson(verdict));
  else showVerdict(desk, catalogue, exercise, verdict, path);
  if (remembered?.notice !== undefined) desk.complain('', remembered.notice);
  return exitOf(verdict);
}

function exerciseWanted(catalogue: Catalogue, id: string): Exercise {
  const exercise = findExercise(catalogue, id);
  if (exercise) return exercise;
  const ids = catalogue.exercises.map((each) => `  ${each.id}`);
  if (id === '') throw new WrongUse(id, [...USAGE, '', 'Exercises:', ...ids].join('\n'));
  const near = nearestExercises(catalogue, id);
  const guess = near.length === 0 ? ['There are:', ...ids] : ['Did you mean:', ...near.map((each) => `  ${each}`)];
  throw new WrongUse(id, [`There is no exercise "${id}". ${guess[0]}`, ...guess.slice(1)].join('\n'));
}

async function readSubmission(
  desk: Desk,
  exercise: Exercise,
  submission: string | undefined,
): Promise<{ path: string; source: string }> {
  const path = submission === undefined ? draftPath(desk.my, exercise.id) : resolve(desk.standing, submission);
  try {
    return { path, source: await readFile(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code !== 'ENOENT') throw new WrongUse(exercise.id, `${path} cannot be read (${code}).`);
    if (submission !== undefined) throw new WrongUse(exercise.id, `There is no file ${path}.`);
    throw new WrongUse(
      exercise.id,
      [
        `There is no my/${exercise.id}.ts yet. Either`,
        `  npm run learn -- ${exercise.id}    makes it from the starter and opens the course there, or`,
        `  npm run grade -- ${exercise.id} --submission FILE    grades another file.`,
      ].join('\n'),
    );
  }
}

function showVerdict(desk: Desk, catalogue: Catalogue, exercise: Exercise, verdict: Verdict, path: string): void {
  const title = findLesson(catalogue, exercise.id)?.title ?? exercise.id;
  const file = relative(desk.root, path).startsWith('..') ? path : relative(desk.root, path);
  const context = { title, file, placeOf: (link: string, label: string) => whereToRead(catalogue, link, label) };
  desk.say(...reportLines(desk.look, verdict, context));
}

function exitOf({ outcome }: Verdict): number {
  if (outcome === 'passed') return EXIT.passed;
  return outcome === 'broken' ? EXIT.unusable : EXIT.failed;
}
