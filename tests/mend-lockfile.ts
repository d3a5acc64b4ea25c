/**
 * `npm run lockfile`, after any `npm install` that changes the lockfile: takes out which Nodes an optional package says it is
 * for. npm leaves such a package out if its own Node is another; but ours runs on the Node that comes with the project.
 */

import { readFileSync, writeFileSync } from 'node:fs';

export interface Entry {
  optional?: boolean;
  engines?: unknown;
}

/** Optional packages that say which Nodes they are for. */
export const choosy = (packages: Readonly<Record<string, Entry>>): string[] =>
  Object.keys(packages).filter((path) => packages[path]?.optional && packages[path]?.engines);

if (process.argv[1]?.endsWith('mend-lockfile.ts')) {
  const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
  for (const path of choosy(lockfile.packages)) delete lockfile.packages[path]?.engines;
  writeFileSync('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`);
}
