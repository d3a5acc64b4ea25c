import { readFileSync } from 'node:fs';

/** The program that `npm run new` writes, for its reader to reshape. */
export const raceTemplate = (): string => readFileSync(new URL('../own-race/race.ts', import.meta.url), 'utf8');
