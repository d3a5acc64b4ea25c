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

export const goodCourse: CourseFiles = {
  'content/lessons/05-first.mdx': lesson('First', '[]'),
  'content/lessons/10-second.mdx': lesson('Second', '[first]'),
  'content/glossary/pte.md': '---\nterm: PTE\n---\n\nAn entry. See [the lesson](/lessons/first/#the-rule).\n',
  'content/misconceptions/no-recheck.md': '---\ntitle: A lock removes the race.\n---\n\nIt does not.\n',
  ...exercise('exercises/05-first', 'tortoise'),
  ...exercise('exercises/10-second', 'hare'),
};
