import { FieldReader, parsePage } from './front-matter.ts';
import type { Problem } from './problem.ts';

/** A page of `content/lessons/`. */
export interface Lesson {
  /** Stable: what links and progress name. */
  readonly id: string;
  /** Orders the course; the digits in front of the id. */
  readonly number: number;
  readonly file: string;
  readonly title: string;
  readonly part: number;
  /** Of the exercise, from a quick learner to a slow one. */
  readonly minutes: readonly [number, number];
  /** Were the minutes measured with learners, or only estimated? */
  readonly tried: boolean;
  /** Lessons that come before. */
  readonly prerequisites: readonly string[];
  readonly objectives: readonly string[];
  /** Minutes it takes to read the page, to decide on its predictions and to step through its experiments. */
  readonly reading: number;
  readonly body: string;
  /** The line of the file on which the body begins. */
  readonly bodyLine: number;
  readonly problems: readonly Problem[];
}

const WORDS_PER_MINUTE = 180;
// Close to what a reader needed: 10, 8, 9, 8, 8, 9 and 10 minutes for the seven lessons.
const MINUTES_PER_EXPERIMENT = 1.5;
const MINUTES_PER_PREDICTION = 0.5;

/** `15-reproduce-the-bug` → its number and its id; undefined for a name of any other form. */
export function parseNumberedName(name: string): { number: number; id: string } | undefined {
  const found = /^(\d{2,3})-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(name);
  return found?.[1] && found[2] ? { number: Number(found[1]), id: found[2] } : undefined;
}

/** Reads a lesson's page. What it lacks is empty and among `problems`. */
export function parseLesson(file: string, name: { number: number; id: string }, text: string): Lesson {
  const page = parsePage(file, text);
  const read = new FieldReader(page);
  return {
    ...name,
    file,
    title: read.text('title'),
    part: read.count('part'),
    minutes: read.range('minutes'),
    tried: read.flag('tried'),
    prerequisites: read.texts('prerequisites'),
    objectives: read.texts('objectives'),
    reading: readingMinutes(page.body),
    body: page.body,
    bodyLine: page.bodyLine,
    problems: read.problems,
  };
}

/** With the predictions, whose words stand inside of a tag. */
export function readingMinutes(markdown: string): number {
  const asked = [...markdown.matchAll(/\b(?:question=|text: |reason: )("[^"]*"|'[^']*')/g)].map(([, text]) => text);
  const words = countWords(markdown) + countWords(asked.join(' '));
  const count = (component: string) => markdown.match(new RegExp(`<${component}\\b`, 'g'))?.length ?? 0;
  const doing = count('Experiment') * MINUTES_PER_EXPERIMENT + count('Prediction') * MINUTES_PER_PREDICTION;
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE + doing));
}

/** Words of prose: code blocks, imports and the insides of tags are not read at reading speed. */
export function countWords(markdown: string): number {
  const prose = markdown
    .replaceAll(/^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\1/gm, ' ')
    .replaceAll(/^(import|export) .*$/gm, ' ')
    .replaceAll(/\{\/\*[\s\S]*?\*\/\}/g, ' ')
    .replaceAll(/<\/?[A-Za-z][^<>]*>/g, ' ');
  return prose.match(/[\p{L}\p{N}][\p{L}\p{N}_'’-]*/gu)?.length ?? 0;
}
