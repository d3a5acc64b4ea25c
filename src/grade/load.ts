/** Runs a compiled submission and returns what it exports. Node and a browser's worker evaluate differently: that is given. */

import type { Use } from './compile/uses.ts';
import type { Compiled, Problem } from './compile.ts';
import { deepFreeze } from './freeze.ts';
import { nearest } from './nearest.ts';
import { sayUndeclared } from './undeclared.ts';
import { isMember, sayNoMember } from './unknown-members.ts';

/** What a submission's code tells the engine (src/explore/calls.ts). */
export interface Runtime {
  /** A generator function has been called. */
  called<G extends Generator>(name: string, generator: G, line?: number): G;
  /** A call stands in this line. */
  at<T>(line: number, value: T): T;
  /** A loop begins another round. */
  turn(line: number): void;
  /** A value is used for what it is (uses.ts). */
  readonly use: Readonly<Record<Use, <T>(line: number, value: T, written: string) => T>> & {
    /** Two names are compared. */
    pair(line: number, one: unknown, other: unknown, written: string, otherWritten: string): void;
  };
}

/** What a submission may import: module to name to value. */
export type ImportTable = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Evaluates an expression that begins on the first line of what is evaluated, in the realm of the engine, and returns its value.
 * In Node `(code) => runInThisContext(code, { filename: 'exercise.ts' })`; in a worker a script that assigns it.
 */
export type Evaluate = (expression: string) => unknown;

/** Thrown by `load` where the submission itself is at fault; the grade is `broken`. */
export class Refused extends Error {
  readonly errors: readonly Problem[];

  constructor(errors: readonly Problem[]) {
    super(errors.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
    this.name = 'Refused';
    this.errors = errors;
  }
}

type Arguments = Readonly<Record<(typeof parameters)[number], unknown>>;

const parameters = ['__require', '__at', '__called', '__steps', '__turn', '__use', '__freeze'] as const;

/**
 * A fresh module of the submission: its exports, frozen, without those that it misses.
 * Throws `Refused` for a name that no module has and for top-level values that can change; else what the file's own code throws.
 */
export function load(
  compiled: Compiled,
  runtime: Runtime,
  table: ImportTable,
  evaluate: Evaluate,
): Readonly<Record<string, unknown>> {
  refuseNames(compiled, table);
  const make = evaluate(asExpression(compiled.code)) as (
    this: undefined,
    ...values: unknown[]
  ) => Record<string, unknown>;
  const given: Arguments = {
    __require: (from: string) => table[from],
    __at: runtime.at,
    __called: runtime.called,
    __steps: stepsOf(runtime),
    __turn: runtime.turn,
    __use: runtime.use,
    __freeze: freeze,
  };
  return Object.freeze(make.call(undefined, ...parameters.map((name) => given[name])));
}

/** What cannot be had: an import of what no module has, a name that is nobody's, and a member that nothing has. */
function refuseNames({ imports, unknown, declared, members }: Compiled, table: ImportTable): void {
  const missing = imports.flatMap(({ from, name, at }) => {
    const names = Object.keys(table[from] ?? {});
    return names.includes(name) ? [] : [{ ...at, message: noSuchName(from, name, names) }];
  });
  const nobodys = unknown.map(({ name, at }) => ({ ...at, message: sayUndeclared(name, declared, table) }));
  const noMembers = members
    .filter(({ name }) => !isMember(name, table))
    .map(({ name, at }) => ({ ...at, message: sayNoMember(name) }));
  const problems = [...missing, ...nobodys, ...noMembers].sort((a, b) => a.line - b.line);
  if (problems.length) throw new Refused(problems);
}

/** One line in front of the learner's first would shift every line that a trace shows. */
function asExpression(code: string): string {
  return `(function (${parameters.join(', ')}) { ${code}\n})\n//# sourceURL=exercise.ts`;
}

/** A generator function that registers each of its calls. */
function stepsOf(runtime: Runtime) {
  return (name: string, line: number, real: (...values: unknown[]) => Generator) => {
    function steps(this: unknown, ...values: unknown[]): Generator {
      return runtime.called(name, real.apply(this, values), line);
    }
    return Object.defineProperties(steps, { name: { value: name }, length: { value: real.length } });
  };
}

function freeze(line: number, name: string, value: unknown): void {
  const found = deepFreeze(value, name);
  if (!found) return;
  const message = `${found.path} is a ${found.what}, which can change while the program runs. Move it into the function that uses it; plain objects and arrays are allowed here, and frozen.`;
  throw new Refused([{ line, message }]);
}

function noSuchName(from: string, name: string, names: readonly string[]): string {
  const guess = nearest(name, names);
  return `'${from}' has no \`${name}\`. ${guess ? `Did you mean \`${guess}\`?` : 'Look at its spelling.'}`;
}
