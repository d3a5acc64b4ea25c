/** Names under which the site keeps things in the browser's storage. */

export const themeKey = 'faultline/theme';
export const letterKeysKey = 'faultline/stepper/letters';
export const scheduledKey = 'faultline/scheduled/1';
export const progressKey = 'faultline/progress/1';
