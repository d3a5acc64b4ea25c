/** The learner's progress in this browser. Where storage is forbidden or full, it lasts as long as the page. */

import { formatProgress, NewerProgress, noProgress, type Progress, parseProgress } from '#course/progress';
import { progressKey } from './keys.ts';

let unsaved: Progress | undefined;

/** What is stored now, by whichever tab. Nothing begun, if there is nothing that can be read. */
export function loadProgress(): Progress {
  if (unsaved) return unsaved;
  try {
    const text = localStorage.getItem(progressKey);
    return text === null ? noProgress() : parseProgress(text);
  } catch {
    return noProgress();
  }
}

/**
 * Which of the lessons to go on with: of all up to the furthest that was begun, the last one that is not finished; where all of
 * them are, the one after. Undefined if nothing was begun, or nothing is left.
 */
export function lessonToGoOnWith(lessons: readonly string[], { exercises }: Progress): string | undefined {
  const statuses = lessons.map((id) => exercises[id]?.status);
  const furthest = statuses.findLastIndex((status) => status !== undefined);
  if (furthest < 0) return undefined;
  const open = statuses.slice(0, furthest + 1).findLastIndex((status) => status === undefined || status === 'started');
  return lessons[open < 0 ? furthest + 1 : open];
}

/**
 * Loads, changes and stores. A stored text that cannot be read is put aside, not lost; one that a newer version of the course has
 * written stays where it is, and the change lasts as long as the page.
 */
export function changeProgress(change: (progress: Progress) => Progress): Progress {
  const progress = change(loadProgress());
  try {
    keepUnreadable();
    localStorage.setItem(progressKey, formatProgress(progress));
  } catch {
    unsaved = progress;
  }
  return progress;
}

/** Whether what this page changes is remembered. */
export const isKept = (): boolean => unsaved === undefined;

function keepUnreadable(): void {
  const text = localStorage.getItem(progressKey);
  if (text === null) return;
  try {
    parseProgress(text);
  } catch (error) {
    if (error instanceof NewerProgress) throw error;
    localStorage.setItem(`${progressKey}/unreadable`, text);
  }
}
