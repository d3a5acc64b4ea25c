/** The folder that a site is served from, as a path between slashes: `/` or `/course/`. */
export const asFolder = (base: string): string => base.replace(/\/?$/, '/');

/**
 * What begins the name of everything that the site of that folder keeps in a browser: stored texts, caches, channels. Another
 * site of the same origin, be it this course again, keeps its own. The space cannot be in a path: no such name begins another.
 */
export const ownPrefix = (folder: string): string => `faultline ${folder} `;
