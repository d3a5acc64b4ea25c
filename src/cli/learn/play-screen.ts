/** An interleaving that is stepped through: what has happened, the machine now, and in a walk why. */

import { endingRole } from '#grade/ending';
import { drawColumns } from '../columns.ts';
import { type Look, paint } from '../look.ts';
import { machineLines } from '../machine.ts';
import { indent, proseLines, wrap } from '../prose.ts';
import { stepSentence } from '../told.ts';
import { endingText } from '../trace-words.ts';
import { inOneLine } from './keys.ts';
import type { Player } from './player.ts';

/** The screen, in no more rows than there are: of the columns their end, which is the step just taken. */
export function playLines(look: Look, player: Player, rows: number): string[] {
  const { trace, at, reasons, check } = player;
  const drawn = drawColumns(look, trace, endingRole(check), at);
  const [names = '', rule = '', ...steps] = drawn;
  const heading = wrap(`${check.name}: ${placeText(player)}`, look.width).map((line) => paint(look, 'bold', line));
  const below = [...reasonLines(look, reasons?.[at - 1]), ...machine(look, player), '', ...footer(look)];
  const room = Math.max(LEAST, rows - heading.length - 2 - 1 - below.length - 1);
  const kept = steps.slice(-room);
  const above = steps.length > kept.length ? paint(look, 'dim', '      (earlier steps are above)') : '';
  return [...heading, names, rule, ...(above === '' ? kept : [above, ...kept.slice(1)]), ...below];
}

// Rows of steps, however small the window is.
const LEAST = 6;

function placeText({ at, trace }: Player): string {
  return at === 0 ? `before the first of ${trace.steps.length} steps` : `step ${at} of ${trace.steps.length}`;
}

function reasonLines(look: Look, reason: string | undefined): string[] {
  return reason === undefined ? [] : ['', ...indent(proseLines(look, reason, look.width - 2), 2)];
}

function machine(look: Look, { trace, at }: Player): string[] {
  const step = trace.steps[at - 1];
  const lines = machineLines(look, step ? step.picture : trace.picture, step?.blocked ?? []);
  return lines.length === 0 ? [] : ['', ...lines];
}

const footer = (look: Look): string[] =>
  inOneLine(look, ['right, left: a step', 'Home, End', 'o over a function', 's next switch', 'any other key: back']);

/** The step just taken, to be read out. */
export function playSentences(look: Look, { trace, at, reasons, check }: Player): string[] {
  if (at === 0) return ['Before the first step.'];
  const isLast = at === trace.steps.length && trace.ending.kind !== 'returned';
  const said = [
    `${stepSentence(trace, at - 1).replace(/\bStep (\d+),/, `Step $1 of ${trace.steps.length},`)}`,
    ...(reasons?.[at - 1] === undefined ? [] : [reasons[at - 1] as string]),
    ...(isLast ? [`It ends so: ${endingText(trace, endingRole(check))}.`] : []),
  ];
  return said.flatMap((sentence) => wrap(sentence, look.width));
}
