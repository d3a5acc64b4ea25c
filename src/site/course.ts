/** The course as the pages show it: the catalogue of src/course, in parts, with each lesson's neighbours known. */

import * as course from '#course/catalogue';
import { gaugedIn } from '#course/gauge/gauged';
import { workbenchProblems } from '#course/rules';
import { courseFiles } from './files.ts';

const partTitles = ['Two CPUs', 'The bug', 'The repairs', 'Taking it home'];

export interface Lesson extends course.Lesson {
  /** Its place in the course, from 1. */
  readonly place: number;
  readonly hasExercise: boolean;
  readonly previous?: Lesson;
  readonly next?: Lesson;
}

export interface Part {
  readonly number: number;
  readonly title: string;
  readonly lessons: readonly Lesson[];
}

/** As src/course reads it. */
export const catalogue: course.Catalogue = course.readCatalogue(courseFiles);
refuse([...catalogue.lessons.flatMap((lesson) => lesson.problems), ...workbenchProblems(catalogue)]);

/** In the order in which they are meant to be read. */
export const lessons: readonly Lesson[] = withNeighbours(
  catalogue.lessons.map((lesson, at) => ({
    ...lesson,
    place: at + 1,
    hasExercise: course.findExercise(catalogue, lesson.id) !== undefined,
  })),
);

/** Those parts that have lessons. */
export const parts: readonly Part[] = partTitles
  .map((title, at) => ({ number: at + 1, title, lessons: lessons.filter((lesson) => lesson.part === at + 1) }))
  .filter((part) => part.lessons.length > 0);

/** What codes for the room are about. */
export const gauged = gaugedIn(catalogue);

export const terms: readonly course.Term[] = catalogue.terms.toSorted((a, b) => a.term.localeCompare(b.term, 'en'));

export const misconceptions: readonly course.Misconception[] = catalogue.misconceptions.toSorted((a, b) =>
  a.belief.localeCompare(b.belief, 'en'),
);

/** The shared ones, and those of single exercises. */
export const allMisconceptions: readonly course.Misconception[] = [
  ...misconceptions,
  ...catalogue.exercises.flatMap((exercise) => exercise.misconceptions),
];

/** The lesson of that id. Throws for an unknown one. */
export function lessonOf(id: string): Lesson {
  const lesson = lessons.find((each) => each.id === id);
  if (!lesson) throw new Error(`there is no lesson "${id}"`);
  return lesson;
}

/** The part in which a lesson stands. Throws if the course has no such part. */
export function partOf(lesson: Lesson): Part {
  const part = parts.find((each) => each.number === lesson.part);
  if (!part) throw new Error(`${lesson.file}: part ${lesson.part}? There are parts 1 to ${partTitles.length}`);
  return part;
}

/** `25–45 min, estimated` */
export function exerciseMinutes({ minutes: [low, high], tried }: Lesson): string {
  return `${low === high ? low : `${low}–${high}`} min${tried ? '' : ', estimated'}`;
}

function withNeighbours(all: readonly Lesson[]): Lesson[] {
  return all.map((lesson, at) => ({
    ...lesson,
    ...(all[at - 1] && { previous: all[at - 1] }),
    ...(all[at + 1] && { next: all[at + 1] }),
  }));
}

/** Ends the build with what must be mended, if anything. */
export function refuse(problems: readonly course.Problem[]): void {
  if (problems.length > 0) throw new Error(problems.map(course.formatProblem).join('\n'));
}
