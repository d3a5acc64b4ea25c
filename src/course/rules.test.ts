import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { goodCourse } from './fixtures.ts';
import { ruleProblems } from './rules.ts';

/** The problems of the good course after a change: file and rule. A file that becomes undefined is taken out. */
function problemsAfter(change: (files: Record<string, string | undefined>) => void): string[] {
  const files: Record<string, string | undefined> = { ...goodCourse };
  change(files);
  const texts = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return ruleProblems(readCatalogue(Object.fromEntries(texts))).map(({ file, rule }) => `${file}: ${rule}`);
}

const edit = (file: string, from: string | RegExp, to: string) => (files: Record<string, string | undefined>) => {
  const before = files[file] ?? '';
  files[file] = before.replace(from, to);
  if (files[file] === before) throw new Error(`nothing to edit in ${file}`);
};
const without = (file: string) => (files: Record<string, string | undefined>) => {
  files[file] = undefined;
};
const hints = 'exercises/05-first/hints.md';
const second = 'content/lessons/10-second.mdx';

describe('ruleProblems', () => {
  it('has nothing to say of a good course', () => {
    expect(readCatalogue(goodCourse).problems).toEqual([]);
    expect(problemsAfter(() => {})).toEqual([]);
  });

  it.each<[string, (files: Record<string, string | undefined>) => void, string]>([
    ['an emptied hint', edit(hints, 'Hint 2 of tortoise.', ''), `${hints}: an exercise has 3 hints`],
    ['a missing hint', edit(hints, /## Hint 3\n.*\n/, ''), `${hints}: an exercise has 3 hints`],
    [
      'a table in a hint',
      edit(hints, 'Hint 2 of tortoise.', '| a | b |\n|---|:-:|\n| 1 | 2 |'),
      `${hints}: a hint and the text of a misconception have no tables`,
    ],
    [
      'a table in the text of a misconception',
      edit(hints, 'Belief 1 of tortoise.\n', 'Belief 1 of tortoise.\n\n| a |\n|---|\n'),
      `${hints}: a hint and the text of a misconception have no tables`,
    ],
    [
      'too few wrong answers',
      without('exercises/05-first/wrong/0.ts'),
      'exercises/05-first/wrong/: an exercise has at least 5 wrong answers',
    ],
    [
      'too few misconceptions',
      edit('exercises/05-first/wrong/4.ts', 'no-recheck', 'tortoise-one'),
      'exercises/05-first/wrong/: wrong answers come from at least 3 misconceptions',
    ],
    [
      'too few right answers',
      without('exercises/05-first/right/a.ts'),
      'exercises/05-first/right/: an exercise that asks for code has at least 2 right answers beside its solution',
    ],
    [
      'a misconception without a text',
      edit('exercises/05-first/wrong/0.ts', 'tortoise-one', 'nobody-wrote-it'),
      'exercises/05-first/wrong/0.ts: a misconception has a text',
    ],
    [
      'a text without a belief',
      edit(hints, /\nBelief 1 of tortoise.\n\nWhat happened .*\n/, ''),
      `${hints}: the text of a misconception says the belief, then what happened and why`,
    ],
    [
      'an empty shared text',
      edit('content/misconceptions/no-recheck.md', 'It does not.', ''),
      'content/misconceptions/no-recheck.md: the text of a misconception says the belief',
    ],
    [
      'a text of nothing',
      edit(hints, /$/, '\n## idle-text\n\nBelief.\n\nText.\n'),
      `${hints}: a text in hints.md belongs to one of the exercise's misconceptions`,
    ],
    [
      'worlds that are not taken from variants.ts',
      edit('exercises/05-first/exercise.test.ts', './variants.ts', './others.ts'),
      'exercises/05-first/exercise.test.ts: a grader takes its worlds from variants.ts',
    ],
    ['no workbench', edit(second, /<Workbench .*/, ''), `${second}: a lesson has its workbench in one place`],
    [
      'a workbench that only code shows',
      edit(second, /<Workbench .*/, '`<Workbench id="second" />`'),
      `${second}: a lesson has its workbench in one place`,
    ],
    [
      'two workbenches',
      edit(second, /<Workbench .*/, '$&\n\n$&'),
      `${second}: a lesson has its workbench in one place`,
    ],
    ['no objectives', edit(second, '[do it]', '[]'), `${second}: a lesson has objectives`],
    [
      'an unknown prerequisite',
      edit(second, '[first]', '[zeroth]'),
      `${second}: a prerequisite is a lesson that comes earlier`,
    ],
    [
      'a later prerequisite',
      edit(second, '[first]', '[second]'),
      `${second}: a prerequisite is a lesson that comes earlier`,
    ],
    [
      'parts out of order',
      edit('content/lessons/05-first.mdx', 'part: 1', 'part: 2'),
      `${second}: the parts of the course follow each other`,
    ],
  ])('names %s', (_, change, problem) => {
    const found = problemsAfter(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it('names an exercise without a lesson, and a lesson without an exercise', () => {
    expect(problemsAfter(without(second))).toEqual(['exercises/10-second: an exercise has its lesson']);
    const gone = (files: Record<string, string | undefined>) => {
      for (const file of Object.keys(files)) if (file.startsWith('exercises/10-second/')) files[file] = undefined;
    };
    expect(problemsAfter(gone)).toEqual([`${second}: a lesson has its exercise`]);
  });

  it('names a lesson and an exercise of different numbers', () => {
    const renumber = (files: Record<string, string | undefined>) => {
      files['content/lessons/11-second.mdx'] = files[second];
      files[second] = undefined;
    };
    expect(problemsAfter(renumber)).toEqual([
      'content/lessons/11-second.mdx: a lesson and its exercise have the same number',
    ]);
  });

  it('asks for right answers only where code is asked for', () => {
    const data = (files: Record<string, string | undefined>) => {
      files['exercises/05-first/solution.ts'] = 'export const world = {};';
      files['exercises/05-first/right/a.ts'] = undefined;
      files['exercises/05-first/right/b.ts'] = undefined;
    };
    expect(problemsAfter(data)).toEqual([]);
  });
});

describe('copies', () => {
  const paragraph =
    'The loser saw the empty entry before it queued, and the lock did not make that old look any newer.';
  const rule = 'a text of a misconception stands in one place';

  it('names a paragraph that two exercises share, whatever its line breaks', () => {
    const copy = (files: Record<string, string | undefined>) => {
      files[hints] += `\n${paragraph}\n`;
      files['exercises/10-second/hints.md'] += `\n${paragraph.replace(' queued, ', '\nqueued, ')}\n`;
    };
    expect(problemsAfter(copy)).toEqual([`exercises/10-second/hints.md: ${rule}`]);
  });

  it('names a paragraph taken from a shared text', () => {
    const copy = (files: Record<string, string | undefined>) => {
      files['content/misconceptions/no-recheck.md'] += `\n${paragraph}\n`;
      files[hints] += `\n${paragraph}\n`;
    };
    expect(problemsAfter(copy)).toEqual([`${hints}: ${rule}`]);
  });

  it('names an id that has two texts', () => {
    const twice = (files: Record<string, string | undefined>) => {
      files[hints] += '\n## no-recheck\n\nAnother belief.\n\nAnother text.\n';
    };
    expect(problemsAfter(twice)).toEqual([`${hints}: ${rule}`]);
  });

  it('lets phrases and the same link stand', () => {
    const phrase = (files: Record<string, string | undefined>) => {
      for (const file of [hints, 'exercises/10-second/hints.md']) {
        files[file] +=
          '\n**Read.** [Can the lock enclose it?](/lessons/first/#the-rule-that-has-a-very-long-name-indeed)\n';
      }
    };
    expect(problemsAfter(phrase)).toEqual([]);
  });
});
