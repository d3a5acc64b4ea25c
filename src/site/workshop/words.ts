/** What the pages say of tracks and of their plans. */

import type { Cut, Plan, Row, Track } from '#course/tracks';

export const rowNames: Readonly<Record<Row['kind'], string>> = {
  opening: 'Opening',
  talk: 'Talk',
  exercise: 'Exercise',
  debrief: 'Debrief',
  break: 'Break',
  closing: 'Closing',
};

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

/** How far the times of a track may be believed; nothing, once it was held. */
export function howTried({ tried, walked }: Pick<Track, 'tried' | 'walked'>): string {
  if (tried) return '';
  return walked
    ? 'Walked through by one person against a clock; nobody has held it with a room yet.'
    : 'All times are estimated: nobody has held this track yet.';
}

/** The same of all tracks together; nothing, once one of them was held. */
export function howTriedAll(tracks: readonly Pick<Track, 'tried' | 'walked'>[]): string {
  if (tracks.some(({ tried }) => tried)) return '';
  const known = tracks.some(({ walked }) => walked)
    ? 'each track says what its times rest on'
    : 'all times are estimates';
  return `No track has been held with a room yet: ${known}.`;
}
