/** The workshop as its pages show it. */

import { findExercise, findMisconception, type Track } from '#course/catalogue';
import { type Plan, planOf } from '#course/tracks';
import { trackProblems } from '#course/workshop-rules';
import { catalogue, lessons, refuse } from '../course.ts';
import { inlineHtml } from '../inline.ts';
import { address } from '../links.ts';

refuse([...catalogue.notes.flatMap(({ problems }) => problems), ...trackProblems(catalogue)]);

export interface PlannedTrack extends Track {
  readonly plan: Plan;
}

export const tracks: readonly PlannedTrack[] = catalogue.tracks.map((track) => ({
  ...track,
  plan: planOf(track, catalogue),
}));

/** The lessons that have notes, in their order. */
export const notedLessons = lessons.filter(({ id }) => catalogue.notes.some((notes) => notes.id === id));

export const trackAddress = ({ id }: Track): string => address(`/workshop/${id}/`);

/** Where an instructor finds the notes on a lesson; the workshop, for a lesson that has none yet. */
export const notesAddress = (lesson: string): string =>
  address(notedLessons.some(({ id }) => id === lesson) ? `/workshop/notes/#${lesson}` : '/workshop/');

/** The belief behind a misconception of that lesson's exercise, as markup: a link where it has a page. Undefined if unknown. */
export function beliefHtml(lesson: string, id: string): string | undefined {
  const exercise = findExercise(catalogue, lesson);
  const found = exercise && findMisconception(catalogue, exercise, id);
  if (!found) return undefined;
  const text = inlineHtml(found.belief);
  const isShared = catalogue.misconceptions.includes(found);
  return isShared ? `<a href="${address(`/misconceptions/#${id}`)}">${text}</a>` : text;
}
