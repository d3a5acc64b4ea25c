import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stamp } from '../merge.ts';
import { formatProgress, noProgress, type Progress, parseProgress } from '../progress.ts';
import { isCode } from './errors.ts';

/** What was read, and what the learner must be told of it. */
export interface ReadProgress {
  readonly progress: Progress;
  /** The file could not be read as progress; it was kept, under another name. */
  readonly warning?: string;
}

const FILE = 'progress.json';

/** Reads `my/progress.json`; none is no progress. A file that is no progress is kept as a dated copy, and that is said. */
export async function readProgress(my: string, now: Date = new Date()): Promise<ReadProgress> {
  const path = join(my, FILE);
  const text = await readIfAny(path);
  if (text === undefined) return { progress: noProgress() };
  try {
    return { progress: parseProgress(text) };
  } catch (error) {
    const copy = `progress.${stamp(now)}.unreadable.json`;
    await rename(path, join(my, copy));
    const why = error instanceof Error ? error.message : String(error);
    return { progress: noProgress(), warning: `${FILE} could not be read (${why}). It is kept as my/${copy}.` };
  }
}

/**
 * Reads progress, changes it and writes it back, whole or not at all: a crash leaves the old file. Reads afresh each time,
 * since `learn` and `grade` may run side by side.
 */
export async function updateProgress(my: string, change: (progress: Progress) => Progress): Promise<ReadProgress> {
  const { progress, warning } = await readProgress(my);
  const changed = change(progress);
  await writeProgress(my, changed);
  return warning === undefined ? { progress: changed } : { progress: changed, warning };
}

async function writeProgress(my: string, progress: Progress): Promise<void> {
  await mkdir(my, { recursive: true });
  // In the same folder: a rename is whole or nothing only within one file system.
  const temporary = join(my, `.${FILE}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(formatProgress(progress));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(my, FILE));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readIfAny(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
