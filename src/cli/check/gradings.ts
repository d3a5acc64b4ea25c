/** The known answers of every exercise, graded: each must come out as its place in the folder says. */

import type { Exercise, Problem } from '#course/catalogue';
import type { GradeRequest } from '#grade/protocol';
import type { Variant } from '#grade/variants';
import type { Check, Verdict } from '#grade/verdict';
import { firstFailed } from '../report.ts';

/** One of an exercise's files, as an answer to it. */
export interface Answer {
  readonly exercise: string;
  readonly role: 'starter' | 'solution' | 'right' | 'wrong';
  readonly file: string;
  readonly source: string;
  /** Other worlds than the usual ones. */
  readonly variant?: Variant;
  /** The one that a wrong answer must be found to have. */
  readonly misconception?: string;
}

export interface GradedAnswer {
  readonly answer: Answer;
  /** What the grader said, or why it could say nothing. */
  readonly result: { readonly verdict: Verdict } | { readonly failure: string };
}

const VARIANTS: readonly Variant[] = ['fresh', 'harder'];

/** Everything there is to grade of an exercise. Files that are not there are named elsewhere. */
export function answersOf(exercise: Exercise): Answer[] {
  const { id, starter, solution, right, wrong } = exercise;
  const answer = (role: Answer['role'], { file, text }: { file: string; text: string }) => ({
    exercise: id,
    role,
    file,
    source: text,
  });
  const answers: Answer[] = [
    answer('starter', starter),
    answer('solution', solution),
    ...VARIANTS.map((variant) => ({ ...answer('solution', solution), variant })),
    ...right.map((each) => answer('right', each)),
    ...wrong.map((each) => ({ ...answer('wrong', each), misconception: each.misconception })),
  ];
  return answers.filter(({ source }) => source !== '');
}

/** What the grader is asked about an answer. */
export function requestOf({ exercise, source, variant }: Answer): GradeRequest {
  return variant === undefined ? { exercise, source } : { exercise, source, variant };
}

/** Grades all, a few at a time, in order. `done` is told of each as it is known. */
export async function gradeAll(
  answers: readonly Answer[],
  grade: (answer: Answer) => Promise<Verdict>,
  { atOnce, done }: { atOnce: number; done(graded: GradedAnswer): void },
): Promise<void> {
  const waiting = [...answers];
  const work = async () => {
    for (let answer = waiting.shift(); answer; answer = waiting.shift()) done(await gradeOne(answer, grade));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function gradeOne(answer: Answer, grade: (answer: Answer) => Promise<Verdict>): Promise<GradedAnswer> {
  try {
    const verdict = await grade(answer);
    const crash = verdict.checks.find(({ message }) => message?.id === 'grader failed');
    if (crash) return { answer, result: { failure: crash.native ?? 'no check could be run' } };
    return { answer, result: { verdict } };
  } catch (error) {
    return { answer, result: { failure: error instanceof Error ? error.message : String(error) } };
  }
}

/** What is wrong with how an answer came out; undefined if it came out as it should. */
export function answerProblem({ answer, result }: GradedAnswer): Problem | undefined {
  const { file } = answer;
  if ('failure' in result) {
    // The same for every answer of the exercise, and so said once.
    const grader = `${file.split('/').slice(0, 2).join('/')}/exercise.test.ts`;
    return { file: grader, rule: 'a grader can be run', advice: `Grading ends with: ${result.failure}` };
  }
  const { verdict } = result;
  if (verdict.outcome === 'broken') return brokenProblem(answer, verdict);
  if (answer.role === 'starter') return starterProblem(answer, verdict);
  return answer.role === 'wrong' ? wrongProblem(answer, verdict) : rightProblem(answer, verdict);
}

function brokenProblem({ file }: Answer, { errors }: Verdict): Problem {
  const [first] = errors;
  const advice = first ? `${first.message.text} Mend it.` : 'It does not.';
  return { file, ...(first ? { line: first.line } : {}), rule: 'every answer of an exercise compiles', advice };
}

function starterProblem({ file }: Answer, verdict: Verdict): Problem | undefined {
  if (verdict.outcome !== 'passed') return undefined;
  return {
    file,
    rule: 'a starter fails',
    advice: 'It passes every check, so there is nothing to do: leave something open.',
  };
}

function rightProblem({ file, role, variant }: Answer, verdict: Verdict): Problem | undefined {
  if (verdict.outcome === 'passed') return undefined;
  const what = role === 'solution' ? 'the solution passes' : 'a right answer passes';
  const rule = variant === undefined ? what : `${what} in the ${variant} variant`;
  return {
    file,
    rule,
    advice: `It ${whatFails(firstFailed(verdict))} Mend the answer, or the grader that is too strict.`,
  };
}

function wrongProblem({ file, misconception = '' }: Answer, verdict: Verdict): Problem | undefined {
  const failed = firstFailed(verdict);
  if (!failed) {
    const advice = `It passes every check: add a check that catches "${misconception}", or move the file to right/.`;
    return { file, rule: 'a wrong answer fails', advice };
  }
  if (failed.misconception === misconception) return undefined;
  const named = failed.misconception === undefined ? 'none is named' : `"${failed.misconception}" is named`;
  return {
    file,
    line: 1,
    rule: "a wrong answer fails with its misconception's name",
    advice: `"${misconception}" should be named, but ${named}. It ${whatFails(failed)} Mend what the check maps, or the first line.`,
  };
}

function whatFails(check: Check | undefined): string {
  if (!check) return 'has no check.';
  const schedule = check.schedule === undefined ? '' : ` (schedule ${check.schedule})`;
  return `comes out as ${check.status} in the check "${check.id}"${schedule}: ${check.message?.text ?? ''}`;
}
