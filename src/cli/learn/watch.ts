/** Notices saves, whatever the editor and the file system do. */

import { type FSWatcher, watch } from 'node:fs';

export interface WatchOptions {
  /** An editor may touch a file several times in one save: so many milliseconds of quiet end it. */
  readonly quiet?: number;
  /** Where no events come (network drives, some containers), somebody has to look: every so many milliseconds. */
  readonly poll?: number;
}

/**
 * Calls `changed` after every burst of changes in the folder, and now and then without any: it is for the caller to see what
 * is new. The folder is watched and not the file, since editors put a new file in its place. Returns what ends the watch.
 */
export function watchFolder(folder: string, changed: () => void, options: WatchOptions = {}): () => void {
  const { quiet = 50, poll = 1000 } = options;
  let burst: NodeJS.Timeout | undefined;
  const events = eventsOf(folder, () => {
    clearTimeout(burst);
    burst = setTimeout(changed, quiet);
  });
  const look = setInterval(changed, poll);
  return () => {
    events?.close();
    clearTimeout(burst);
    clearInterval(look);
  };
}

/** Events, where the system gives them: polling goes on without. */
function eventsOf(folder: string, happened: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, happened);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
