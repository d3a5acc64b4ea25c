/** Whether letters move a stepper: who speaks to the machine, or leans on keys, may turn that off. Kept in this browser. */

import { letterKeysKey } from '../keys.ts';

let unsaved: boolean | undefined;

export function letterKeysAreOn(): boolean {
  if (unsaved !== undefined) return unsaved;
  try {
    return localStorage.getItem(letterKeysKey) !== 'off';
  } catch {
    return true;
  }
}

/** Where storage is forbidden, it lasts as long as the page. */
export function turnLetterKeys(on: boolean): void {
  try {
    localStorage.setItem(letterKeysKey, on ? 'on' : 'off');
    unsaved = undefined;
  } catch {
    unsaved = on;
  }
}
