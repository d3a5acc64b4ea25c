/** `npm run progress`: takes a learner's progress and files to another machine, or into a page, and back. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Export, parseExport } from '#course/merge';
import { codeOf } from '#course/node/errors';
import { importExport, readExport } from '#course/node/exchange';
import { counted, formatProgress, NewerProgress } from '#course/progress';
import type { Desk } from './desk.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run progress -- export FILE',
  'npm run progress -- import FILE',
  '',
  'Writes your progress and your files in my/ into one file, and brings them together with those of such a file:',
  'the best status and the earliest pass count; a file of yours stays, and one that differs is kept beside it,',
  'with its date. The page exports and imports the same form (faultline/progress/1).',
  'Exit: 0 done, 2 wrong use, or a file that cannot be read, is no progress, or was written by a newer version',
];

/** Runs the command; returns its exit code. */
export async function progressCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const { positionals } = parsedOr(USAGE, () => parseArgs({ args: [...args], allowPositionals: true }));
    const [deed, file, ...more] = positionals;
    if ((deed !== 'export' && deed !== 'import') || file === undefined || more.length > 0)
      throw new WrongUse('', USAGE.join('\n'));
    const path = resolve(desk.standing, file);
    if (deed === 'export') await exportTo(desk, path);
    else await importFrom(desk, path);
    return 0;
  });
}

async function exportTo(desk: Desk, path: string): Promise<void> {
  const { exercises } = await desk.catalogue();
  const { exported, warning } = await readExport(
    desk.my,
    exercises.map(({ id }) => id),
  );
  // An export without what could not be read would look whole.
  if (warning !== undefined) throw new WrongUse('', `${warning}\nNothing was exported.`);
  await writeWhole(path, formatProgress(exported));
  desk.say(`Exported to ${path}: ${counted(exported)}, ${files(Object.keys(exported.drafts).length)}.`);
}

/** An export that was there stays until the new one is whole. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new WrongUse('', `${path} cannot be written (${codeOf(error) ?? String(error)}).`);
  }
}

async function importFrom(desk: Desk, path: string): Promise<void> {
  const theirs = await readTheirs(path);
  const { before, progress, made, warning, unwritten } = await importExport(desk.my, theirs, desk.now());
  if (unwritten) throw new WrongUse('', `${warning ?? ''}\nNothing was imported.`);
  const kept = made.map((name) => `  my/${name}`);
  if (warning !== undefined) desk.complain(warning);
  desk.say(`Imported. You had ${counted(before)}; you have ${counted(progress)}.`);
  if (kept.length > 0) desk.say('New in my/:', ...kept);
}

async function readTheirs(path: string): Promise<Export> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = codeOf(error) ?? String(error);
    throw new WrongUse('', code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`);
  }
  try {
    return parseExport(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = error instanceof NewerProgress ? ' Bring the course up to date (git pull, then npm ci).' : '';
    throw new WrongUse('', `${path} cannot be imported: ${why}.${advice}\nNothing was changed.`);
  }
}

const files = (count: number) => (count === 1 ? 'one file' : `${count} files`);
