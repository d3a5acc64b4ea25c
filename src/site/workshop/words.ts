/** What the pages say of tracks and of their plans. */

import type { Cut, Plan } from '#course/tracks';

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
