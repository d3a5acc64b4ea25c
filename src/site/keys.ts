/** Names under which the site keeps things in the browser's storage. */

export const themeKey = 'faultline/theme';
export const progressKey = 'faultline/progress/1';
