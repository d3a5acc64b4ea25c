/**
 * What an earlier version kept under names without the site's folder is taken along, once, before anything is read. It is
 * copied, not moved: another site of this origin may be due to take it along too.
 */

import { earlierPrefix, prefix } from './keys.ts';

const doneKey = `${prefix}taken-along`;

export function takeAlong(storage: Storage): void {
  if (storage.getItem(doneKey) !== null) return;
  for (const key of Object.keys(storage).filter((each) => each.startsWith(earlierPrefix))) {
    const name = prefix + key.slice(earlierPrefix.length);
    const text = storage.getItem(key);
    if (text !== null && storage.getItem(name) === null) storage.setItem(name, text);
  }
  storage.setItem(doneKey, '');
}

try {
  takeAlong(localStorage);
} catch {
  // Storage is forbidden or full: what is there stays there, and the next page tries again.
}
