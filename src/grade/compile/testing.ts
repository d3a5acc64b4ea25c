/** What the tests of the compiler share: a fake runtime that writes down what it is told. */

import { type Compiled, compile } from '../compile.ts';
import { type Evaluate, load, type Runtime } from '../load.ts';

export const linux = {
  ENOMEM: 12,
  double: (x: number) => 2 * x,
  *acquire(name: string): Generator {
    return yield `lock ${name}`;
  },
};
export const table = { '#linux': linux, '#explore': {} };

export function compiled(source: string): Compiled {
  const result = compile(source);
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  // Their objects have what members they like.
  return { ...result, members: [] };
}

export interface Log extends Runtime {
  /** Name and line of each call of a generator function. */
  readonly calls: [string, number | undefined][];
  /** Lines in which a call's value came by. */
  readonly lines: number[];
  readonly turns: number[];
  /** The line that each generator was last seen in. */
  readonly lineOf: Map<unknown, number>;
}

export function logging(): Log {
  const log = {
    calls: [] as Log['calls'],
    lines: [] as number[],
    turns: [] as number[],
    lineOf: new Map<unknown, number>(),
  };
  return {
    ...log,
    called(name, generator, line) {
      log.calls.push([name, line]);
      return generator;
    },
    at(line, value) {
      log.lines.push(line);
      log.lineOf.set(value, line);
      return value;
    },
    use: { value: asItCame, number: asItCame, test: asItCame, each: asItCame, object: asItCame, pair() {} },
    turn(line) {
      if (log.turns.push(line) > 10_000) throw new Error(`endless loop in line ${line}`);
    },
  };
}

const asItCame = <T>(_line: number, value: T) => value;

/** Compiles and loads. */
export const runner =
  (evaluate: Evaluate) =>
  (source: string, runtime: Runtime = logging()) =>
    load(compiled(source), runtime, table, evaluate);

/** What running `result` to its end shows: everything yielded, and what is returned or thrown. */
export function observed(result: unknown): unknown[] {
  const seen: unknown[] = [];
  try {
    const value = typeof result === 'function' ? result(3) : result;
    if (!isGenerator(value)) return [value];
    for (let next = value.next(); ; next = value.next(seen.length)) {
      seen.push(isGenerator(next.value) ? 'a generator' : next.value);
      if (next.done || seen.length > 200) return seen;
    }
  } catch (error) {
    return [...seen, `threw ${error}`];
  }
}

export const isGenerator = (value: unknown): value is Generator =>
  Object.prototype.toString.call(value) === '[object Generator]';
