/** A clock that is started and paused, held against what was planned. Times are in milliseconds. */

import type { Phase } from './cut.ts';

export interface Clock {
  /** What had passed when it was last paused. */
  readonly before: number;
  /** When it was started; absent while it stands. */
  readonly since?: number;
}

export const unstarted: Clock = { before: 0 };

export const elapsed = ({ before, since }: Clock, now: number): number =>
  before + (since === undefined ? 0 : Math.max(0, now - since));

/** Starts it, or pauses it. */
export const toggled = (clock: Clock, now: number): Clock =>
  clock.since === undefined ? { ...clock, since: now } : { before: elapsed(clock, now) };

/** `7:05`, and from an hour on `1:02:05`. */
export function timeText(time: number): string {
  const seconds = Math.floor(time / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Minutes of each phase. */
export type Plan = Readonly<Record<Phase, number>>;

export const phases: readonly Phase[] = ['talk', 'exercise', 'debrief'];

/** The minute at which a phase is to begin. */
export const beginOf = (plan: Plan, phase: Phase): number => endOf(plan, phase) - plan[phase];

/** The minute at which a phase is to be over. */
export const endOf = (plan: Plan, phase: Phase): number =>
  phases.slice(0, phases.indexOf(phase) + 1).reduce((total, each) => total + plan[each], 0);

/** How far a phase is from its planned end: `4 min left for the talk`, `2 min over, in the exercise`; the lesson, where it has none. */
export function standingText(plan: Plan, phase: Phase, time: number): string {
  const left = endOf(plan, phase) - time / 60_000;
  const what = plan[phase] > 0 ? phase : 'lesson';
  return left >= 0 ? `${Math.ceil(left)} min left for the ${what}` : `${Math.ceil(-left)} min over, in the ${what}`;
}

export const isOver = (plan: Plan, phase: Phase, time: number): boolean => time > endOf(plan, phase) * 60_000;
