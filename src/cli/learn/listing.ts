/** The exercises that a search finds. */

import { type Catalogue, type Exercise, findLesson } from '#course/catalogue';
import { noProgress, type Progress, progressOf } from '#course/progress';
import type { ListState } from './state.ts';

/** Those of which each word of the search begins a word of the number, title, id, part or status; all, where it has no word. */
export function found({ exercises, ...rest }: Catalogue, progress: Progress, search: string): readonly Exercise[] {
  const wanted = wordsOf(search);
  return exercises.filter((exercise, index) => {
    const lesson = findLesson({ exercises, ...rest }, exercise.id);
    const status = progress.exercises[exercise.id] ? progressOf(progress, exercise.id).status : 'new';
    const part = lesson ? `part ${lesson.part}` : '';
    const words = wordsOf(`${index + 1} ${exercise.id} ${lesson?.title ?? ''} ${part} ${status}`);
    return wanted.every((want) => words.some((word) => word.startsWith(want)));
  });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The list after a key; undefined for a key that is none of its own. `count`: how many are found. */
export function listAfter(list: ListState, key: string, count: number): ListState | undefined {
  const last = Math.max(0, count - 1);
  const move = (to: number) => ({ ...list, cursor: Math.max(0, Math.min(last, to)) });
  const search = (text: string) => ({ cursor: 0, search: text });
  if (key === 'down') return move(list.cursor + 1);
  if (key === 'up') return move(list.cursor - 1);
  if (key === 'home' || key === 'end') return move(key === 'home' ? 0 : last);
  if (key === 'backspace') return search(list.search.slice(0, -1));
  return [...key].length === 1 ? search(list.search + key) : undefined;
}

/** Where the learner was: the last that has been begun, or else the first behind what was passed; the first open one, if none is. */
export function firstOpen({ exercises }: Catalogue, progress: Progress = noProgress()): Exercise | undefined {
  const statusOf = ({ id }: Exercise) => progressOf(progress, id).status;
  const isOpen = (exercise: Exercise) => statusOf(exercise) === 'started';
  // Whoever has passed a later one has done with those before it, in the browser perhaps.
  const ahead = exercises.slice(exercises.findLastIndex((each) => statusOf(each) === 'passed') + 1);
  const begun = ahead.findLast(({ id }) => progress.exercises[id] !== undefined);
  return begun ?? ahead.find(isOpen) ?? exercises.find(isOpen) ?? exercises[0];
}
