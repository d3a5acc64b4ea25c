/** `npm run grade`: verdicts on files, for people and, with --json or --report, for programs. */

import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Catalogue, type Exercise, findLesson } from '#course/catalogue';
import { draftPath } from '#course/node/drafts';
import type { Grader } from '#grade/node/grade';
import { canonicalJson, type Verdict } from '#grade/verdict';
import type { Desk } from './desk.ts';
import { remember } from './remember.ts';
import { reportLines } from './report.ts';
import { githubReport } from './reports/github.ts';
import { junitReport } from './reports/junit.ts';
import type { Graded } from './reports/result.ts';
import { summaryLines } from './reports/summary.ts';
import { tapReport } from './reports/tap.ts';
import { roomText } from './room.ts';
import { unusable } from './unusable.ts';
import { whereToRead } from './where-to-read.ts';
import { exerciseWanted, parsedOr, readIfThere, readSubmission, WrongUse } from './wrong-use.ts';

const USAGE = [
  'npm run grade -- <id>... | --all  [--submission FILE] [--code | --json | --report FORM]',
  '',
  'Grades my/<id>.ts as the answer to that exercise; several, or all, one after another.',
  '  --all               every exercise of the course; one without a file has not been begun',
  '  --submission FILE   any file instead; progress is not written. With several exercises a',
  '                      folder, in which each has its <id>.ts',
  '  --code              and the code that tells a workshop where you are, without your name',
  '  --json              prints the verdict as JSON, and nothing else (with npm: npm run -s grade -- ...);',
  '                      of several: { schema, verdicts, notBegun }',
  '  --report FORM       for programs that run tests: junit, tap, or github (annotations of the lines,',
  '                      and a table where GITHUB_STEP_SUMMARY names a file)',
  'A submission may take 2048 MB of memory, or half of what there is; FAULTLINE_MEGABYTES=512 sets it.',
  'Exit: 0 all passed, 1 something failed or has not been begun, 2 wrong use, or a file that is missing',
  '      or does not compile, 130 ended by Ctrl-C',
];

/** Exit codes of `grade`. */
export const EXIT = { passed: 0, failed: 1, unusable: 2, interrupted: 130 } as const;

type Report = 'text' | 'json' | 'junit' | 'tap' | 'github';
const REPORTS: readonly string[] = ['junit', 'tap', 'github'] satisfies Report[];

interface Wanted {
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly submission: string | undefined;
  readonly report: Report;
  /** A code for the room is asked for. */
  readonly code: boolean;
}

/** Runs the command; returns its exit code. */
export async function gradeCommand(desk: Desk, args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    desk.say(...USAGE);
    return EXIT.passed;
  }
  const json = args.includes('--json');
  try {
    return await grade(
      desk,
      parsedOr(USAGE, () => parseWanted(args)),
    );
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
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      submission: { type: 'string' },
      json: { type: 'boolean', default: false },
      code: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  });
  const { all, submission, json, report, code } = values;
  if (report !== undefined && !REPORTS.includes(report))
    throw new Error(`There is no report "${report}": ${REPORTS.join(', ')}.`);
  if (json && report !== undefined) throw new Error('--json and --report exclude each other.');
  if (code && (json || report !== undefined)) throw new Error('--code is for people: leave --json and --report out.');
  if (all && positionals.length > 0) throw new Error(`--all needs no id: "${positionals[0]}" is one too many.`);
  const ids = [...new Set(positionals)];
  return { ids, all, submission, code, report: json ? 'json' : ((report ?? 'text') as Report) };
}

/** A file to be graded; without a text, if it is not there and need not be. */
interface Task {
  readonly exercise: Exercise;
  readonly path: string;
  readonly source: string | undefined;
}

async function grade(desk: Desk, wanted: Wanted): Promise<number> {
  const { signal, release } = desk.interruption();
  try {
    const catalogue = await desk.catalogue();
    return await gradeAll(desk, catalogue, wanted, { tasks: await tasksOf(desk, catalogue, wanted), signal });
  } finally {
    release();
  }
}

