import { glyph, type Look, paint, type Style } from '../look.ts';
import { wrap } from '../prose.ts';
import { firstFailed } from '../report.ts';
import { countText, type Graded, hasPassed } from './result.ts';

const WORD = 'not begun'.length;

/** What several files came to, in a line each, and how many passed. */
export function summaryLines(look: Look, results: readonly Graded[]): string[] {
  const all = results.every(hasPassed);
  return [
    paint(look, 'bold', 'Summary'),
    '',
    ...results.flatMap((result) => line(look, result)),
    '',
    paint(look, all ? ['bold', 'green'] : 'bold', `${countText(results)}.`),
  ];
}

function line(look: Look, { id, verdict }: Graded): string[] {
  const [mark, word, style] = signOf(verdict?.outcome);
  const failed = verdict && firstFailed(verdict)?.name;
  const front = `  ${paint(look, style, `${glyph(look, mark)} ${word.padEnd(WORD)}`)}  `;
  const room = look.width - WORD - 6;
  return wrap(failed === undefined ? id : `${id}: ${failed}`, room).map((text, index) =>
    index === 0 ? front + text : ' '.repeat(look.width - room) + text,
  );
}

type Sign = readonly [Parameters<typeof glyph>[1], string, Style];

function signOf(outcome: NonNullable<Graded['verdict']>['outcome'] | undefined): Sign {
  switch (outcome) {
    case undefined:
      return ['waiting', 'not begun', 'dim'];
    case 'passed':
      return ['passed', 'passed', 'green'];
    case 'broken':
      return ['failed', 'broken', 'red'];
    default:
      return ['failed', outcome, 'red'];
  }
}
