import { asFolder } from './own-prefix.ts';

/** The folder that the site is served from. */
export const base: string = asFolder(import.meta.env.BASE_URL);
