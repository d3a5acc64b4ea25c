/** What the pages say of tracks and of their plans. */

import { type Cut, FULL_DAY, type Plan } from '#course/tracks';

/** `5 lessons with their exercises` */
export function whatIsTaught({ rows }: Pick<Plan, 'rows'>): string {
  const [told, done] = ['talk', 'exercise'].map((kind) => rows.filter((row) => row.kind === kind).length);
  return told === done ? `${told} lessons with their exercises` : `${told} lessons, ${done} of them with an exercise`;
}

/** `the exercise of “Be the scheduler”, and its debrief` */
export function whatIsCut({ kind, lesson, leaves }: Pick<Cut, 'kind' | 'lesson' | 'leaves'>): string {
  if (!lesson) return `the ${kind}`;
  return leaves === 'the talk' ? `the exercise of “${lesson.title}”, and its debrief` : `“${lesson.title}”`;
}

/** Whether the lessons fill a day, from the minutes of all lessons and of the longest track; undefined once there is a track of one. */
export function aboutFullDay(all: number, longestTrack: number): string | undefined {
  if (longestTrack >= FULL_DAY) return undefined;
  const then =
    all < FULL_DAY ? 'so there is no full day yet' : 'so they fill one, and its track is still to be written';
  return `A full day needs ${FULL_DAY} minutes of lessons, besides lunch, breaks, opening and closing. All lessons together come to ${all}, ${then}.`;
}
