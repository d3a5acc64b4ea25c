/**
 * The course as its folders say it is: nothing is listed twice.
 *
 *     content/lessons/NN-id.mdx   → a lesson          exercises/NN-id/     → its exercise
 *     content/glossary/id.md      → a term            content/misconceptions/id.md → a text that several exercises share
 *     content/workshop/notes/NN-id.md → an instructor's notes on a lesson    content/workshop/tracks/id.yaml → a track
 *
 * Pure: works on a map of paths to texts, so that a terminal, a build and a page read the same course.
 */

import { type Exercise, parseExercise } from './exercise.ts';
import { FieldReader, parsePage } from './front-matter.ts';
import type { Misconception } from './hints.ts';
import { type Lesson, parseLesson, parseNumberedName } from './lesson.ts';
import { nearest } from './nearest.ts';
import { type Notes, parseNotes } from './notes.ts';
import type { CourseFiles, Problem } from './problem.ts';
import { parseTrack, type Track } from './track-file.ts';

export type { Exercise, WrongAnswer } from './exercise.ts';
export type { Misconception } from './hints.ts';
export type { Lesson } from './lesson.ts';
export type { Notes } from './notes.ts';
export { type CourseFiles, formatProblem, type Problem, type SourceFile } from './problem.ts';
export type { Track } from './track-file.ts';

export interface Catalogue {
  /** In the order of their numbers. */
  readonly lessons: readonly Lesson[];
  readonly exercises: readonly Exercise[];
  /** Texts that several exercises share. */
  readonly misconceptions: readonly Misconception[];
  readonly terms: readonly Term[];
  /** For whoever teaches, in the order of the lessons. */
  readonly notes: readonly Notes[];
  /** The shortest first. */
  readonly tracks: readonly Track[];
  /** What keeps a file from being read as what it should be; those of lessons and exercises included. */
  readonly problems: readonly Problem[];
}

/** An entry of the glossary. */
export interface Term {
  readonly id: string;
  readonly term: string;
  readonly aliases: readonly string[];
  readonly body: string;
  readonly file: string;
  readonly bodyLine: number;
  readonly problems: readonly Problem[];
}

/** Reads the whole course. */
export function readCatalogue(files: CourseFiles): Catalogue {
  const problems: Problem[] = [];
  const lessons = numbered(files, problems, 'content/lessons/', '.mdx', parseLesson);
  const notes = numbered(files, problems, 'content/workshop/notes/', '.md', parseNotes);
  const tracks = filesUnder(files, 'content/workshop/tracks/', '.yaml').map(([file, text]) => parseTrack(file, text));
  const exercises = exercisesOf(files, problems);
  const terms = filesUnder(files, 'content/glossary/', '.md').map(([file, text]) => parseTerm(file, text));
  const shared = filesUnder(files, 'content/misconceptions/', '.md').map(([file, text]) => parseShared(file, text));
  problems.push(
    ...[...lessons, ...exercises, ...terms, ...shared, ...notes, ...tracks].flatMap((part) => part.problems),
  );
  return {
    lessons,
    exercises,
    terms,
    misconceptions: shared.map(({ misconception }) => misconception),
    notes,
    tracks: tracks.toSorted((a, b) => a.minutes - b.minutes),
    problems,
  };
}

/** The exercise of that id, or undefined. */
export function findExercise(catalogue: Catalogue, id: string): Exercise | undefined {
  return catalogue.exercises.find((exercise) => exercise.id === id);
}

/** The lesson of that id, or undefined. */
export function findLesson(catalogue: Catalogue, id: string): Lesson | undefined {
  return catalogue.lessons.find((lesson) => lesson.id === id);
}

/** The text for a misconception: the exercise's own, else the shared one, else undefined. */
export function findMisconception(catalogue: Catalogue, exercise: Exercise, id: string): Misconception | undefined {
  const named = (misconception: Misconception) => misconception.id === id;
  return exercise.misconceptions.find(named) ?? catalogue.misconceptions.find(named);
}

/** Ids of exercises that a person may have meant, the nearest first. */
export function nearestExercises(catalogue: Catalogue, id: string): string[] {
  // A folder's name is a good guess too: `15-reproduce-the-bug`.
  const bare = parseNumberedName(id)?.id ?? id;
  return nearest(
    bare,
    catalogue.exercises.map((exercise) => exercise.id),
  );
}

/** Files whose names order them, read one by one. */
function numbered<T extends Name>(
  files: CourseFiles,
  problems: Problem[],
  folder: string,
  ending: string,
  parse: (file: string, name: Name, text: string) => T,
): T[] {
  const all: T[] = [];
  for (const [file, text] of filesUnder(files, folder, ending)) {
    const name = parseNumberedName(nameOf(file));
    if (name) all.push(parse(file, name, text));
    else problems.push(badName(file));
  }
  return inOrder(all, problems);
}

function exercisesOf(files: CourseFiles, problems: Problem[]): Exercise[] {
  const exercises: Exercise[] = [];
  for (const folder of foldersUnder(files, 'exercises/')) {
    const name = parseNumberedName(nameOf(folder));
    if (name) exercises.push(parseExercise(folder, name, files));
    else problems.push(badName(folder));
  }
  return inOrder(exercises, problems);
}

type Name = { id: string; number: number };

function inOrder<T extends Name>(parts: readonly T[], problems: Problem[]): T[] {
  const sorted = parts.toSorted((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
  for (const [index, part] of sorted.entries()) {
    const twin = sorted.slice(0, index).find((other) => other.id === part.id || other.number === part.number);
    if (twin) problems.push(takenTwice(part, twin));
  }
  return sorted;
}

type Numbered = Name & { file?: string; folder?: string };

function takenTwice(part: Numbered, twin: Numbered): Problem {
  const place = (one: Numbered) => one.file ?? one.folder ?? one.id;
  const advice = `It shares its ${part.id === twin.id ? 'id' : 'number'} with ${place(twin)}: rename one of them.`;
  return { file: place(part), rule: 'numbers and ids are unique', advice };
}

function badName(file: string): Problem {
  return {
    file,
    rule: 'a lesson, its exercise and its notes are named NN-id',
    advice: 'Name it with two digits, a hyphen, and an id in lower case with hyphens, such as 15-reproduce-the-bug.',
  };
}

function parseTerm(file: string, text: string): Term {
  const page = parsePage(file, text);
  const read = new FieldReader(page);
  return {
    id: nameOf(file),
    term: read.text('term'),
    aliases: read.textsIfAny('aliases'),
    body: page.body,
    bodyLine: page.bodyLine,
    file,
    problems: read.problems,
  };
}

function parseShared(file: string, text: string): { misconception: Misconception; problems: readonly Problem[] } {
  const page = parsePage(file, text);
  const read = new FieldReader(page);
  const belief = read.text('title');
  const misconception = { id: nameOf(file), belief, text: page.body.trim(), file, line: page.bodyLine };
  return { misconception, problems: read.problems };
}

function filesUnder(files: CourseFiles, folder: string, ending: string): [string, string][] {
  return Object.entries(files)
    .filter(([file]) => file.startsWith(folder) && file.endsWith(ending))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function foldersUnder(files: CourseFiles, folder: string): string[] {
  const names = Object.keys(files)
    .filter((file) => file.startsWith(folder) && file.indexOf('/', folder.length) > 0)
    .map((file) => file.slice(0, file.indexOf('/', folder.length)));
  return [...new Set(names)].sort();
}

/** The last part of a path, without its ending. */
function nameOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.[a-z]+$/, '');
}
