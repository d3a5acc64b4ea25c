/** `npm run build`: the site, into dist/. */

import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { build } from './astro.ts';
import { type BuildOptions, buildOptions } from './build-options.ts';

// Whatever the environment says: with another value the pages would be built for development, without their policy.
process.env.NODE_ENV = 'production';

const root = resolve(import.meta.dirname, '../..');

/** Builds, and says how much there is of it. */
async function buildSite({ out, ...where }: BuildOptions): Promise<void> {
  const outDir = resolve(root, out);
  await build({ root, logLevel: 'warn', outDir, ...where });
  const files = (await readdir(outDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  const pages = files.filter((file) => file.name.endsWith('.html')).length;
  const kilobytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000);
  const place = relative(process.cwd(), outDir) || outDir;
  console.log(`The site is in ${place}: ${pages} pages, ${kilobytes} kB in ${files.length} files.`);
}

let options: BuildOptions | undefined;
try {
  options = buildOptions(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
if (options) await buildSite(options);
