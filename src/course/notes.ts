/** `content/workshop/notes/NN-id.md`: what an instructor needs of one lesson. */

import { FieldReader, parsePage } from './front-matter.ts';
import type { Problem } from './problem.ts';
import { ID, type Section, sectionsOf } from './sections.ts';

/** The sections that all notes have, in their order. */
export const SECTIONS = ['What it is for', 'Ask before the experiment', 'Where people stick', 'What to skip'] as const;
const STICKS = 3;

export interface Notes {
  /** That of the lesson. */
  readonly id: string;
  readonly number: number;
  readonly file: string;
  /** Minutes in which the instructor speaks and shows, with prediction and experiment. */
  readonly talk: number;
  /** Minutes after the exercise in which its answers are gone through. */
  readonly debrief: number;
  /** Markdown, by their headings. */
  readonly sections: readonly Section[];
  /** Where people stick: the heading is the id of a misconception; the text, what one sees them do and what to say then. */
  readonly sticks: readonly Section[];
  readonly problems: readonly Problem[];
}

/** Reads the notes on one lesson. What they lack is empty and among `problems`. */
export function parseNotes(file: string, name: { number: number; id: string }, text: string): Notes {
  const page = parsePage(file, text);
  const read = new FieldReader(page);
  const [talk, debrief] = [read.count('talk'), read.count('debrief')];
  read.expectOnly(['talk', 'debrief']);
  const sections = movedDown(sectionsOf(page.body, 2), page.bodyLine);
  const where = sections.find(({ heading }) => heading === SECTIONS[2]);
  const sticks = where ? movedDown(sectionsOf(where.text, 3), where.textLine) : [];
  const problems = page.problems.length > 0 ? [] : [...sectionProblems(file, sections), ...stickProblems(file, sticks)];
  return { ...name, file, talk, debrief, sections, sticks, problems: [...read.problems, ...problems] };
}

/** Sections of a text that begins on that line of its file. */
function movedDown(sections: readonly Section[], firstLine: number): Section[] {
  const moved = (line: number) => line + firstLine - 1;
  return sections.map(({ line, textLine, ...rest }) => ({ ...rest, line: moved(line), textLine: moved(textLine) }));
}

function sectionProblems(file: string, sections: readonly Section[]): Problem[] {
  const headings = sections.map(({ heading }) => heading);
  if (headings.join('\n') !== SECTIONS.join('\n')) {
    const advice = `They must be: ${SECTIONS.map((heading) => `"## ${heading}"`).join(', ')}.`;
    return [{ file, rule: 'notes have four sections, in this order', advice }];
  }
  return sections.filter(({ text }) => text === '').map(({ heading, line }) => empty(file, heading, line));
}

const empty = (file: string, heading: string, line: number): Problem => ({
  file,
  line,
  rule: 'no section of the notes is empty',
  advice: `"${heading}" says nothing: write it.`,
});

function stickProblems(file: string, sticks: readonly Section[]): Problem[] {
  if (sticks.length !== STICKS) {
    const advice = `There are ${sticks.length}: choose the three that most people run into.`;
    return [{ file, rule: 'notes name three places where people stick', advice }];
  }
  return sticks.flatMap((stick) => stickProblem(file, stick) ?? []);
}

function stickProblem(file: string, { heading, line, text }: Section): Problem | undefined {
  if (!ID.test(heading)) {
    const rule = 'a place where people stick has the id of its misconception for a heading';
    return { file, line, rule, advice: `"### ${heading}" is none: write the id, as in hints.md.` };
  }
  if (/^\*\*Say:\*\* \S/m.test(text)) return undefined;
  const rule = 'a place where people stick says what to say then';
  return { file, line, rule, advice: `Give "${heading}" a paragraph that begins with "**Say:** ".` };
}
