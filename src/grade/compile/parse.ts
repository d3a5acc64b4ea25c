/** From the learner's text to a syntax tree: types stripped, lines kept. */

import { type Node, type Position, type Program, parse as parseJavaScript } from 'acorn';
import { transform } from 'sucrase';
import { directiveIn } from './c-habits.ts';
import { explainSyntax, unbalanced } from './syntax.ts';

/** What stops a submission. Lines and columns count from 1; a column is there only where it is the learner's own. */
export interface Problem {
  readonly line: number;
  readonly column?: number;
  /** What is wrong and what to do, in plain English. */
  readonly message: string;
}

export interface Parsed {
  /** As the learner wrote it, with LF line ends and without a byte order mark. */
  readonly source: string;
  /** The same without its types: each line where it was. */
  readonly code: string;
  readonly program: Program;
  /** The problem at a place of `code`, told in the learner's lines and columns. */
  problemAt(place: Node | Position, message: string): Problem;
}

/** Strips the types and parses the rest. */
export function parse(text: string): Parsed | { readonly errors: readonly Problem[] } {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const parsed = parseSource(source);
  const directive = 'errors' in parsed ? directiveIn(source) : undefined;
  return directive ? { errors: [directive] } : parsed;
}

function parseSource(source: string): Parsed | { readonly errors: readonly Problem[] } {
  const stripped = strip(source);
  if (typeof stripped !== 'string') return { errors: [stripped] };
  // A file that starts with "#!" must not after the wrapper's first line has been put before it.
  const code = stripped.replace(/^#!/, '//');
  const locate = locator(source, code);
  const problemAt = (place: Node | Position, message: string): Problem => ({ ...locate(startOf(place)), message });
  try {
    const program = parseJavaScript(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
    return { source, code, program, problemAt };
  } catch (error) {
    if (!isSyntaxError(error)) throw error;
    return { errors: [problemAt(error.loc, explainSyntax(error.message, code, error.pos))] };
  }
}

function strip(source: string): string | Problem {
  try {
    // Unused imports are kept, so that a forbidden one is seen even where nothing uses it.
    return transform(source, { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true }).code;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    if (!isSyntaxError(error)) return { line: lineThatConfuses(source), message: unbalanced };
    return { line: error.loc.line, column: error.loc.column, message: explainSyntax(error.message, source, error.pos) };
  }
}

/** Sucrase loses count over a bracket too many inside a template string, and says nothing of where: the least it fails for. */
function lineThatConfuses(source: string): number {
  const lines = source.split('\n');
  let [clear, confused] = [0, lines.length];
  while (confused - clear > 1) {
    const middle = (clear + confused) >> 1;
    if (confuses(lines.slice(0, middle).join('\n'))) confused = middle;
    else clear = middle;
  }
  return confused;
}

function confuses(source: string): boolean {
  try {
    transform(source, { transforms: ['typescript'] });
    return false;
  } catch (error) {
    return !isSyntaxError(error);
  }
}

interface SyntaxProblem {
  readonly message: string;
  readonly pos: number;
  readonly loc: Position;
}

function isSyntaxError(error: unknown): error is SyntaxProblem {
  return error instanceof Error && 'pos' in error && 'loc' in error;
}

const startOf = (place: Node | Position) => ('line' in place ? place : (place.loc?.start ?? { line: 1, column: 0 }));

/** Stripping keeps lines, not columns: a column is the learner's own where the line is unchanged up to it. */
function locator(source: string, code: string): (place: Position) => { line: number; column?: number } {
  const written = source.split('\n');
  const stripped = code.split('\n');
  return ({ line, column }) => {
    const upTo = (lines: string[]) => lines[line - 1]?.slice(0, column + 1);
    return upTo(written) === upTo(stripped) ? { line, column: column + 1 } : { line };
  };
}
