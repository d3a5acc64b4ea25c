/** Calls of generator functions, registered so that a forgotten `yield*` is found; rounds of loops likewise. */

import { describe, expect, test } from 'vitest';
import { at, called, registered, turn } from './calls.ts';
import { explore } from './explore.ts';
import { alone, type Everything, violationOf } from './fixtures/programs.ts';
import type { Steps } from './program.ts';
import { read, write } from './steps.ts';

const plainHelper = function* (w: Everything): Steps<number> {
  yield* write(w.x, 1);
  return yield* read(w.x);
};
const helper = registered('helper', plainHelper);
const faultOf = (body: (w: Everything) => Steps<unknown>) => {
  const { kind, message } = violationOf(alone(body));
  return `${kind}: ${message}`;
};
const holds = (body: (w: Everything) => Steps<unknown>) => expect(explore(alone(body)).verdict).toBe('holds');

describe('a forgotten yield*', () => {
  test('of a call whose value is dropped, kept or compared, by the next operation, by the return, or by a throw', () => {
    const message = 'forgotten yield: helper() is called without yield*, so it never ran';
    expect(
      faultOf(function* (w) {
        helper(w);
        yield* read(w.x);
      }),
    ).toBe(message);
    expect(
      faultOf(function* (w) {
        yield* read(w.x);
        helper(w);
      }),
    ).toBe(message);
    expect(
      faultOf(function* (w) {
        yield* read(w.x);
        return helper(w);
      }),
    ).toBe(message);
    expect(
      faultOf(function* (w) {
        yield* read(w.x);
        (helper(w) as never as { no(): void }).no();
      }),
    ).toBe(message);
  });

  test('names the line, where the compile step has told it', () => {
    const body = function* (w: Everything) {
      at(12, helper(w));
      yield* read(w.x);
    };
    expect(faultOf(body)).toBe('forgotten yield: helper() in line 12 is called without yield*, so it never ran');
  });

  test('a yield without its star, registered or not', () => {
    expect(
      faultOf(function* (w) {
        yield helper(w) as never;
      }),
    ).toContain('helper() follows a yield without its star');
    expect(
      faultOf(function* (w) {
        yield read(w.x) as never;
      }),
    ).toContain('a yield without its star: write yield*');
  });

  test('one call started twice', () => {
    const body = function* (w: Everything) {
      const call = helper(w);
      yield* call;
      yield* call;
    };
    expect(faultOf(body)).toContain('helper() is started twice: call the function again for each yield*');
  });
});

describe('no forgotten yield', () => {
  test('a call that is started later, before the next operation', () => {
    holds(function* (w) {
      const call = helper(w);
      return (yield* call) + 1;
    });
  });

  test('a body that is itself a registered call', () => holds((w) => helper(w)));

  const numbers = registered('numbers', function* (): Generator<number> {
    yield 1;
    yield 2;
  });

  test('a generator driven by hand, by for…of, by spreading, or behind an iterable', () => {
    const driven = numbers();
    expect([driven.next().value, driven.next().value]).toEqual([1, 2]);
    holds(function* (w) {
      const byHand = numbers();
      for (let next = byHand.next(); !next.done; next = byHand.next()) yield* write(w.x, next.value);
      for (const each of numbers()) yield* write(w.x, each);
      for (const each of { [Symbol.iterator]: () => numbers() }) yield* write(w.x, each);
      return [...numbers()];
    });
  });
});

test('a registered function gives the generator itself, with its arguments', () => {
  const sum = registered('sum', function* (one: number, other: number): Steps<number> {
    return one + other;
  });
  expect(sum(1, 2).next()).toEqual({ done: true, value: 3 });
  expect(called('any', sum(1, 2))).toBeInstanceOf(Object);
  expect(at(1, 'a value')).toBe('a value');
});

test('a loop of a million rounds without an operation has no end; operations begin a new count', () => {
  const rounds = (count: number, line: number) => {
    for (let round = 0; round < count; round++) turn(line);
  };
  expect(
    faultOf(function* () {
      rounds(1_000_000, 4);
    }),
  ).toBe('endless loop: the loop in line 4 ran 1000000 rounds without an operation');
  holds(function* (w) {
    rounds(600_000, 4);
    yield* read(w.x);
    rounds(600_000, 5);
  });
});
