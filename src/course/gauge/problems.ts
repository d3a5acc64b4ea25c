/** What keeps an exercise from being reported by codes. */

import type { Catalogue } from '../catalogue.ts';
import type { Problem } from '../problem.ts';
import { states } from './code.ts';
import { gaugedIn, numberOfExercise } from './gauged.ts';

/** Two exercises with one number, a grader whose checks cannot be read off, one with too many of them. */
export function gaugeProblems(catalogue: Catalogue): Problem[] {
  const all = gaugedIn(catalogue);
  return all.flatMap((gauged, at) => {
    const { folder, grader } = catalogue.exercises[at] ?? { folder: gauged.id, grader: { file: gauged.id, text: '' } };
    const twin = all.slice(0, at).find((other) => numberOfExercise(other) === numberOfExercise(gauged));
    return [
      ...(twin ? [takenTwice(folder, twin.id)] : []),
      ...unreadable(grader, gauged.checks.length),
      ...(states.length ** gauged.checks.length * (gauged.misconceptions.length + 1) > Number.MAX_SAFE_INTEGER
        ? [tooMany(grader.file)]
        : []),
    ];
  });
}

const takenTwice = (file: string, twin: string): Problem => ({
  file,
  rule: 'codes for the room tell exercises apart',
  advice: `It shares its number with "${twin}", which is a hash of the id: give the newer of the two another id.`,
});

/** Each check must be declared in one line, with its id and stage as they are. */
function unreadable({ file, text }: { file: string; text: string }, count: number): Problem[] {
  const declared = text.match(/^\s*test\(/gm)?.length ?? 0;
  if (declared === count || text === '') return [];
  const advice = `${declared} checks begin with test(, and ${count} of them with test('name', { meta: { id: 'id', stage: 1 } }: declare all like that.`;
  return [{ file, rule: 'a grader declares its checks so that they can be read off', advice }];
}

const tooMany = (file: string): Problem => ({
  file,
  rule: 'what an exercise reports fits into a code',
  advice: 'It has too many checks: put some of them together, or make two exercises of it.',
});
