/** `npm run kit`: all that a room without the internet needs, in one file. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf, isCode } from '#course/node/errors';
import { builtSite } from './built-site.ts';
import type { Desk } from './desk.ts';
import { contentsOf } from './kit/contents.ts';
import { isKit, zipped } from './kit/zip.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run kit',
  'npm run kit -- --out FILE.zip',
  '',
  'Packs the site, a server that needs Node alone, and sheets to print, for a room without the internet; builds the site',
  'first if something changed.',
  '  --out FILE.zip   where to write it (faultline-kit.zip). An earlier kit is replaced; any other file is left as it is',
  'Exit: 0 written, 1 the site cannot be built, 2 wrong use, or the file cannot be written',
];

/** Runs the command; returns its exit code. `site`: gives the folder of a site that is up to date. */
export async function kitCommand(desk: Desk, args: readonly string[], site: () => string = builtSite): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const options = { out: { type: 'string', default: 'faultline-kit.zip' } } as const;
    const { out } = parsedOr(USAGE, () => parseArgs({ args: [...args], options })).values;
    if (!out.endsWith('.zip')) throw new WrongUse('', `--out '${out}': the kit is a zip; name it so, as in ${out}.zip`);
    const path = resolve(desk.standing, out);
    await refuseForeign(path);
    const folder = folderOf(site);
    if (folder instanceof Error) {
      desk.complain(folder.message);
      return 1;
    }
    const contents = await contentsOf(folder, (await desk.catalogue()).tracks);
    const kit = zipped(contents);
    await writeWhole(path, kit);
    desk.say(...told(relative(desk.standing, path), kit, Object.keys(contents)));
    return 0;
  });
}

/** Or why there is none. */
function folderOf(site: () => string): string | Error {
  try {
    return site();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function told(path: string, kit: Uint8Array, contents: readonly string[]): string[] {
  const pages = contents.filter((each) => each.startsWith('site/') && each.endsWith('.html')).length;
  const sheets = contents.filter((each) => each.startsWith('sheets/')).length;
  const megabytes = (kit.length / 1_000_000).toFixed(1);
  return [
    `Written: ${path}, ${megabytes} MB. In it: the site (${pages} pages), a server for it, ${sheets} sheets to print.`,
    '',
    'Unzip it on the laptop that is to serve the room. READ-ME-FIRST.txt in it says how.',
  ];
}

/** Only what this command has written is replaced by it. */
async function refuseForeign(path: string): Promise<void> {
  let there: Uint8Array;
  try {
    there = await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw unwritable(path, error);
  }
  if (!isKit(there))
    throw new WrongUse(
      '',
      `${path} is there already, and is no kit: it stays as it is. Choose another name: --out FILE.zip`,
    );
}

/** An earlier kit stays until the new one is whole. */
async function writeWhole(path: string, kit: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, kit);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): WrongUse {
  const code = codeOf(error) ?? String(error);
  const why = code === 'ENOENT' ? 'the folder is not there' : code === 'EISDIR' ? 'it is a folder' : code;
  return new WrongUse('', `${path} cannot be written: ${why}.`);
}
