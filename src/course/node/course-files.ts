import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalogue, readCatalogue } from '../catalogue.ts';
import type { CourseFiles } from '../problem.ts';
import { isCode } from './errors.ts';

/** The folder that holds `content/`, `exercises/` and `my/`. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

const READ = /\.(ts|md|mdx)$/;

/** Reads the course's text files under `content/` and `exercises/`. A folder that is not there is empty. */
export async function readCourseFiles(root: string): Promise<CourseFiles> {
  const found = await Promise.all(['content', 'exercises'].map((folder) => filesIn(join(root, folder))));
  const texts = found.flat().map(async (path) => {
    const text = await readFile(path, 'utf8');
    return [relative(root, path).split(sep).join('/'), text] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Reads the course that lies in a folder. */
export async function loadCatalogue(root: string = projectRoot): Promise<Catalogue> {
  return readCatalogue(await readCourseFiles(root));
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && READ.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
