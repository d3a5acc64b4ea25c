/** Names under which the site keeps things in the browser's storage. */

import { base } from './base.ts';
import { ownPrefix } from './own-prefix.ts';

/** All of this site's names begin with it. */
export const prefix: string = ownPrefix(base);
/** What they began with before they held the folder. */
export const earlierPrefix = 'faultline/';

export const benchShareKey = `${prefix}bench/share`;
export const themeKey = `${prefix}theme`;
export const progressKey = `${prefix}progress/1`;
export const letterKeysKey = `${prefix}stepper/letters`;
export const scheduledKey = `${prefix}scheduled/1`;
export const runningKey = `${prefix}running`;
export const historyKey = (exercise: string): string => `${prefix}history/${exercise}`;
/** Names are those of an export: the exercise's id, or that of a dated copy. */
export const draftKey = (name: string): string => `${prefix}draft/${name}`;
