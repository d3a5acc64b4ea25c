/** The solution beside the learner's file, line by line. */

import { type ChangeObject, diffLines } from 'diff';
import type { Exercise } from '#course/catalogue';
import { normalise } from '#grade/verdict';
import { type Look, paint } from '../look.ts';
import { codeLines, indent, wrap } from '../prose.ts';

// Lines that differ, at most: beyond them two files have too little in common to be compared.
const MOST = 1_000;

/** The whole solution; with the learner's text, what only one of the two has is marked. */
export function solutionLines(look: Look, { solution }: Exercise, source: string | undefined): string[] {
  const parts =
    source === undefined ? undefined : diffLines(normalise(source), normalise(solution.text), { maxEditLength: MOST });
  const heading = paint(look, 'bold', `The solution: ${solution.file}`);
  if (!parts)
    return [
      heading,
      '',
      ...indent(
        solution.text
          .trimEnd()
          .split('\n')
          .flatMap((line) => codeLines(line, look.width - 2)),
        2,
      ),
    ];
  if (parts.every(({ added, removed }) => !added && !removed))
    return [heading, 'Your file is the same, letter by letter.'];
  if (look.spoken) return [heading, ...toldParts(look, parts)];
  const lines = parts.flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .flatMap((line) => codeLines(line, look.width - 2))
      .map((line) => marked(look, line, { added, removed })),
  );
  const legend = wrap('Beside your file: + stands only in the solution, - only in yours.', look.width);
  return [heading, ...legend.map((line) => paint(look, 'dim', line)), '', ...lines];
}

/** The same to be read out: how many lines are alike, and whose each other line is. */
function toldParts(look: Look, parts: readonly ChangeObject<string>[]): string[] {
  return parts.flatMap(({ value, added, removed, count }) => {
    if (!added && !removed) return [count === 1 ? 'One line is the same.' : `${count} lines are the same.`];
    const written = value.split('\n').filter((line) => line.trim() !== '');
    return written.flatMap((line) =>
      wrap(`Only in ${added ? 'the solution' : 'your file'}: ${line.trim()}`, look.width),
    );
  });
}

function marked(look: Look, line: string, { added, removed }: { added: boolean; removed: boolean }): string {
  if (added) return paint(look, 'green', `+ ${line}`.trimEnd());
  return removed ? paint(look, 'red', `- ${line}`.trimEnd()) : `  ${line}`.trimEnd();
}
