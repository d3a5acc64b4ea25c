/** The learner's progress in this browser. Where storage is forbidden or full, it lasts as long as the page. */

import { formatProgress, noProgress, type Progress, parseProgress } from '#course/progress';
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

/** Loads, changes and stores. A stored text that cannot be read is put aside, not lost. */
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

function keepUnreadable(): void {
  const text = localStorage.getItem(progressKey);
  if (text === null) return;
  try {
    parseProgress(text);
  } catch {
    localStorage.setItem(`${progressKey}/unreadable`, text);
  }
}
