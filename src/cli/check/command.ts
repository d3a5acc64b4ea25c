/** `npm run check`: everything that must be true of the course, and what to do about what is not. */

import { parseArgs } from 'node:util';
import {
  type Catalogue,
  findExercise,
  formatProblem,
  nearestExercises,
  type Problem,
  readCatalogue,
} from '#course/catalogue';
import { linkProblems } from '#course/links';
import { readCourseFiles } from '#course/node/course-files';
import { ruleProblems } from '#course/rules';
import { workshopProblems } from '#course/workshop-rules';
import type { Verdict } from '#grade/verdict';
import { type Look, paint } from '../look.ts';
import { type Answer, answerProblem, answersOf, type GradedAnswer, gradeAll } from './gradings.ts';
import { matrixLines } from './matrix.ts';
import { reportedProblems } from './reported.ts';

/** What the check needs from outside. */
export interface CheckDesk {
  readonly root: string;
  readonly look: Look;
  grade(answer: Answer): Promise<Verdict>;
  typeProblems(root: string): Promise<readonly Problem[]>;
  say(...lines: string[]): void;
  complain(...lines: string[]): void;
}

const USAGE = [
  'npm run check [-- --only <id>]',
  '',
  'Checks the whole course, or one exercise with its lesson and notes.',
  'Exit: 0 in order, 1 not in order, 2 wrong use',
];
// As many as the smallest machine that we care for has processors.
const AT_ONCE = 2;

/** Runs the check; returns the exit code. */
export async function checkCommand(desk: CheckDesk, args: readonly string[]): Promise<number> {
  let only: string | undefined;
  try {
    only = parseArgs({ args: [...args], options: { only: { type: 'string' } } }).values.only;
  } catch (error) {
    desk.complain(error instanceof Error ? error.message : String(error), '', ...USAGE);
    return 2;
  }
  const files = await readCourseFiles(desk.root);
  const catalogue = readCatalogue(files);
  if (only !== undefined && !findExercise(catalogue, only)) {
    const near = nearestExercises(catalogue, only).map((id) => `  ${id}`);
    desk.complain(`There is no exercise "${only}".${near.length > 0 ? ' Did you mean:' : ''}`, ...near);
    return 2;
  }
  const types = desk.typeProblems(desk.root);
  const graded = await gradeCourse(desk, catalogue, only);
  const read = [
    ...catalogue.problems,
    ...ruleProblems(catalogue),
    ...workshopProblems(catalogue),
    ...linkProblems(catalogue, files),
  ];
  const answered = [...graded.flatMap((each) => answerProblem(each) ?? []), ...reportedProblems(catalogue, graded)];
  const found = [...read, ...(await types), ...answered];
  const problems = withoutRepeats(found).filter(({ file }) => only === undefined || belongsTo(catalogue, only, file));
  report(desk, catalogue, graded, problems);
  return problems.length === 0 ? 0 : 1;
}

/** Grades every known answer, and shows an exercise's matrix as soon as it is complete. */
async function gradeCourse(desk: CheckDesk, catalogue: Catalogue, only: string | undefined): Promise<GradedAnswer[]> {
  const wanted = catalogue.exercises.filter(({ id }) => only === undefined || id === only);
  const answers = wanted.flatMap(answersOf);
  const known = new Map<Answer, GradedAnswer>();
  const shown = new Set<string>();
  await gradeAll(answers, (answer) => desk.grade(answer), {
    atOnce: AT_ONCE,
    done(graded) {
      known.set(graded.answer, graded);
      for (const { id } of wanted) {
        const ofIt = answers.filter(({ exercise }) => exercise === id);
        if (shown.has(id) || !ofIt.every((answer) => known.has(answer))) continue;
        shown.add(id);
        desk.say(
          ...matrixLines(
            desk.look,
            id,
            ofIt.flatMap((answer) => known.get(answer) ?? []),
          ),
          '',
        );
      }
    },
  });
  return answers.flatMap((answer) => known.get(answer) ?? []);
}

function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}

function belongsTo(catalogue: Catalogue, id: string, file: string): boolean {
  const folder = findExercise(catalogue, id)?.folder;
  const pages = [...catalogue.lessons, ...catalogue.notes].filter((page) => page.id === id);
  return pages.some((page) => page.file === file) || file === folder || file.startsWith(`${folder}/`);
}

function report(
  desk: CheckDesk,
  { lessons, exercises, terms }: Catalogue,
  graded: readonly GradedAnswer[],
  problems: readonly Problem[],
): void {
  for (const problem of problems) desk.complain(paint(desk.look, 'red', formatProblem(problem)));
  const size = `${lessons.length} lessons, ${exercises.length} exercises, ${terms.length} terms, ${graded.length} gradings`;
  if (problems.length === 0) desk.say(paint(desk.look, 'green', `The course is in order: ${size}.`));
  else desk.complain('', `${problems.length === 1 ? 'One problem' : `${problems.length} problems`} in ${size}.`);
}
