import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Check, canonicalJson, normalise, outcomeOf, sha256Of, type Verdict, withoutNative } from './verdict.ts';

const check = (status: Check['status']): Check => ({ id: 'a', name: 'a', stage: 1, status });

describe('canonicalJson', () => {
  test('sorts keys by code unit, at every depth, and keeps the order of lists', () => {
    const unsorted = [
      ['é', 1],
      ['z', 2],
      ['B', 3],
    ];
    expect(canonicalJson({ b: 1, a: [Object.fromEntries(unsorted)], 10: 0, 9: 0 })).toBe(
      '{\n  "10": 0,\n  "9": 0,\n  "a": [\n    {\n      "B": 3,\n      "z": 2,\n      "é": 1\n    }\n  ],\n  "b": 1\n}\n',
    );
  });

  test('says what JSON.stringify says', () => {
    const value = { a: [1, 'é\n"', null, true, { b: {} }, []], c: 1e21 };
    expect(canonicalJson(value)).toBe(`${JSON.stringify(value, undefined, 2)}\n`);
  });

  test('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: [] })).toBe('{\n  "b": []\n}\n');
  });
});

describe('sha256Of', () => {
  test.each(['', 'abc', 'é∀😀\n', 'x'.repeat(1000)])('is what everybody else calls SHA-256: %j', (text) => {
    expect(sha256Of(text)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('is of the text with LF and without a byte order mark', () => {
    expect(sha256Of('\uFEFFa\r\nb\rc')).toBe(sha256Of('a\nb\nc'));
  });

  test('takes half a character, which no UTF-8 can hold', () => {
    expect(sha256Of('\uD800')).toBe(sha256Of('\uFFFD'));
  });
});

test('normalise keeps lines', () => {
  expect(normalise('a\r\nb\n\rc')).toBe('a\nb\n\nc');
});

describe('outcomeOf', () => {
  test.each([
    [['passed', 'passed'], 'passed'],
    [['passed', 'undecided'], 'failed'],
    [['failed', 'not run'], 'failed'],
    [['passed', 'hung'], 'stopped'],
    [[], 'failed'],
  ] as const)('%j is %s', (statuses, outcome) => {
    expect(outcomeOf(statuses.map(check))).toBe(outcome);
  });
});

test('withoutNative takes the exception’s own words away, and nothing else', () => {
  const verdict = { checks: [{ ...check('failed'), native: 'TypeError' }] } as unknown as Verdict;
  expect(withoutNative(verdict)).toEqual({ checks: [check('failed')] });
});
