/** Where one stands in a day that has a plan. */

import { minuteOf } from '../workshop/clock.ts';
import { beginOf, endOf, type Plan } from './clock.ts';
import type { Phase } from './cut.ts';

/** A lesson in a track that starts at a time of day. */
export interface Planned {
  readonly minutes: Plan;
  /** Minutes from the begin of the track to that of the lesson. */
  readonly begin: number;
  /** `09:30` */
  readonly start: string;
}

const day = 24 * 60;

/** Minutes since midnight, where the browser is. */
export const minuteOfDay = (date: Date): number => date.getHours() * 60 + date.getMinutes() + date.getSeconds() / 60;

/**
 * By how many minutes it is later than the plan has it at this point of the lesson; negative where one is early. `time`: milliseconds
 * on the lesson's clock; `now`: minutes since midnight. A phase that takes too long stands at its planned end.
 */
export function behind({ minutes, begin, start }: Planned, phase: Phase, time: number, now: number): number {
  const reached = Math.max(beginOf(minutes, phase), Math.min(time / 60_000, endOf(minutes, phase)));
  const late = now - minuteOf(start) - begin - reached;
  // The nearer of two days: a plan may go past midnight.
  return late - day * Math.round(late / day);
}

/** `6 min behind plan`, with what that supposes while the clock has not been started. */
export function dayText(planned: Planned, phase: Phase, time: number, now: number): string {
  const late = Math.trunc(behind(planned, phase, time, now));
  const standing = late === 0 ? 'on plan' : late > 0 ? `${late} min behind plan` : `${-late} min ahead of plan`;
  return time === 0 ? `${standing}, if the ${planned.minutes[phase] > 0 ? phase : 'lesson'} begins now` : standing;
}
