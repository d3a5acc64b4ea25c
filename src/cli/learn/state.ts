/** What a learner's session knows, and what a screen shows of it. */

import type { Catalogue, Exercise, Lesson } from '#course/catalogue';
import type { Prediction } from '#course/predictions';
import type { Progress } from '#course/progress';
import type { Progress as GradingProgress } from '#grade/node/grade';
import type { Variant } from '#grade/variants';
import type { Verdict } from '#grade/verdict';
import type { Player } from './player.ts';
import type { Reading } from './reading.ts';

export type Mode = 'exercise' | 'predict' | 'list' | 'help' | 'give up?' | 'reset?' | 'play' | 'names' | 'read';

export interface State {
  readonly catalogue: Catalogue;
  readonly exercise: Exercise;
  readonly lesson: Lesson | undefined;
  /** The learner's file, in full. */
  readonly path: string;
  readonly progress: Progress;
  readonly mode: Mode;
  readonly list: ListState;
  /** What the lesson asks before its exercise. */
  readonly prediction: Prediction | undefined;
  /** It was answered just now, or its exercise was passed: what was expected and what happens are shown. */
  readonly recalls: boolean;
  /** The key of the option that is right, once it may be told. */
  readonly answer: string | undefined;
  readonly verdict: Verdict | undefined;
  /** The text that the verdict is on, and the worlds in which it was graded. */
  readonly graded: { readonly source: string; readonly variant: Variant } | undefined;
  /** The worlds in which the next save is graded. */
  readonly variant: Variant;
  /** A run is under way. */
  readonly running: GradingProgress | undefined;
  /** How many hints are open, and whether they are shown: a verdict puts them away. */
  readonly hints: number;
  readonly showsHints: boolean;
  readonly showsSolution: boolean;
  /** An interleaving that is stepped through. */
  readonly player: Player | undefined;
  /** The lesson, opened where one left it. */
  readonly reading: Reading | undefined;
  /** What the last key came to, in a line or two; `told` counts, so that the same words twice are two notices. */
  readonly notice: string | undefined;
  readonly told: number;
}

export interface ListState {
  /** Which of those found Enter would open. */
  readonly cursor: number;
  /** What they are searched for. */
  readonly search: string;
}

/** Of an exercise that has just been entered. */
export const atRest = {
  mode: 'exercise',
  list: { cursor: 0, search: '' },
  recalls: false,
  answer: undefined,
  verdict: undefined,
  graded: undefined,
  running: undefined,
  hints: 0,
  showsHints: false,
  showsSolution: false,
  player: undefined,
  reading: undefined,
  notice: undefined,
} as const satisfies Partial<State>;

/** What was asked for before a save: its verdict is what matters now. */
export const putAway = { recalls: false, showsHints: false, showsSolution: false } as const satisfies Partial<State>;
