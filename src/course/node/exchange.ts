/** Progress and drafts together, to carry them to another machine or into a page, and back. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Export, mergeProgress, stamp } from '../merge.ts';
import { noProgress, type Progress } from '../progress.ts';
import { isCode } from './errors.ts';
import { type ReadProgress, readProgress, updateProgress } from './progress-file.ts';

/** What there is to export: progress, and the learner's files as drafts. `warning`: the progress file could not be read. */
export async function readExport(
  my: string,
  ids: readonly string[],
): Promise<{ readonly exported: Export; readonly warning?: string }> {
  const { progress, warning } = await readProgress(my);
  const drafts = await draftsIn(my, ids);
  return { exported: { ...progress, drafts }, ...(warning === undefined ? {} : { warning }) };
}

/** The file of every exercise, and the dated copies of it. */
async function draftsIn(my: string, ids: readonly string[]): Promise<Record<string, string>> {
  const names = (await namesIn(my))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
    .filter((name) => ids.includes(name.split('.')[0] ?? ''));
  const texts = names.map(async (name) => [name, await readFile(join(my, `${name}.ts`), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function namesIn(my: string): Promise<string[]> {
  try {
    return (await readdir(my)).sort();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

export interface Imported extends ReadProgress {
  readonly before: Progress;
  /** Files of `my/` that were made: a draft that is new, or the dated copy of one that differs from the learner's own. */
  readonly made: readonly string[];
}

/** Merges an export into the learner's folder, where no draft is changed. All or nothing of it, as `unwritten` says. */
export async function importExport(my: string, { drafts, ...theirs }: Export, now: Date): Promise<Imported> {
  let before: Progress | undefined;
  const updated = await updateProgress(my, (mine) => {
    before = mine;
    return mergeProgress(mine, theirs);
  });
  const made: string[] = [];
  if (!updated.unwritten) {
    for (const [name, text] of Object.entries(drafts)) made.push(...(await keepDraft(my, name, text, now)));
  }
  return { before: before ?? noProgress(), made, ...updated };
}

/** Keeps a draft under its name if that is free, else under a dated one; unless it is there already. */
async function keepDraft(my: string, name: string, text: string, now: Date): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const wanted = [name, `${name}.${stamp(now)}`][attempt] ?? `${name}.${stamp(now)}-${attempt}`;
    try {
      await writeFile(join(my, `${wanted}.ts`), text, { flag: 'wx' });
      return [`${wanted}.ts`];
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      if ((await readFile(join(my, `${wanted}.ts`), 'utf8')) === text) return [];
    }
  }
}
