/** Every exercise that the search finds, with its part and how far it is. */

import { type Catalogue, type Exercise, findLesson } from '#course/catalogue';
import { type ExerciseProgress, type Progress, passedEarlier } from '#course/progress';
import { version } from '#grade/version';
import { glyph, type Look, paint } from '../look.ts';
import { found } from './listing.ts';
import type { State } from './state.ts';

export function listLines(look: Look, { catalogue, list, progress }: State): string[] {
  const exercises = found(catalogue, progress, list.search);
  let part: number | undefined;
  const rows = exercises.flatMap((exercise, index) => {
    const lesson = findLesson(catalogue, exercise.id);
    const isNew = lesson !== undefined && lesson.part !== part;
    part = lesson?.part ?? part;
    const heading = isNew ? [...(index === 0 ? [] : ['']), paint(look, 'dim', `Part ${part}`)] : [];
    return [...heading, rowText(look, { catalogue, progress }, exercise, index === list.cursor)];
  });
  return [
    ...rows,
    ...(rows.length === 0 ? ['Nothing is called so.'] : []),
    '',
    ...summary({ catalogue, progress }, list.search),
  ];
}

function summary({ catalogue, progress }: Pick<State, 'catalogue' | 'progress'>, search: string): string[] {
  const passed = catalogue.exercises.filter(({ id }) => progress.exercises[id]?.status === 'passed').length;
  const searched = search === '' ? [] : [`Search: ${search}`];
  return [...searched, `${passed} of ${catalogue.exercises.length} passed.`];
}

/** One exercise in a line; `isHere`: the one that Enter would open. */
export function rowText(
  look: Look,
  { catalogue, progress }: { readonly catalogue: Catalogue; readonly progress: Progress },
  exercise: Exercise,
  isHere: boolean,
): string {
  const number = catalogue.exercises.indexOf(exercise) + 1;
  const title = findLesson(catalogue, exercise.id)?.title ?? exercise.id;
  const entry = progress.exercises[exercise.id];
  const status = entry ? statusText(look, entry) : '';
  if (look.spoken) return `${number}: ${title}${status === '' ? '' : `, ${status}`}.`;
  const line = `${isHere ? '>' : ' '} ${String(number).padStart(2)}  ${title.padEnd(32)}`;
  return `${isHere ? paint(look, 'bold', line) : line}  ${status}`.trimEnd();
}

/** How far an exercise is. */
export function statusText(look: Look, entry: ExerciseProgress): string {
  if (passedEarlier(entry, version)) return paint(look, 'yellow', 'passed with an earlier version: grade again');
  if (entry.status === 'passed')
    return paint(look, 'green', look.spoken ? 'passed' : `${glyph(look, 'passed')} passed`);
  if (entry.status === 'given-up') return paint(look, 'dim', 'given up');
  return entry.stage > 0 ? `stage ${entry.stage} passed` : '';
}
