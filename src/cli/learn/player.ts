/** Stepping through an interleaving: where one is, and where a key leads. */

import { progressOf } from '#course/progress';
import type { Trace } from '#explore';
import { reasonsOf } from '#grade/reasons';
import type { Check, Verdict } from '#grade/verdict';
import { type Move, placeAfter } from '#grade/walk';
import { firstFailed } from '../report.ts';
import type { State } from './state.ts';

export interface Player {
  readonly check: Check;
  readonly trace: Trace;
  /** How many of its steps are taken. */
  readonly at: number;
  /** A walk: with the reason for each step. */
  readonly reasons: readonly string[] | undefined;
  /** Of the lesson that is being read, and not of the verdict. */
  readonly isOfLesson?: boolean;
}

/** The check that shows an interleaving: the first that failed, or one that asked for it; undefined where there is none. */
export function shownCheck(verdict: Verdict | undefined): (Check & { readonly trace: Trace }) | undefined {
  if (!verdict) return undefined;
  const check = firstFailed(verdict) ?? verdict.checks.findLast(({ trace }) => trace !== undefined);
  return check?.trace && check.trace.steps.length > 0 ? { ...check, trace: check.trace } : undefined;
}

/** Of the interleaving that the verdict shows, in a walk with the reason for each step; or why there is none. */
export function playerOf(
  { exercise, progress, verdict }: Pick<State, 'exercise' | 'progress' | 'verdict'>,
  isWalk: boolean,
): Player | string {
  const check = shownCheck(verdict);
  if (!verdict) return 'There is no verdict yet: save your file first.';
  if (!check) return 'The verdict shows no interleaving that could be stepped through.';
  const { status, hintsSeen } = progressOf(progress, exercise.id);
  if (isWalk && status === 'started' && hintsSeen < exercise.hints.length)
    return 'The walk, with a reason for each step, comes after the third hint: press h.';
  return { check, trace: check.trace, at: 1, reasons: isWalk ? reasonsOf(check.trace) : undefined };
}

const MOVES: Readonly<Record<string, Move>> = {
  right: 'forward',
  down: 'forward',
  ' ': 'forward',
  left: 'back',
  up: 'back',
  j: 'forward',
  k: 'back',
  b: 'back',
  home: 'first',
  g: 'first',
  end: 'last',
  'shift-g': 'last',
  o: 'over',
  s: 'switch',
};

/** Where a key leads; undefined for one that leads out. */
export function moved(player: Player, key: string): Player | undefined {
  if (key === 'q' || key === 'escape') return undefined;
  const move = MOVES[key];
  return move ? { ...player, at: placeAfter(move, player.at, player.trace) } : player;
}
