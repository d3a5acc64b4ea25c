/** Which plan a presentation keeps to, and when that starts, stands in its address alone: `?track=half-day&start=09:00`. */

import { isTime } from '../workshop/clock.ts';

/** As it stands there, right or wrong. */
export interface Asked {
  readonly track: string | undefined;
  readonly start: string | undefined;
}

export const searchFor = (track: string, start?: string): string =>
  `?track=${track}${start === undefined ? '' : `&start=${start}`}`;

export function askedIn(search: string): Asked {
  const fields = new URLSearchParams(search);
  return { track: fields.get('track') ?? undefined, start: fields.get('start') ?? undefined };
}

/** What of it is ignored, and what to do about it; empty if nothing is. `hasLesson`: whether there is such a track, with the lesson. */
export function complaintOf({ track, start }: Asked, hasLesson: boolean): string {
  if (track === undefined)
    return start === undefined ? '' : 'A start needs a track: open the slides from a track’s plan.';
  if (!hasLesson) return 'The address names no track with this lesson: these minutes are its own.';
  if (start === undefined || isTime(start)) return '';
  return 'The start in the address is no time of day, such as start=09:30.';
}

/** The notes, and the slides of the next lesson, keep to the same plan. */
export function handOn(): void {
  const { search } = location;
  const { dataset } = document.body;
  if (dataset.notes !== undefined) dataset.notes += search;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-plan-along]')) link.search = search;
}
