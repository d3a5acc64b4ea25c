import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stamp } from '../merge.ts';
import { formatProgress, NewerProgress, noProgress, type Progress, parseProgress } from '../progress.ts';
import { codeOf, isCode } from './errors.ts';
import { withLock } from './lock.ts';

/** What was read, and what the learner must be told of it. */
export interface ReadProgress {
  readonly progress: Progress;
  /** The file could not be read as progress, and was kept; or what is new could not be written to it. */
  readonly warning?: string;
  /** The file is as it was: nothing of the change is in it. */
  readonly unwritten?: true;
}

const FILE = 'progress.json';
const LOCK = '.progress.lock';

/**
 * Reads `my/progress.json`; none is no progress. A file that is no progress is kept as a dated copy, and one that a newer version
 * of the course has written is left as it is: both are said.
 */
export async function readProgress(my: string, now: Date = new Date()): Promise<ReadProgress> {
  const { progress, warning, mayWrite } = await read(my);
  if (warning === undefined) return { progress };
  if (!mayWrite) return { progress, warning };
  // Somebody else may be about to put a good one in its place.
  return withLock(join(my, LOCK), () => readOrSetAside(my, now)).then(({ mayWrite: _, ...found }) => found, unwritable);
}

/**
 * Reads progress, changes it and writes it back, whole or not at all: a crash leaves the old file. Reads afresh each time, with
 * the file locked, since `learn` and `grade` may run side by side. Where the file cannot be written, that is said.
 */
export async function updateProgress(my: string, change: (progress: Progress) => Progress): Promise<ReadProgress> {
  let changed: Progress | undefined;
  try {
    await mkdir(my, { recursive: true });
    return await withLock(join(my, LOCK), async () => {
      const { progress, warning, mayWrite } = await readOrSetAside(my, new Date());
      changed = change(progress);
      if (!mayWrite) return { progress: changed, ...(warning === undefined ? {} : { warning }), unwritten: true };
      await writeProgress(my, changed);
      return { progress: changed, ...(warning === undefined ? {} : { warning }) };
    });
  } catch (error) {
    const failed = unwritable(error);
    return { ...failed, progress: changed ?? change(failed.progress) };
  }
}

/** What goes on without the file. Throws what is not the operating system's doing. */
function unwritable(error: unknown): ReadProgress {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return {
    progress: noProgress(),
    warning: `Your progress could not be written to my/${FILE} (${code}).`,
    unwritten: true,
  };
}

/** What the file holds, and whether another may be put in its place. */
async function read(my: string): Promise<ReadProgress & { readonly mayWrite: boolean }> {
  const text = await readIfAny(join(my, FILE));
  if (text === undefined) return { progress: noProgress(), mayWrite: true };
  try {
    return { progress: parseProgress(text), mayWrite: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const isNewer = error instanceof NewerProgress;
    const warning = isNewer ? tooNew(why) : `${FILE} could not be read (${why}).`;
    return { progress: noProgress(), warning, mayWrite: !isNewer };
  }
}

/** The same, the file being locked: one that cannot be read gets another name. */
async function readOrSetAside(my: string, now: Date): ReturnType<typeof read> {
  const found = await read(my);
  if (found.warning === undefined || !found.mayWrite) return found;
  return { ...found, warning: `${found.warning} It is kept as my/${await setAside(my, now)}.` };
}

const tooNew = (why: string) =>
  `my/${FILE} is left as it is: ${why}. So nothing is remembered of this. Bring the course up to date (git pull, then npm ci).`;

/** Gives the file another name, one that no other has. */
async function setAside(my: string, now: Date): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const copy = `progress.${stamp(now)}${attempt === 1 ? '' : `-${attempt}`}.unreadable.json`;
    try {
      // So that a name is taken by one alone: a rename would replace what is there.
      await (await open(join(my, copy), 'wx')).close();
    } catch (error) {
      if (isCode(error, 'EEXIST')) continue;
      throw error;
    }
    await rename(join(my, FILE), join(my, copy));
    return copy;
  }
}

async function writeProgress(my: string, progress: Progress): Promise<void> {
  // In the same folder: a rename is whole or nothing only within one file system. One name is enough: the file is locked.
  const temporary = join(my, `.${FILE}.tmp`);
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
