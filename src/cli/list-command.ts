/** `npm run list`: the exercises in their order, and how far the learner is. */

import { parseArgs } from 'node:util';
import { type Catalogue, type Exercise, findLesson } from '#course/catalogue';
import { readProgress } from '#course/node/progress-file';
import { type ExerciseProgress, type Progress, passedEarlier } from '#course/progress';
import { canonicalJson } from '#grade/verdict';
import { version } from '#grade/version';
import type { Desk } from './desk.ts';
import { glyph, type Look, paint, type Style } from './look.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run list [-- --json]',
  '',
  'Lists the exercises, and how far you are with each.',
  '  --json   for programs (with npm: npm run -s list -- --json)',
  'Exit: 0, or 2 for wrong use',
];

/** Runs the command; returns its exit code. */
export async function listCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const { values } = parsedOr(USAGE, () =>
      parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } }),
    );
    const catalogue = await desk.catalogue();
    if (catalogue.exercises.length === 0) throw new WrongUse('', 'There are no exercises in exercises/.');
    const { progress, warning } = await readProgress(desk.my, desk.now());
    if (values.json) desk.write(canonicalJson(listed(catalogue, progress)));
    else desk.say(...listLines(desk.look, catalogue, progress));
    if (warning !== undefined) desk.complain('', warning);
    return 0;
  });
}

type Status = ExerciseProgress['status'] | 'not begun' | 'passed earlier';

/** `passed earlier`: with another version of the grader, so that it is to be graded again. */
function statusOf(entry: ExerciseProgress | undefined): Status {
  if (!entry) return 'not begun';
  return passedEarlier(entry, version) ? 'passed earlier' : entry.status;
}

function listed(catalogue: Catalogue, progress: Progress) {
  const exercises = catalogue.exercises.map((exercise) => {
    const lesson = findLesson(catalogue, exercise.id);
    const entry = progress.exercises[exercise.id];
    return {
      id: exercise.id,
      title: lesson?.title ?? exercise.id,
      part: lesson?.part ?? null,
      minutes: lesson?.minutes ?? null,
      file: `my/${exercise.id}.ts`,
      hints: exercise.hints.length,
      status: statusOf(entry),
      stage: entry?.stage ?? 0,
      attempts: entry?.attempts ?? 0,
      hintsSeen: entry?.hintsSeen ?? 0,
    };
  });
  return { schema: 'faultline/list/1', course: version, exercises };
}

function listLines(look: Look, catalogue: Catalogue, progress: Progress): string[] {
  const width = Math.max(...catalogue.exercises.map(({ id }) => id.length));
  let part: number | undefined;
  const lines = catalogue.exercises.flatMap((exercise, index) => {
    const lesson = findLesson(catalogue, exercise.id);
    const isNew = lesson !== undefined && lesson.part !== part;
    part = lesson?.part ?? part;
    const heading = isNew ? [...(index === 0 ? [] : ['']), paint(look, 'bold', `Part ${part}`)] : [];
    return [...heading, row(look, exercise, progress.exercises[exercise.id], { index, width })];
  });
  const passed = catalogue.exercises.filter(({ id }) => progress.exercises[id]?.status === 'passed').length;
  return [...lines, '', `${passed} of ${catalogue.exercises.length} passed.`];
}

const SIGNS: Readonly<Record<Status, readonly [Parameters<typeof glyph>[1], Style]>> = {
  passed: ['passed', 'green'],
  'passed earlier': ['undecided', 'yellow'],
  'given-up': ['failed', 'dim'],
  started: ['waiting', 'cyan'],
  'not begun': ['waiting', 'dim'],
};

function row(
  look: Look,
  { id }: Exercise,
  entry: ExerciseProgress | undefined,
  { index, width }: { index: number; width: number },
): string {
  const status = statusOf(entry);
  const [sign, style] = SIGNS[status];
  const text = `${String(index + 1).padStart(4)}  ${id.padEnd(width)}  `;
  return `${text}${paint(look, style, `${glyph(look, sign)} ${wordsOf(status, entry)}`)}`;
}

function wordsOf(status: Status, entry: ExerciseProgress | undefined): string {
  if (status === 'passed earlier') return 'passed with an earlier version: grade again';
  if (status === 'given-up') return 'given up';
  if (status !== 'started') return status;
  return entry && entry.stage > 0 ? `stage ${entry.stage} passed` : 'begun';
}
