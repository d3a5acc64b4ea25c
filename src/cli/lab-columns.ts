/** What the threads of a real kernel did, in columns: time runs down. Unlike in the simulation nobody is stopped here: they run at once. */

import type { Bug } from '#lab/recording';
import type { Told } from '#lab/story';
import { glyph, type Look, paint } from './look.ts';
import { wrap } from './prose.ts';

const MARGIN = 6;
const GAP = 2;
// A refault storm is long, and says the same again and again.
const MOST_ROWS = 80;

/** Draws deeds, one a row, in lines no wider than the look allows. `bug`: in whose deed, and where, the kernel stopped. */
export function drawDeeds(look: Look, deeds: readonly Told[], bug: Bug | null): string[] {
  const shown = deeds.slice(-MOST_ROWS);
  const fatal = shown.findLastIndex(({ thread }) => thread === bug?.thread);
  const omitted = deeds.length - shown.length;
  const front = omitted === 0 ? [] : [`      ${glyph(look, 'ellipsis')} ${omitted} before these`];
  const end =
    bug === null
      ? []
      : ['', paint(look, ['bold', 'red'], `${glyph(look, 'failed')}     ${bug.thread}: kernel BUG at ${bug.at}`)];
  const told = shown.flatMap(({ thread, text }) => wrap(`${thread}: ${text}`, look.width));
  if (look.spoken) return [...front, ...told, ...end];
  const threads = [...new Set(deeds.map(({ thread }) => thread))].sort();
  const width = Math.floor((look.width - MARGIN - GAP * (threads.length - 1)) / Math.max(1, threads.length));
  const row = (margin: string, cells: readonly string[]) =>
    (margin.padEnd(MARGIN) + cells.map((cell) => cell.padEnd(width)).join(' '.repeat(GAP))).trimEnd();
  const lines = shown.flatMap(({ thread, text }, index) => {
    const number = String(omitted + index + 1).padStart(4);
    const last = index === fatal;
    const parts = text.length <= width ? [text] : wrap(text, width - 2);
    return parts.map((part, line) => {
      const drawn = row(
        line > 0 ? '' : last ? `${glyph(look, 'failed')}${number.slice(1)}` : number,
        threads.map((each) => (each === thread ? (line > 0 ? `  ${part}` : part) : '')),
      );
      return last ? paint(look, ['bold', 'red'], drawn) : drawn;
    });
  });
  const heading = row('', threads);
  const rule = row(
    '',
    threads.map(() => glyph(look, 'rule').repeat(Math.max(2, width))),
  );
  return [paint(look, 'bold', heading), paint(look, 'dim', rule), ...front, ...lines, ...end];
}
