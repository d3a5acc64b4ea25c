/** What must be true of tracks and instructor's notes beyond each file's own form. Pure. */

import { type Catalogue, findExercise, findLesson, findMisconception, type Notes } from './catalogue.ts';
import type { Problem } from './problem.ts';
import type { Item, Lecture, Track } from './track-file.ts';
import { planOf } from './tracks.ts';

/** Minutes that a workshop must be able to make up: as late as a room is whose Wi-Fi did not work at first. */
const LATE = 15;

/** Every rule about what a workshop needs that can be judged by reading. */
export function workshopProblems(catalogue: Catalogue): Problem[] {
  return [
    ...catalogue.lessons.flatMap((lesson) => missingNotes(catalogue, lesson)),
    ...catalogue.notes.flatMap((notes) => [...strayNotes(catalogue, notes), ...unknownSticks(catalogue, notes)]),
    ...trackProblems(catalogue),
  ];
}

/** What is wrong with the tracks. What builds the site asks too: such a track has no plan. */
export function trackProblems(catalogue: Catalogue): Problem[] {
  return catalogue.tracks.flatMap((track) => {
    const lectures = track.items.filter((item) => item.kind === 'lesson');
    const found = [...track.problems, ...lectures.flatMap((item) => lectureProblems(catalogue, track, item))];
    // Without those there is neither an order nor a sum.
    return found.length > 0 ? found : [...orderProblems(catalogue, track), ...timeProblems(catalogue, track)];
  });
}

type Numbered = { id: string; number: number };

const notesFile = ({ id, number }: Numbered) => `content/workshop/notes/${String(number).padStart(2, '0')}-${id}.md`;

function missingNotes({ notes }: Catalogue, lesson: Numbered & { file: string }): Problem[] {
  if (notes.some(({ id }) => id === lesson.id)) return [];
  const advice = `Write ${notesFile(lesson)}: CONTRIBUTING says what belongs in it.`;
  return [{ file: lesson.file, rule: "a lesson has its instructor's notes", advice }];
}

function strayNotes(catalogue: Catalogue, { id, number, file }: Notes): Problem[] {
  const lesson = findLesson(catalogue, id);
  if (lesson?.number === number) return [];
  const advice = lesson
    ? `Name them ${notesFile(lesson)}.`
    : `There is no lesson "${id}": rename them, or delete them.`;
  return [{ file, rule: 'notes belong to a lesson, and have its number', advice }];
}

function unknownSticks(catalogue: Catalogue, { id, file, sticks }: Notes): Problem[] {
  const exercise = findExercise(catalogue, id);
  if (!exercise) return [];
  const rule = 'people stick at a misconception that the course knows';
  return sticks.flatMap(({ heading, line }) => {
    if (findMisconception(catalogue, exercise, heading)) return [];
    const advice = `"${heading}" stands neither in ${exercise.folder}/hints.md nor in content/misconceptions/.`;
    return [{ file, line, rule, advice }];
  });
}

function lectureProblems(catalogue: Catalogue, { file, items }: Track, item: Lecture): Problem[] {
  const { line } = item;
  const lesson = findLesson(catalogue, item.lesson);
  if (!lesson) {
    const ids = catalogue.lessons.map(({ id }) => id).join(', ');
    return [{ file, line, rule: 'a track names lessons that exist', advice: `"${item.lesson}" is none of ${ids}.` }];
  }
  const problems: Problem[] = [];
  if (items.find((other) => other.kind === 'lesson' && other.lesson === item.lesson) !== item)
    problems.push({
      file,
      line,
      rule: 'a lesson stands in a track once',
      advice: `"${item.lesson}" is there already.`,
    });
  const notes = catalogue.notes.find(({ id }) => id === item.lesson);
  if (!notes)
    problems.push({ file, line, rule: 'a lesson of a track has notes', advice: `Write ${notesFile(lesson)}.` });
  const [quickest] = lesson.minutes;
  const isHurried = (item.talk ?? Infinity) < (notes?.talk ?? 0) || (item.exercise ?? Infinity) < quickest;
  if (isHurried && item.does === undefined) {
    const rule = 'what gets less time than it takes is done in part, and the track says which';
    const takes = `its talk takes ${notes?.talk} minutes, its exercise ${quickest} at least`;
    problems.push({ file, line, rule, advice: `Of "${item.lesson}", ${takes}: say in \`do\` what is done of it.` });
  }
  return problems;
}

function orderProblems(catalogue: Catalogue, { file, items }: Track): Problem[] {
  const missing = missingBefore(catalogue, items);
  const left = items.filter(({ cut }) => cut !== 'all');
  const [when, all] = missing.length > 0 ? ['', missing] : [' once it is left out', missingBefore(catalogue, left)];
  return all.map(({ lesson, needed, line }) => ({
    file,
    line,
    rule: 'what a lesson builds on comes earlier in the track, told at least',
    advice: `"${lesson}" builds on "${needed}", which is not there before it${when}.`,
  }));
}

/** Lessons that others among these items build on, and that do not come before them. What no lesson may build on, its own rule names. */
function missingBefore(catalogue: Catalogue, items: readonly Item[]) {
  const before = new Set<string>();
  return items.flatMap((item) => {
    if (item.kind !== 'lesson') return [];
    const { lesson, line } = item;
    const { number = 0, prerequisites = [] } = findLesson(catalogue, lesson) ?? {};
    const isEarlier = (id: string) => (findLesson(catalogue, id)?.number ?? number) < number;
    const missing = prerequisites.filter((id) => isEarlier(id) && !before.has(id));
    before.add(lesson);
    return missing.map((needed) => ({ lesson, needed, line }));
  });
}

function timeProblems(catalogue: Catalogue, track: Track): Problem[] {
  const { total, inHand, cuts } = planOf(track, catalogue);
  const { file } = track;
  if (inHand < 0) {
    const advice = `Its parts come to ${total} minutes, and it has ${track.minutes}: take out ${-inHand}.`;
    return [{ file, rule: 'a track fits into its time', advice }];
  }
  const gives = cuts.reduce((sum, { minutes }) => sum + minutes, 0);
  if (gives >= LATE) return [];
  const advice = `What has \`cutWhenLate\` comes to ${gives}: let something else be left out.`;
  return [{ file, rule: `what a track can leave out makes up ${LATE} minutes`, advice }];
}
