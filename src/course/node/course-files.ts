import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalogue, readCatalogue } from '../catalogue.ts';
import type { CourseFiles } from '../problem.ts';
import { isCode } from './errors.ts';

/** The folder that holds `content/`, `exercises/` and `my/`. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

const READ = /\.(ts|md|mdx|yaml)$/;

/**
 * Reads the course's text files under `content/` and `exercises/`. A folder that is not there is empty. One file after another:
 * of hundreds of small ones, side by side would take twice as long, and every start waits for it.
 */
export async function readCourseFiles(root: string): Promise<CourseFiles> {
  const paths = ['content', 'exercises'].flatMap((folder) => filesIn(join(root, folder)));
  return Object.fromEntries(
    paths.map((path) => [relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')]),
  );
}

/** Reads the course that lies in a folder. */
export async function loadCatalogue(root: string = projectRoot): Promise<Catalogue> {
  return readCatalogue(await readCourseFiles(root));
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && READ.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
