/** All that is in a kit, by its path in it. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { Track } from '#course/catalogue';
import { readMe } from './read-me.ts';
import { serverScript } from './server-script.ts';
import { sheetOf } from './sheet.ts';

/** The pages that are printed: one for each track, with the notes on its lessons, one with all notes, and what learners take along. */
const printed = (tracks: readonly Track[]): string[] => [
  ...tracks.map(({ id }) => `workshop/${id}`),
  'workshop/notes',
  'checklist',
];

/** Of the site that was built into that folder. */
export async function contentsOf(site: string, tracks: readonly Track[]): Promise<Record<string, Uint8Array>> {
  const pages = printed(tracks).map((path) => ({ path, name: `${basename(path)}.html` }));
  const read = (path: string): string => readFileSync(join(site, path), 'utf8');
  const sheets = pages.map(({ path, name }) => [`sheets/${name}`, sheetOf(read(`${path}/index.html`), read)]);
  const texts = Object.fromEntries([
    ['READ-ME-FIRST.txt', readMe(pages.map(({ name }) => name))],
    ['serve.mjs', await serverScript()],
    ...sheets,
  ]) as Record<string, string>;
  const own = Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)] as const);
  return Object.fromEntries([...own, ...filesIn(site)]);
}

function filesIn(site: string): [string, Uint8Array][] {
  const entries = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [`site/${relative(site, file).split(sep).join('/')}`, readFileSync(file)]);
}
