/** How large the type of slides is: a room may be long. Kept in this browser. */

import { prefix } from '../keys.ts';

const slideSizeKey = `${prefix}present/size`;
const step = 1.1;
const most = 5;
let size = 0;

/** One larger (1) or smaller (-1). */
export function changeSize(by: 1 | -1): void {
  show(size + by);
  try {
    localStorage.setItem(slideSizeKey, String(size));
  } catch {
    // Storage is forbidden or full: it lasts as long as the page.
  }
}

/** As it was left. */
export function restoreSize(): void {
  try {
    show(Number(localStorage.getItem(slideSizeKey)) || 0);
  } catch {
    // Storage is forbidden: then nothing was left.
  }
}

function show(wanted: number): void {
  size = Math.max(-most, Math.min(wanted, most));
  document.documentElement.style.setProperty('--slide-size', String(step ** size));
}
