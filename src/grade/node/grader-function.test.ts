import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { graderFunction } from './grader-function.ts';

const made = (code: string) =>
  graderFunction(code, parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), '../submission.ts');

describe('a grader becomes a function', () => {
  test('that takes what it imports of the submission from it, each time', () => {
    const code =
      "import { test } from 'vitest';\nimport * as own from './exercise.ts';\nconst n = own.n;\ntest('x', {}, n);";
    expect(made(code)).toBe(`import { submissionExports } from "../submission.ts";
import { test } from 'vitest';
export default () => {
const own = submissionExports();
const n = own.n;
test('x', {}, n);
};
`);
  });

  test('by names, too', () => {
    expect(made("import { a, b as c } from './exercise.ts';")).toContain('const { a: a, b: c } = submissionExports();');
  });

  test('unless others could import something of it', () => {
    expect(() => made('export const a = 1;')).toThrow('a grader exports nothing');
  });
});
