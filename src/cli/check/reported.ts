/** Whether a code for the room (src/course/gauge) can say what the verdicts say. */

import type { Catalogue, Problem } from '#course/catalogue';
import { type Gauged, gaugedIn } from '#course/gauge/gauged';
import { gaugeProblems } from '#course/gauge/problems';
import type { Verdict } from '#grade/verdict';
import type { GradedAnswer } from './gradings.ts';

/** What keeps an exercise from being reported: what is read off its grader, and what its verdicts have beyond that. */
export function reportedProblems(catalogue: Catalogue, graded: readonly GradedAnswer[]): Problem[] {
  const gauged = new Map(gaugedIn(catalogue).map((each) => [each.id, each]));
  const untold = graded.flatMap(({ answer, result }) => {
    const exercise = gauged.get(answer.exercise);
    return exercise && 'verdict' in result ? untoldIn(result.verdict, exercise, answer.file) : [];
  });
  return [...gaugeProblems(catalogue), ...untold];
}

function untoldIn({ checks }: Verdict, { checks: declared, misconceptions }: Gauged, file: string): Problem[] {
  const rule = 'a code for the room can say what a verdict says';
  const known = new Set(misconceptions.map(({ id }) => id));
  const check = checks.find(({ id, stage }) => !declared.some((each) => each.id === id && each.stage === stage));
  const belief = checks.find(({ misconception }) => misconception !== undefined && !known.has(misconception));
  return [
    ...(check
      ? [{ file, rule, advice: `The check "${check.id}" cannot be read off the grader's text: declare it there.` }]
      : []),
    ...(belief
      ? [{ file, rule, advice: `"${belief.misconception}" is named, but it has neither a wrong answer nor a text.` }]
      : []),
  ];
}
