/** The site in dist/, as new as its sources. */

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { isStale } from './stale.ts';

const house = resolve(import.meta.dirname, '../..');
const inHouse = (path: string): string => resolve(house, path);
const sources = ['content', 'exercises', 'src', 'astro.config.mjs', 'package-lock.json'].map(inHouse);

/** Builds it if it is missing or older than its sources. Returns its folder. Throws where it cannot be built. */
export function builtSite(): string {
  const site = inHouse('dist');
  if (isStale(resolve(site, 'index.html'), sources)) build();
  return site;
}

/** In a process of its own, whose memory is given back before anything else runs. */
function build(): void {
  console.log('Building the site …');
  const { status } = spawnSync(process.execPath, [inHouse('src/cli/build.ts')], { cwd: house, stdio: 'inherit' });
  if (status !== 0) throw new Error('the site could not be built; what went wrong stands above');
}
