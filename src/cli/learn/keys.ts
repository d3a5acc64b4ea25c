/** The keys, what each is for, and when it is of use. */

import { mayShowSolution, progressOf } from '#course/progress';
import { type Look, paint } from '../look.ts';
import { wrap } from '../prose.ts';
import { hanging } from './lines.ts';
import { shownCheck } from './player.ts';
import type { State } from './state.ts';

interface Key {
  readonly key: string;
  /** In a word or two, for the last line. */
  readonly does: string;
  readonly explained: string;
  /** Whether the last line names it now; always, where that is not said. */
  isOfUse?(state: State): boolean;
}

const hasPassed = ({ progress, exercise }: State) => progressOf(progress, exercise.id).status === 'passed';
const mayWalk = (state: State) =>
  mayShowSolution(state.progress, state.exercise.id) ||
  progressOf(state.progress, state.exercise.id).hintsSeen >= state.exercise.hints.length;

const KEYS: readonly Key[] = [
  { key: 'n', does: 'next', explained: 'the next exercise' },
  { key: 'p', does: 'back', explained: 'the exercise before' },
  { key: 'l', does: 'list', explained: 'all exercises, to search in, and how far you are' },
  {
    key: 'm',
    does: 'lesson',
    explained: 'the lesson, to read here; after a pass, what you proved',
  },
  { key: 'e', does: 'edit', explained: 'opens your file in your editor: $VISUAL, or else $EDITOR' },
  { key: 'h', does: 'hint', explained: 'a hint, or those that were put away; there are three' },
  {
    key: 't',
    does: 'step through',
    explained: 'steps through the interleaving with the arrow keys, the machine below',
    isOfUse: ({ verdict }) => shownCheck(verdict) !== undefined,
  },
  {
    key: 'w',
    does: 'walk',
    explained: 'the same with the reason for each step; after the third hint',
    isOfUse: (state) => shownCheck(state.verdict) !== undefined && mayWalk(state),
  },
  { key: 's', does: 'solution', explained: 'the solution beside your file, when you have passed or given up' },
  {
    key: 'g',
    does: 'give up',
    explained: 'gives up (asks first), shows the solution; you pass in a fresh world',
    isOfUse: (state) => !mayShowSolution(state.progress, state.exercise.id),
  },
  {
    key: 'v',
    does: 'vary',
    explained: 'when you have passed: grades your answer in a harder world, and back',
    isOfUse: hasPassed,
  },
  {
    key: 'r',
    does: 'reset',
    explained: 'starts over (asks first); your file is kept as a dated copy',
  },
  {
    key: 'a',
    does: 'appeal',
    explained: '“I think my answer is right”: all that shows it, in a file to send',
    isOfUse: ({ verdict }) => verdict?.outcome === 'failed',
  },
  {
    key: 'c',
    does: 'code',
    explained: 'in a workshop: a code that tells the room where you are',
    isOfUse: ({ verdict, variant }) => verdict !== undefined && variant !== 'harder',
  },
  { key: '?', does: 'help', explained: 'this page' },
  { key: 'q', does: 'quit', explained: 'ends; all is kept' },
];

/** Those of use now, never with a key on one line and its meaning on the next. */
export function keyLines(look: Look, state: State): string[] {
  const shown = KEYS.filter(({ isOfUse }) => isOfUse?.(state) ?? true);
  return inOneLine(
    look,
    shown.map(({ key, does }) => `${key} ${does}`),
  );
}

/** Short texts side by side, none broken. */
export function inOneLine(look: Look, texts: readonly string[]): string[] {
  const glued = texts.map((text) => text.replaceAll(' ', NO_BREAK));
  return wrap(glued.join(' ').replaceAll(' ', `${NO_BREAK} `), look.width).map((line) =>
    paint(look, 'dim', line.replaceAll(NO_BREAK, ' ').trimEnd()),
  );
}

const NO_BREAK = '\u00a0';

/** The page of help: whole on a screen of 80 by 24. */
export function helpLines(look: Look): string[] {
  const told = (text: string) => wrap(text, look.width);
  return [
    ...told('Faultline in the terminal: each save of your file is graded.').map((line) => paint(look, 'bold', line)),
    '',
    ...KEYS.flatMap(({ key, explained }) => keyHelp(look, key, explained)),
    ...keyHelp(look, 'Enter', 'grades again'),
    ...told('Stepping: right, left, g and G to the ends, o over a call, s to the next switch.'),
    ...told('Nothing is written but my/: files, copies, reports, progress.json, room.json.'),
  ];
}

function keyHelp(look: Look, key: string, explained: string): string[] {
  if (look.spoken) return wrap(`${key}: ${explained}.`, look.width);
  return hanging(`  ${paint(look, 'bold', key.padEnd('Enter'.length))}  `, wrap(explained, look.width - 9));
}
