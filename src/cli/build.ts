/** `npm run build`: the site, into dist/. */

import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './astro.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');

await build({ root, logLevel: 'warn' });

const files = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
const pages = files.filter((file) => file.name.endsWith('.html')).length;
const kilobytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000);
console.log(
  `The site is in ${relative(process.cwd(), dist) || dist}: ${pages} pages, ${kilobytes} kB in ${files.length} files.`,
);
