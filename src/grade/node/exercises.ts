/** The exercises of a course as its folders hold them. */

import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL, URL } from 'node:url';
import { type Because, ownTexts, sharedText } from '../misconceptions.ts';
import { exportsOf, type StarterExport } from '../starter.ts';

/** The project's own root, as a URL that ends in a slash. */
export const projectRoot = new URL('../../../', import.meta.url).href;

export interface ExerciseFiles {
  readonly id: string;
  /** URL of the grader. */
  readonly grader: string;
  readonly exports: readonly StarterExport[];
  readonly misconceptions: Readonly<Record<string, Because>>;
}

/** Folders of `exercises/`, by the id of the exercise: `15-reproduce-the-bug` is `reproduce-the-bug`. */
export function exerciseFolders(root: string): Record<string, string> {
  const folders = readdirSync(new URL('exercises/', root)).sort();
  return Object.fromEntries(
    folders.flatMap((name) => {
      const id = /^\d+-([a-z0-9-]+)$/.exec(name)?.[1];
      return id === undefined ? [] : [[id, new URL(`exercises/${name}/`, root).href]];
    }),
  );
}

/** What grading an exercise needs. Throws for one that is not there. */
export function readExercise(root: string, id: string): ExerciseFiles {
  const folder = exerciseFolders(root)[id];
  if (folder === undefined) throw new Error(`there is no exercise “${id}”`);
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  return {
    id,
    grader: new URL('exercise.test.ts', folder).href,
    exports: exportsOf(read('exercise.ts')),
    misconceptions: { ...sharedTexts(root), ...ownTexts(readOr('', new URL('hints.md', folder))) },
  };
}

/** The exercise's solution. Throws for one that is not there. */
export function solutionOf(root: string, id: string): string {
  const folder = exerciseFolders(root)[id];
  if (folder === undefined) throw new Error(`there is no exercise “${id}”`);
  return readFileSync(new URL('solution.ts', folder), 'utf8');
}

function sharedTexts(root: string): Record<string, Because> {
  const folder = new URL('content/misconceptions/', root);
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return Object.fromEntries(
    pages.map((name) => [name.slice(0, -3), sharedText(readFileSync(new URL(name, folder), 'utf8'))]),
  );
}

function readOr(otherwise: string, file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** A folder's path as the root of a course. */
export const rootOf = (path: string) => pathToFileURL(`${path.replace(/\/$/, '')}/`).href;
