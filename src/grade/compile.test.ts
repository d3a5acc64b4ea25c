import { describe, expect, it } from 'vitest';
import { compile, exportNames } from './compile.ts';
import { longestSubmission, submissionHash } from './verdict.ts';

describe('exportNames', () => {
  it.each([
    ['export const a = 1, { b, c: [d] } = x; export function* e() {} export class F {}', ['a', 'b', 'd', 'e', 'F']],
    ['export type T = 1; export interface I {} type U = 2; export type { U };', []],
    ["const a = 1; export { a as b }; export { double } from '#linux'; export default a;", ['b', 'double', 'default']],
    ['export const a = ', []],
  ])('%s', (source, names) => expect(exportNames(source)).toEqual(names));
});

describe('a file that nothing can read', () => {
  it('is a problem, not a crash', () => {
    const deep = `export const a = ${'('.repeat(50_000)}1${')'.repeat(50_000)};`;
    expect(compile(deep)).toEqual({ errors: [{ line: 1, message: expect.stringContaining('nested too deeply') }] });
  });

  it('is refused for its length before anything reads it', () => {
    const long = { errors: [{ line: 1, message: expect.stringContaining('too long to be read') }] };
    expect(compile(' '.repeat(longestSubmission))).not.toEqual(long);
    expect(compile(' '.repeat(longestSubmission + 1))).toEqual(long);
    expect(submissionHash('x'.repeat(longestSubmission + 1))).toBe(submissionHash(''));
  });
});
