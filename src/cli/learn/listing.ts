/** The exercises that a search finds. */

import { type Catalogue, type Exercise, findLesson } from '#course/catalogue';
import { type Progress, progressOf } from '#course/progress';

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