async function gradeAll(
  desk: Desk,
  catalogue: Catalogue,
  wanted: Wanted,
  { tasks, signal }: { tasks: readonly Task[]; signal: AbortSignal },
): Promise<number> {
  const isOne = !wanted.all && tasks.length === 1;
  const results: Graded[] = [];
  const notices = new Set<string>();
  const grader = await desk.openGrader({ standby: tasks.length > 1 });
  try {
    for (const task of tasks) {
      const result = await gradeTask(desk, catalogue, grader, task, signal);
      if (signal.aborted) break;
      const isOwn = wanted.submission === undefined;
      const remembered = isOwn && result.verdict ? await remember(desk, result.id, result.verdict) : undefined;
      if (remembered?.notice !== undefined) notices.add(remembered.notice);
      results.push(result);
      if (wanted.report === 'text') showVerdict(desk, catalogue, result, isOne);
      if (wanted.code && result.verdict) desk.say('', await roomText(desk, catalogue, result.verdict));
    }
  } finally {
    await grader.close();
  }
  await showAll(desk, wanted.report, results, isOne);
  for (const notice of notices) desk.complain('', notice);
  if (signal.aborted) desk.complain(interrupted(tasks.length - results.length, results.length));
  return signal.aborted ? EXIT.interrupted : exitOf(results);
}

function interrupted(left: number, done: number): string {
  const rest = left === 1 ? 'One file was' : `${left} files were`;
  return `Interrupted. ${rest} not graded to the end, and nothing is remembered of ${left === 1 ? 'it' : 'them'}${
    done === 0 ? '' : '; the verdicts above stand'
  }.`;
}

async function tasksOf(desk: Desk, catalogue: Catalogue, { ids, all, submission }: Wanted): Promise<Task[]> {
  const exercises = all
    ? catalogue.exercises
    : (ids.length === 0 ? [''] : ids).map((id) => exerciseWanted(catalogue, id, USAGE));
  const isOne = !all && exercises.length === 1;
  if (!isOne && submission !== undefined) await mustBeFolder(resolve(desk.standing, submission));
  const tasks: Task[] = [];
  for (const exercise of exercises) {
    if (all) {
      const path = submission === undefined ? draftPath(desk.my, exercise.id) : fileIn(desk, submission, exercise);
      tasks.push({ exercise, path, source: await readIfThere(exercise, path) });
    } else {
      const file = isOne || submission === undefined ? submission : fileIn(desk, submission, exercise);
      tasks.push({ exercise, ...(await readSubmission(desk, exercise, file)) });
    }
  }
  return tasks;
}

const fileIn = (desk: Desk, folder: string, { id }: Exercise) => join(resolve(desk.standing, folder), `${id}.ts`);

async function mustBeFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new WrongUse('', `With several exercises --submission is a folder, and ${path} is none.`);
}

async function gradeTask(
  desk: Desk,
  catalogue: Catalogue,
  grader: Grader,
  { exercise: { id }, path, source }: Task,
  signal: AbortSignal,
): Promise<Graded> {
  const file = relative(desk.root, path).startsWith('..') ? path : relative(desk.root, path);
  const result = { id, title: findLesson(catalogue, id)?.title ?? id, file };
  return source === undefined
    ? result
    : { ...result, verdict: await grader.grade({ exercise: id, source }, { signal }) };
}

function showVerdict(desk: Desk, catalogue: Catalogue, { verdict, title, file }: Graded, isOne: boolean): void {
  if (!verdict) return;
  const placeOf = (link: string, label: string) => whereToRead(catalogue, link, label);
  desk.say(...reportLines(desk.look, verdict, { title, file, placeOf }), ...(isOne ? [] : ['', '']));
}

async function showAll(desk: Desk, report: Report, results: readonly Graded[], isOne: boolean): Promise<void> {
  const [first] = results;
  switch (report) {
    case 'text':
      if (!isOne && first) desk.say(...summaryLines(desk.look, results));
      break;
    case 'json':
      if (isOne && first?.verdict) desk.write(canonicalJson(first.verdict));
      else if (!isOne) desk.write(canonicalJson(verdictsOf(results)));
      break;
    case 'junit':
      desk.write(junitReport(results));
      break;
    case 'tap':
      desk.write(tapReport(results));
      break;
    case 'github':
      desk.write(await githubReport(results, process.env.GITHUB_STEP_SUMMARY));
      break;
  }
}

function verdictsOf(results: readonly Graded[]) {
  return {
    schema: 'faultline/verdicts/1',
    verdicts: results.flatMap(({ verdict }) => verdict ?? []),
    notBegun: results.flatMap(({ id, verdict }) => (verdict ? [] : id)),
  };
}

function exitOf(results: readonly Graded[]): number {
  const exits = results.map(({ verdict }) => (verdict ? exitOfOne(verdict) : EXIT.failed));
  return Math.max(EXIT.passed, ...exits);
}

function exitOfOne({ outcome }: Verdict): number {
  if (outcome === 'passed') return EXIT.passed;
  return outcome === 'broken' ? EXIT.unusable : EXIT.failed;
}
