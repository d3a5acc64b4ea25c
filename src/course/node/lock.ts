/** A lock between processes: a file that only one of them can make. */

import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { isCode } from './errors.ts';

/** What is done under such a lock takes milliseconds: who holds it for so long is no more, or sleeps. */
const LONGEST = 10_000;
const PAUSE = 5;

/** Does the work while no other process does work under the same lock. One that died with the lock in hand is no hindrance. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(path))) {
    await removeIfStale(path);
    await wait(PAUSE);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(`${process.pid} ${hostname()}\n`);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    // Windows says EPERM of a file that is just being deleted.
    if (isCode(error, 'EEXIST') || (process.platform === 'win32' && isCode(error, 'EPERM'))) return false;
    throw error;
  }
}

/**
 * One at a time: of two that find the same stale lock, the slower must not remove the one that the quicker has taken since.
 */
async function removeIfStale(path: string): Promise<void> {
  if (!(await isStale(path))) return;
  const guard = `${path}.stale`;
  if (!(await take(guard))) {
    if (await isOld(guard)) await rm(guard, { force: true });
    return;
  }
  try {
    if (await isStale(path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  const [, pid, host] = /^(\d+) (.*)\n$/.exec(await readIfThere(path)) ?? [];
  const isGone = pid !== undefined && host === hostname() && !isAlive(Number(pid));
  return isGone || isOld(path);
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > LONGEST;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}
