import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When the youngest file in or at `path` was written; 0 if there is none. */
function youngest(path: string): number {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  // The folder's own time counts too: it moves when a file is deleted.
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => youngest(join(path, name))));
}

/** Whether `built` is missing, or older than anything it is built from. */
export function isStale(built: string, sources: readonly string[]): boolean {
  return !existsSync(built) || Math.max(...sources.map(youngest)) > statSync(built).mtimeMs;
}
