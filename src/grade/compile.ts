/**
 * How a submission becomes code, the same in the terminal and in the browser: types are stripped, what would make a verdict
 * unreliable is refused, and the calls that the engine listens to are written in. Every line stays where the learner wrote it.
 */

import MagicString from 'magic-string';
import { instrument } from './compile/instrument.ts';
import { type Import, link } from './compile/link.ts';
import { membersUsed } from './compile/members-used.ts';
import { type Problem, parse } from './compile/parse.ts';
import { refusals } from './compile/refuse.ts';
import { survey } from './compile/survey.ts';
import { type Unknown, unknownNames } from './compile/unknown.ts';
import { longestSubmission } from './verdict.ts';

export type { Import, Problem, Unknown };

export interface Compiled {
  /** The body of a function of `parameters` that returns the exports. */
  readonly code: string;
  /** Names of the values it exports, `default` among them. */
  readonly exports: readonly string[];
  readonly imports: readonly Import[];
  /** Names that neither the file declares nor the language. */
  readonly unknown: readonly Unknown[];
  readonly declared: readonly string[];
  /** Members that it reads and does not make itself. */
  readonly members: readonly Unknown[];
}

export interface CompileErrors {
  /** At least one, in the order of their lines. */
  readonly errors: readonly Problem[];
}

/** Compiles a submission, or says why not. Never throws. */
export function compile(source: string): Compiled | CompileErrors {
  if (source.length > longestSubmission) return { errors: [{ line: 1, message: TOO_LONG }] };
  try {
    return compileParsed(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { errors: [{ line: 1, message: 'Something in this file is nested too deeply to be read: split it.' }] };
  }
}

const TOO_LONG =
  'This file is too long to be read: a submission may have 500,000 characters. Is it the file that you meant?';

function compileParsed(source: string): Compiled | CompileErrors {
  const parsed = parse(source);
  if ('errors' in parsed) return parsed;
  const found = survey(parsed);
  const errors = refusals(parsed, found);
  if (errors.length) return { errors };
  const out = new MagicString(parsed.code);
  instrument(out, found);
  const { imports, exports } = link(out, parsed, found);
  const declared = [...found.declared];
  const [unknown, members] = [unknownNames(parsed, found), membersUsed(parsed, found)];
  return { code: out.toString(), exports, imports, unknown, declared, members };
}

/** The names of the values that a file exports; none for a file that does not compile. */
export function exportNames(source: string): readonly string[] {
  const compiled = compile(source);
  return 'errors' in compiled ? [] : compiled.exports;
}
