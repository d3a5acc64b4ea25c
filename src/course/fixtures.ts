/** A course of two exercises that breaks no rule, as texts, for the tests of the rules. */

import type { CourseFiles } from './problem.ts';

const lesson = (title: string, prerequisites: string) => `---
title: ${title}
part: 1
minutes: [5, 10]
tried: false
prerequisites: ${prerequisites}
objectives: [do it]
---

A <Term id="pte">PTE</Term> is where [the rule](#the-rule) holds.

<Prediction
  id="${title.toLowerCase()}/outcome"
  question="What then?"
/>

## The rule

See [a belief](/misconceptions/#no-recheck), [a term](/glossary/#pte), <https://example.org>.

<Workbench id="${title.toLowerCase()}" />
`;

const belief = (id: string, number: number, story: string) =>
  `## ${id}\n\nBelief ${number} of ${story}.\n\nWhat happened in ${story} number ${number}: see [the rule](/lessons/first/#the-rule).\n`;

const exercise = (folder: string, story: string): CourseFiles => ({
  [`${folder}/exercise.ts`]: 'export function* fault() {}',
  [`${folder}/exercise.test.ts`]: "import { variants } from './variants.ts';\nchosen(variants);\n",
  [`${folder}/solution.ts`]: 'export function* fault() {}',
  [`${folder}/variants.ts`]: 'export const variants = {};',
  [`${folder}/right/a.ts`]: '',
  [`${folder}/right/b.ts`]: '',
  ...Object.fromEntries(
    [`${story}-one`, `${story}-one`, `${story}-two`, `${story}-two`, 'no-recheck'].map((id, index) => [
      `${folder}/wrong/${index}.ts`,
      `// misconception: ${id}\n`,
    ]),
  ),
  [`${folder}/hints.md`]: [
    ...[1, 2, 3].map((number) => `## Hint ${number}\nHint ${number} of ${story}.\n`),
    belief(`${story}-one`, 1, story),
    belief(`${story}-two`, 2, story),
  ].join('\n'),
});

const notes = (story: string) => `---
talk: 10
debrief: 5
---

## What it is for

The race of ${story}.

## Ask before the experiment

Who wins?

## Where people stick

### ${story}-one

They look once.

**Say:** “Look again.”

### ${story}-two

They run.

**Say:** “Wait.”

### no-recheck

They take a lock.

**Say:** “And then?”

## What to skip

Skip the middle.
`;

const track = `title: An hour
minutes: 75
tried: false
aim: Who wins, and why.
before: [Have both animals there.]
items:
  - opening: 5
  - lesson: first
    exercise: 6
    do: The first question alone.
  - break: 10
  - lesson: second
    cutWhenLate: exercise
    instead: Show how it ends.
  - closing: 5
    cutWhenLate: true
`;

/** What a workshop needs of that course. */
export const workshopFiles: CourseFiles = {
  'content/workshop/notes/05-first.md': notes('tortoise'),
  'content/workshop/notes/10-second.md': notes('hare'),
  'content/workshop/tracks/an-hour.yaml': track,
};

export const goodCourse: CourseFiles = {
  ...workshopFiles,
  'content/lessons/05-first.mdx': lesson('First', '[]'),
  'content/lessons/10-second.mdx': lesson('Second', '[first]'),
  'content/glossary/pte.md': '---\nterm: PTE\n---\n\nAn entry. See [the lesson](/lessons/first/#the-rule).\n',
  'content/misconceptions/no-recheck.md': '---\ntitle: A lock removes the race.\n---\n\nIt does not.\n',
  ...exercise('exercises/05-first', 'tortoise'),
  ...exercise('exercises/10-second', 'hare'),
};
