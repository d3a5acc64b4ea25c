/** Being the scheduler, as a game: what has been chosen, what it costs, and what is better. Nothing here knows of a page. */

import type { Choice, Position, TraceStep } from '#explore';

export interface Game {
  /** Whose step each one was, those that have been taken back too: one may go forward to them again. */
  readonly moves: readonly string[];
  /** How many of them stand. */
  readonly at: number;
}

export const begun: Game = { moves: [], at: 0 };

/** A step of that task: what had been taken back is gone. */
export const moved = ({ moves, at }: Game, task: string): Game => ({
  moves: [...moves.slice(0, at), task],
  at: at + 1,
});

/** Back, or forward again, to where so many steps stand. */
export const wentTo = ({ moves }: Game, at: number): Game => ({ moves, at: Math.min(Math.max(at, 0), moves.length) });

export interface Score {
  readonly preemptions: number;
  readonly switches: number;
  readonly steps: number;
}

/** What a way costs, as the checker counts it. */
export function scoreOf(steps: readonly Pick<TraceStep, 'switched'>[]): Score {
  const preemptions = steps.filter(({ switched }) => switched === 'preemption').length;
  const switches = steps.filter(({ switched }) => switched !== 'no').length;
  return { preemptions, switches, steps: steps.length };
}

/** The order of cost: fewest preemptions, then switches, then steps. Below zero: the first is less. */
export const compareCost = (one: Score, other: Score): number =>
  one.preemptions - other.preemptions || one.switches - other.switches || one.steps - other.steps;

/** What is to be reached: a kind of violation; `holds`: nothing can be, so the most switches are looked for. */
export type Goal = Position['found'][number]['kind'] | 'holds';

/** Whether the first is a better score for who has that goal. */
export const isBetter = (goal: Goal, one: Score, other: Score | undefined): boolean =>
  !other || (goal === 'holds' ? one.switches > other.switches : compareCost(one, other) < 0);

export interface Standing {
  /** `open`: somebody has to move. `over`: nobody can any more, and it is not what was to be reached. */
  readonly state: 'open' | 'reached' | 'over';
  readonly score: Score;
  readonly choices: readonly Choice[];
}

/** How it stands after so many steps of that position. */
export function standingAt({ trace, choices, found }: Position, at: number, goal: Goal): Standing {
  const now = choices[at] ?? [];
  const broken = found.find((each) => each.steps <= at && (goal === 'holds' || each.kind === goal));
  const isReached = goal === 'holds' ? now.length === 0 && !broken : broken !== undefined;
  const state = isReached ? 'reached' : now.length === 0 || broken ? 'over' : 'open';
  return { state, score: scoreOf(trace.steps.slice(0, at)), choices: state === 'open' ? now : [] };
}
