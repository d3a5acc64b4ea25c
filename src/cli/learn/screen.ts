/** What a learner sees. Pure: a state becomes lines. */

import { soFarText } from '#grade/explored';
import { type Look, paint } from '../look.ts';
import { wrap } from '../prose.ts';
import { solutionLines } from './difference.ts';
import {
  foldedHintLines,
  freshLines,
  headLines,
  hintLines,
  passedLines,
  shortVerdictParts,
  verdictLines,
} from './exercise-screen.ts';
import { helpLines, inOneLine, keyLines } from './keys.ts';
import { listLines } from './list-screen.ts';
import { namesLines } from './names-screen.ts';
import { playLines } from './play-screen.ts';
import { recallLines } from './prediction-screen.ts';
import { readingLines } from './reading-screen.ts';
import type { Mode, State } from './state.ts';

export const USUAL_ROWS = 24;

/** All lines of the screen. What matters next stands last, where a long screen ends. */
export function screenLines(look: Look, state: State, rows = USUAL_ROWS): string[] {
  if (state.mode === 'play' && state.player) return playLines(look, state.player, rows);
  if (state.mode === 'read') return readingLines(look, state);
  const foot = footLines(look, state);
  const whole = joined(partsOf(look, state, rows), foot);
  if (whole.length < rows || !state.verdict || !ON_VERDICT.includes(state.mode)) return whole;
  const { exercise, hints, showsHints, showsSolution } = state;
  const asked = [
    ...(showsHints ? hintParts(look, state, hints) : []),
    ...(showsSolution ? [solutionLines(look, exercise, state.graded?.source), freshLines(look, state)] : []),
  ];
  const verdict = shortVerdictParts(look, state, rows - foot.length - 1);
  return joined([headLines(look, state), ...verdict, ...asked], foot);
}

const ON_VERDICT: readonly Mode[] = ['exercise', 'give up?', 'reset?'];

const joined = (parts: readonly (readonly string[])[], foot: readonly string[]) => [
  ...parts.filter((part) => part.length > 0).flatMap((part) => [...part, '']),
  ...foot,
];

const hintParts = (look: Look, state: State, count: number) =>
  Array.from({ length: count }, (_, index) => hintLines(look, state, index + 1));

function partsOf(look: Look, state: State, rows: number): string[][] {
  const { mode, hints, showsHints, showsSolution, exercise, graded } = state;
  if (mode === 'list') return [listLines(look, state)];
  if (mode === 'help') return [helpLines(look)];
  if (mode === 'names') return [namesLines(look, state.catalogue.terms, state.player?.trace, rows - 3)];
  if (mode === 'predict') return [headLines(look, state)];
  return [
    headLines(look, state),
    verdictLines(look, state),
    recallLines(look, state),
    passedLines(look, state),
    foldedHintLines(look, state),
    ...(showsHints ? hintParts(look, state, hints) : []),
    ...(showsSolution ? [solutionLines(look, exercise, graded?.source), freshLines(look, state)] : []),
  ];
}

const WAYS = ['n next', 'p back', 'l list', '? help', 'q quit'];

/** What a mode asks, or how one leaves it. */
export const QUESTIONS: Partial<Record<Mode, string>> = {
  predict: 'Space opens the lesson. Enter goes to its question, and then to the exercise.',
  'give up?': 'Give up on this exercise and see its solution? Press y for yes, any other key for no.',
  'reset?': 'Start over from the starter? Your file is kept as a dated copy. Press y for yes, any other key for no.',
  list: 'Type to search, up and down to move, Enter to open, Escape to go back.',
  help: 'Any key to go back.',
  names: 'Any key to go back.',
  read: 'Space reads on, b goes back, q goes to the exercise.',
};

/** What goes on, what the last key came to, and what may be pressed. */
function footLines(look: Look, state: State): string[] {
  const { mode, running, notice, verdict } = state;
  const question = QUESTIONS[mode];
  return [
    ...(running ? [paint(look, 'cyan', runningText(look, running))] : []),
    ...(running && verdict ? [paint(look, 'cyan', 'What stands above is of what you saved before.')] : []),
    ...(notice === undefined ? [] : wrap(notice, look.width).map((line) => paint(look, 'yellow', line))),
    ...(question === undefined
      ? keyLines(look, state)
      : wrap(question, look.width).map((line) => paint(look, 'bold', line))),
    ...(mode === 'predict' ? inOneLine(look, WAYS) : []),
  ];
}

function runningText(look: Look, { checking, ...looked }: NonNullable<State['running']>): string {
  const what = [checking ? `Grading: ${checking.name}` : 'Grading', soFarText(looked)].filter(Boolean).join(', ');
  const [line = ''] = wrap(what, look.width);
  return line;
}
