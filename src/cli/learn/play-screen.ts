/** An interleaving that is stepped through: what has happened, the machine now, and in a walk why. */

import { stripVTControlCharacters } from 'node:util';
import { type EndingRole, endingRole } from '#grade/ending';
import { drawColumns, drawStep } from '../columns.ts';
import { type Look, paint } from '../look.ts';
import { machineLines } from '../machine.ts';
import { indent, proseLines, wrap } from '../prose.ts';
import { stepSentence } from '../told.ts';
import { endingText } from '../trace-words.ts';
import { inOneLine } from './keys.ts';
import type { Player } from './player.ts';

/** The screen, in no more rows than there are: of the columns their end, which is the step just taken. */
export function playLines(look: Look, player: Player, rows: number): string[] {
  const { trace, at, reasons } = player;
  const [names = '', rule = '', ...steps] = drawColumns(look, trace, roleOf(player), at);
  const heading = wrap(`${player.check.name}: ${placeText(player)}`, look.width).map((line) =>
    paint(look, 'bold', line),
  );
  const below = [...reasonLines(look, reasons?.[at - 1]), ...machine(look, player), ...footer(look, trace)];
  const room = Math.max(LEAST, rows - 1 - heading.length - 2 - below.length);
  return [...heading, names, rule, ...windowOf(look, player, steps, room), ...below];
}

/** Of an experiment nobody asked for the end that it comes to. */
const roleOf = ({ check, isOfLesson }: Player): EndingRole => (isOfLesson ? 'new' : endingRole(check));

/** The last rows; above them the last step of every other CPU, and what this one had found when it did the same before. */
function windowOf(look: Look, player: Player, steps: readonly string[], room: number): readonly string[] {
  if (steps.length <= room) return steps;
  let above: string[] = [];
  // What makes room for one CPU's step may push another's out.
  for (let round = 0; round < 3; round++) {
    const kept = steps.slice(-(room - above.length));
    const hidden = hiddenSteps(player, kept).flatMap((index) => drawStep(look, player.trace, index));
    if (hidden.length === above.length && round > 0) return [...above, ...kept];
    above = hidden.length > 0 ? hidden : [paint(look, 'dim', '      (earlier steps: left arrow)')];
  }
  return [...above, ...steps.slice(-Math.max(1, room - above.length))];
}

/** Those steps that are not among the rows. */
function hiddenSteps({ trace, at }: Player, rows: readonly string[]): number[] {
  const shown = new Set(rows.map((row) => Number(/^\s*\D?\s*(\d+) /.exec(stripVTControlCharacters(row))?.[1])));
  const now = trace.steps[at - 1];
  const before = trace.steps
    .slice(0, at - 1)
    .findLastIndex(({ task, operation }) => task === now?.task && operation === now.operation);
  const others = new Set(trace.steps.slice(0, at).map(({ task }) => task));
  const stopped = [...others]
    .filter((task) => task !== now?.task)
    .map((task) => trace.steps.slice(0, at).findLastIndex((step) => step.task === task));
  return [...stopped, before].filter((index) => index >= 0 && !shown.has(index + 1)).sort((a, b) => a - b);
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
  const lines = machineLines(look, step ? step.picture : trace.picture, step?.blocked ?? [], trace);
  return lines.length === 0 ? [] : ['', ...lines];
}

function footer(look: Look, { steps }: Player['trace']): string[] {
  const hasSwitch = steps.some(({ switched }) => switched !== 'no');
  const moves = ['right, left: a step', 'g, G: ends', 'o over a call', ...(hasSwitch ? ['s next switch'] : [])];
  return inOneLine(look, [...moves, '? names', 'q back']);
}

/** The step just taken, to be read out. */
export function playSentences(look: Look, player: Player): string[] {
  const { trace, at, reasons } = player;
  if (at === 0) return ['Before the first step.'];
  const isLast = at === trace.steps.length && trace.ending.kind !== 'returned';
  const said = [
    `${stepSentence(trace, at - 1).replace(/\bStep (\d+),/, `Step $1 of ${trace.steps.length},`)}`,
    ...(reasons?.[at - 1] === undefined ? [] : [reasons[at - 1] as string]),
    ...(isLast ? [`It ends so: ${endingText(trace, roleOf(player))}.`] : []),
  ];
  return said.flatMap((sentence) => wrap(sentence, look.width));
}
