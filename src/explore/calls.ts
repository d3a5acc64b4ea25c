/**
 * Calls of generator functions, so that a forgotten `yield*` is found, and rounds of loops, so that an endless one is.
 *
 * Bodies run one at a time and to their next operation, so what is open here always belongs to the body that runs now.
 */

import { Fault } from './fault.ts';

const MAX_ROUNDS = 1_000_000;

/** A call of a generator function, in the place of the generator, until `yield*` or a call of `next` starts it. */
class Call<T, R, N> {
  readonly name: string;
  line: number | undefined;
  started = false;
  readonly #generator: Generator<T, R, N>;

  constructor(name: string, generator: Generator<T, R, N>, line: number | undefined) {
    this.name = name;
    this.#generator = generator;
    this.line = line;
  }

  [Symbol.iterator](): Generator<T, R, N> {
    if (this.started) {
      const message = `${where(this)} is started twice: call the function again for each yield*`;
      throw new Fault('forgotten yield', message);
    }
    this.started = true;
    return this.#generator;
  }

  next(...result: [] | [N]): IteratorResult<T, R> {
    this.started = true;
    return this.#generator.next(...result);
  }

  return(value: R): IteratorResult<T, R> {
    return this.#generator.return(value);
  }

  throw(error: unknown): IteratorResult<T, R> {
    return this.#generator.throw(error);
  }

  get [Symbol.toStringTag](): string {
    return 'Generator';
  }
}

type AnyCall = Call<unknown, unknown, unknown>;

const isCall = (value: unknown): value is AnyCall => value instanceof Call;

let unstarted: AnyCall[] = [];
let rounds = 0;

/** Registers the call of a generator function; `yield*`, a `for…of` or a call of `next` starts it. */
export function called<G extends Generator>(name: string, generator: G, line?: number): G {
  if (isCall(generator)) return generator; // handed on by a function that is registered too
  const call: AnyCall = new Call(name, generator, line);
  unstarted.push(call);
  return call as unknown as G;
}

/** Tells a registered call where it stands. Returns the value as it came. */
export function at<T>(line: number, value: T): T {
  if (isCall(value) && !value.started) value.line = line;
  return value;
}

/** The function, with each of its calls registered. */
export function registered<F extends (...args: never[]) => Generator>(name: string, call: F): F {
  const wrapper = (...args: Parameters<F>) => called(name, call(...args));
  return wrapper as unknown as F;
}

/** One round of a loop. Throws when a million have passed since the task's last operation. */
export function turn(line: number): void {
  if (++rounds < MAX_ROUNDS) return;
  rounds = 0;
  throw new Fault('endless loop', `the loop in line ${line} ran ${MAX_ROUNDS} rounds without an operation`);
}

/** A body starts or goes on: nothing is open yet. */
export function beginRun(): void {
  unstarted = [];
  rounds = 0;
}

/** The fault of a run that has called a generator function and not started it. */
export function forgottenCall(): Fault | undefined {
  const call = unstarted.find((each) => !each.started);
  return call && new Fault('forgotten yield', `${where(call)} is called without yield*, so it never ran`);
}

/** The fault of a body that yielded what is no operation. */
export function notAnOperation(value: unknown): Fault {
  if (isCall(value))
    return new Fault('forgotten yield', `${where(value)} follows a yield without its star: write yield*`);
  if (Object.prototype.toString.call(value) === '[object Generator]') {
    return new Fault('forgotten yield', 'a yield without its star: write yield*');
  }
  return new Fault(
    'exception',
    `the body yielded ${String(value)}, which is no operation: write yield* and call a function of the course`,
  );
}

const where = (call: AnyCall) => (call.line === undefined ? `${call.name}()` : `${call.name}() in line ${call.line}`);
