import { expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import type { Verdict } from '#grade/verdict';
import { check, smallCourse, verdict } from '../fixtures.ts';
import { reportedProblems } from './reported.ts';

const catalogue = readCatalogue({
  ...smallCourse,
  'exercises/05-one-fault/exercise.test.ts': "test('One', { meta: { id: 'one', stage: 1 } }, () => {});\n'no-recheck';",
  'content/misconceptions/no-recheck.md': '---\ntitle: A lock removes the race.\n---\n\nIt does not.\n',
});
const answer = { exercise: 'one-fault', role: 'wrong', file: 'wrong/a.ts', source: '' } as const;
const advices = (result: Verdict) =>
  reportedProblems(catalogue, [{ answer, result: { verdict: result } }]).map(({ advice }) => advice);

it('finds nothing where checks and beliefs are those of the grader’s text', () => {
  expect(advices(verdict([check('one', 1, { status: 'failed', misconception: 'no-recheck' })]))).toEqual([]);
});

it.each([
  ['a check that no text declares', check('two', 1), /^The check "two" cannot be read off/],
  ['a check of another stage', check('one', 2), /^The check "one" cannot be read off/],
  ['a belief that has no number', check('one', 1, { misconception: 'late' }), /^"late" is named, but it has neither/],
])('finds %s', (_, found, advice) => {
  expect(advices(verdict([found]))).toEqual([expect.stringMatching(advice)]);
});
