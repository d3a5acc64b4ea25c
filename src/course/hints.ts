/** `hints.md`: three hints, then a text for each misconception of the exercise. */

import type { Problem } from './problem.ts';
import { ID, type Section, sectionsOf } from './sections.ts';

/** What a learner may believe who gives a certain wrong answer, and why it is not so. */
export interface Misconception {
  readonly id: string;
  /** The belief, in one sentence. */
  readonly belief: string;
  /** Markdown: what happened, why, which rule it breaks, where to read. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

export interface Hints {
  /** Markdown, from a nudge to nearly there. */
  readonly hints: readonly string[];
  readonly misconceptions: readonly Misconception[];
  readonly problems: readonly Problem[];
}

const HINT = /^hint (\d+)$/i;

/** Reads `## Hint 1` … and the `## <misconception id>` sections that follow. */
export function parseHints(file: string, text: string): Hints {
  const problems: Problem[] = [];
  const hints: string[] = [];
  const misconceptions: Misconception[] = [];
  for (const section of sectionsOf(text, 2)) {
    if (HINT.test(section.heading)) {
      problems.push(...hintOutOfOrder(file, section, hints.length + 1));
      hints.push(section.text);
    } else if (ID.test(section.heading)) {
      misconceptions.push(misconceptionOf(file, section));
    } else {
      problems.push(unknownHeading(file, section));
    }
  }
  return { hints, misconceptions, problems };
}

function misconceptionOf(file: string, section: Section): Misconception {
  const [belief = '', ...rest] = section.text.split(/\n[ \t]*\n/);
  return {
    id: section.heading,
    belief: belief.replaceAll(/\s+/g, ' ').trim(),
    text: rest.join('\n\n').trim(),
    file,
    line: section.line,
  };
}

function hintOutOfOrder(file: string, section: Section, expected: number): Problem[] {
  if (section.heading.toLowerCase() === `hint ${expected}`) return [];
  const advice = `"## ${section.heading}" stands where "## Hint ${expected}" should: number them from 1.`;
  return [{ file, line: section.line, rule: 'hints stand in order', advice }];
}

function unknownHeading(file: string, section: Section): Problem {
  return {
    file,
    line: section.line,
    rule: 'a second-level heading is "Hint <number>" or the id of a misconception',
    advice: `"## ${section.heading}" is neither: use "###" inside a section, or write the id in lower case with hyphens.`,
  };
}
