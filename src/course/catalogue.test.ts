import { describe, expect, it } from 'vitest';
import {
  type CourseFiles,
  findExercise,
  findLesson,
  findMisconception,
  formatProblem,
  nearestExercises,
  readCatalogue,
} from './catalogue.ts';
import { countWords, parseNumberedName, readingMinutes } from './lesson.ts';

const lesson = (title: string, prerequisites = '[]') =>
  `---\ntitle: ${title}\npart: 1\nminutes: [5, 10]\ntried: false\nprerequisites: ${prerequisites}\nobjectives: [one]\n---\nText.\n`;

const exerciseFiles = (folder: string): CourseFiles => ({
  [`${folder}/exercise.ts`]: 'starter',
  [`${folder}/exercise.test.ts`]: 'grader',
  [`${folder}/solution.ts`]: 'solution',
  [`${folder}/variants.ts`]: 'variants',
  [`${folder}/right/b.ts`]: 'b',
  [`${folder}/right/a.ts`]: 'a',
  [`${folder}/wrong/one.ts`]: '// misconception: early-unlock\ncode',
  [`${folder}/hints.md`]: '## Hint 1\nx\n\n## early-unlock\nThe list is done.\n\nWhy not.',
});

const course: CourseFiles = {
  'content/lessons/10-second.mdx': lesson('Second', '[first]'),
  'content/lessons/05-first.mdx': lesson('First'),
  'content/glossary/pte.md': '---\nterm: PTE\naliases: [page-table entry]\n---\nAn entry.',
  'content/misconceptions/no-recheck.md': '---\ntitle: A lock removes the race\n---\nIt does not.',
  ...exerciseFiles('exercises/05-first'),
  ...exerciseFiles('exercises/10-second'),
  'exercises/tsconfig.json.ts': 'not in a folder of its own',
};

describe('readCatalogue', () => {
  const catalogue = readCatalogue(course);

  it('orders lessons and exercises by number', () => {
    expect(catalogue.problems).toEqual([]);
    expect(catalogue.lessons.map(({ id, number, title }) => ({ id, number, title }))).toEqual([
      { id: 'first', number: 5, title: 'First' },
      { id: 'second', number: 10, title: 'Second' },
    ]);
    expect(catalogue.exercises.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(findLesson(catalogue, 'second')?.prerequisites).toEqual(['first']);
  });

  it('reads the parts of an exercise', () => {
    const exercise = findExercise(catalogue, 'first');
    expect(exercise?.starter).toEqual({ file: 'exercises/05-first/exercise.ts', text: 'starter' });
    expect(exercise?.right.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(exercise?.wrong.map(({ misconception }) => misconception)).toEqual(['early-unlock']);
    expect(exercise?.hints).toEqual(['x']);
  });

  it('reads the glossary', () => {
    expect(catalogue.terms).toMatchObject([{ id: 'pte', term: 'PTE', aliases: ['page-table entry'], bodyLine: 5 }]);
  });

  it("finds a misconception's text in the exercise first, then among the shared ones", () => {
    const exercise = findExercise(catalogue, 'first');
    if (!exercise) throw new Error('no exercise');
    expect(findMisconception(catalogue, exercise, 'early-unlock')?.belief).toBe('The list is done.');
    expect(findMisconception(catalogue, exercise, 'no-recheck')?.belief).toBe('A lock removes the race');
    expect(findMisconception(catalogue, exercise, 'unknown')).toBeUndefined();
  });

  it('suggests ids, also for the name of a folder', () => {
    expect(nearestExercises(catalogue, 'frist')).toEqual(['first']);
    expect(nearestExercises(catalogue, '10-second')).toEqual(['second']);
    expect(findExercise(catalogue, 'frist')).toBeUndefined();
  });
});

describe('what is wrong with a course', () => {
  const problemsOf = (changes: Record<string, string | undefined>) => {
    const files = Object.entries({ ...course, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return readCatalogue(Object.fromEntries(files)).problems.map(({ file, rule }) => `${file}: ${rule}`);
  };

  it('names a missing file', () => {
    expect(problemsOf({ 'exercises/05-first/hints.md': undefined })).toEqual([
      'exercises/05-first/hints.md: an exercise has its hints.md',
    ]);
  });

  it('names a lesson or folder that has no number', () => {
    expect(problemsOf({ 'content/lessons/second.mdx': lesson('x') })[0]).toMatch(/^content.*second.mdx: .*NN-id/);
    expect(problemsOf({ 'exercises/Third/exercise.ts': '' })[0]).toMatch(/^exercises\/Third: .*NN-id/);
  });

  it('names an id or a number taken twice', () => {
    expect(problemsOf({ 'content/lessons/15-first.mdx': lesson('x') })).toEqual([
      'content/lessons/15-first.mdx: numbers and ids are unique',
    ]);
    expect(problemsOf({ 'content/lessons/10-other.mdx': lesson('x') })).toHaveLength(1);
  });

  it('names a wrong answer without a misconception', () => {
    expect(problemsOf({ 'exercises/05-first/wrong/two.ts': 'code' })).toEqual([
      'exercises/05-first/wrong/two.ts: a wrong answer names its misconception in its first line',
    ]);
  });

  it('names a field that a lesson lacks', () => {
    expect(problemsOf({ 'content/lessons/05-first.mdx': lesson('First').replace('part: 1\n', '') })).toEqual([
      'content/lessons/05-first.mdx: front matter has `part`: a whole number from 1 up',
    ]);
  });
});

describe('parseNumberedName', () => {
  it('splits number and id', () => expect(parseNumberedName('05-one-fault')).toEqual({ number: 5, id: 'one-fault' }));
  it.each(['one-fault', '5-x', '05_x', '05-', '05-X', '05-a--b'])('refuses %s', (name) => {
    expect(parseNumberedName(name)).toBeUndefined();
  });
});

describe('countWords', () => {
  it('counts prose, not code, tags or imports', () => {
    const text =
      'import X from "./x";\n\nTwo words <Term id="pte">PTE</Term>.\n\n```ts\nconst a = 1;\n```\n\nvma_lock isn’t it.';
    expect(countWords(text)).toBe(6);
  });
});

describe('readingMinutes', () => {
  const words = (count: number) => 'word '.repeat(count);
  const prediction = (count: number) =>
    `<Prediction id="a/b" question="${words(count)}" options={[{ key: 'c', text: '${words(count)}', reason: '${words(count)}' }]} />`;
  it('counts prose at its speed, never less than a minute', () => {
    expect(readingMinutes(words(720))).toBe(4);
    expect(readingMinutes('')).toBe(1);
  });
  it('counts what a prediction asks and answers, and the time to decide and to step through an experiment', () =>
    expect(readingMinutes(`${prediction(120)}\n\n<Experiment id="a/b" />`)).toBe(4));
});

describe('formatProblem', () => {
  it('names the place, the rule and what to do', () => {
    expect(formatProblem({ file: 'a.md', line: 3, rule: 'a rule', advice: 'Do\nthis.' })).toBe(
      'a.md:3: a rule\n    Do\n    this.',
    );
    expect(formatProblem({ file: 'a.md', rule: 'a rule', advice: 'Do.' })).toBe('a.md: a rule\n    Do.');
  });
});
