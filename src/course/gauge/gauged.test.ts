import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../catalogue.ts';
import { goodCourse } from '../fixtures.ts';
import { loadCatalogue, projectRoot } from '../node/course-files.ts';
import { type Gauged, gaugedIn, numberOfExercise } from './gauged.ts';
import { gaugeProblems } from './problems.ts';
import { reportOf } from './report.ts';

const grader = (...tests: string[]) =>
  ["import { variants } from './variants.ts';", 'chosen(variants);', ...tests].join('\n');
const first = "test('alone, at first', { meta: { id: 'alone', stage: 1 } }, () => {";
const second = "test('together', { meta: { id: 'together', stage: 2 } }, () => { 'no-recheck' });";
const courseWith = (text: string, more = {}) =>
  readCatalogue({ ...goodCourse, 'exercises/05-first/exercise.test.ts': text, ...more });

describe('what of an exercise is gauged', () => {
  const [gauged] = gaugedIn(courseWith(grader(first, second))) as [Gauged];

  it('are the checks that its grader declares', () => {
    expect(gauged).toMatchObject({ id: 'first', title: 'First' });
    expect(gauged.checks).toEqual([
      { id: 'alone', name: 'alone, at first', stage: 1 },
      { id: 'together', name: 'together', stage: 2 },
    ]);
  });

  it('are the beliefs of its wrong answers and of its own texts, and the shared ones that its grader names', () => {
    expect(gauged.misconceptions).toEqual([
      { id: 'no-recheck', belief: 'A lock removes the race.' },
      { id: 'tortoise-one', belief: 'Belief 1 of tortoise.' },
      { id: 'tortoise-two', belief: 'Belief 2 of tortoise.' },
    ]);
    const shared = { 'content/misconceptions/late.md': '---\ntitle: Late.\n---\n\nNo.\n' };
    const ids = (text: string) => gaugedIn(courseWith(text, shared))[0]?.misconceptions.map(({ id }) => id);
    expect(ids(grader(first, "bug: 'late'"))).toContain('late');
    expect(ids(grader(first, '// late'))).not.toContain('late');
  });

  it('is told by one number for each exercise of the course, whose checks can all be read off', async () => {
    const catalogue = await loadCatalogue(projectRoot);
    expect(gaugeProblems(catalogue)).toEqual([]);
    const all = gaugedIn(catalogue);
    expect(new Set(all.map(numberOfExercise)).size).toBe(all.length);
    expect(all.every(({ checks }) => checks.length > 0)).toBe(true);
  });
});

describe('a course whose codes would not do', () => {
  const rules = (text: string) => gaugeProblems(courseWith(text)).map(({ rule }) => rule);

  it('has a check that cannot be read off', () => {
    expect(rules(grader(first, second))).toEqual([]);
    expect(rules(grader(first, 'test(name, { meta }, () => {'))).toEqual([
      'a grader declares its checks so that they can be read off',
    ]);
  });

  it('has too many checks', () => {
    const many = Array.from({ length: 23 }, (_, at) => first.replace("'alone'", `'alone-${at}'`));
    expect(rules(grader(...many))).toEqual(['what an exercise reports fits into a code']);
  });

  it('has two exercises with one number', () => {
    const numbers = new Map<number, string>();
    let at = 0;
    let id = 'first';
    while (!numbers.has(numberOfExercise({ id }))) {
      numbers.set(numberOfExercise({ id }), id);
      at++;
      id = `another-${at}`;
    }
    const twin = numbers.get(numberOfExercise({ id }))!;
    const text = grader(first);
    const files = { [`exercises/50-${twin}/exercise.test.ts`]: text, [`exercises/55-${id}/exercise.test.ts`]: text };
    expect(gaugeProblems(courseWith(text, files))).toMatchObject([
      { file: `exercises/55-${id}`, rule: 'codes for the room tell exercises apart' },
    ]);
  });
});

describe('the report of a verdict', () => {
  const [gauged] = gaugedIn(courseWith(grader(first, second))) as [Gauged];

  it('has the state of each check, and the belief of the first that fails', () => {
    const checks = [
      { id: 'together', status: 'not run' },
      { id: 'alone', status: 'failed', misconception: 'no-recheck' },
    ] as const;
    const told = { exercise: 'first', who: 5, checks: ['failed', 'not run'], misconception: 'no-recheck' };
    expect(reportOf({ checks }, gauged, 5)).toEqual(told);
  });

  it('has no belief where none is named, and no check where none ran', () => {
    expect(reportOf({ checks: [{ id: 'alone', status: 'failed' }] }, gauged, 5)).not.toHaveProperty('misconception');
    expect(reportOf({ checks: [] }, gauged, 5)).toEqual({ exercise: 'first', who: 5, checks: ['not run', 'not run'] });
  });
});
