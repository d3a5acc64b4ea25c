import { describe, expect, test } from 'vitest';
import { labTotal, type Report, summary, type Total, totalOf } from './totals.ts';

const file = (...tests: string[]) => ({
  status: tests.length > 0 && !tests.includes('failed') ? 'passed' : 'failed',
  assertionResults: tests.map((status) => ({ status })),
});
const report = (...files: ReturnType<typeof file>[]): Report => {
  const count = (status: string) => files.flatMap((f) => f.assertionResults).filter((t) => t.status === status).length;
  return { numPassedTests: count('passed'), numFailedTests: count('failed'), testResults: files };
};

describe('totalOf', () => {
  test('counts tests', () =>
    expect(totalOf(report(file('passed', 'failed'), file('passed')), 1)).toEqual({ passed: 2, failed: 1 }));
  test('counts a file that does not load', () =>
    expect(totalOf(report(file('passed'), file()), 1)).toEqual({ passed: 1, failed: 1 }));
  test('counts a run that left no report', () => expect(totalOf(undefined, 0)).toEqual({ passed: 0, failed: 1 }));
  test('counts a bad end without a failed test', () =>
    expect(totalOf(report(file('passed')), null)).toEqual({ passed: 1, failed: 1 }));
  test('counts a good run', () => expect(totalOf(report(file('passed')), 0)).toEqual({ passed: 1, failed: 0 }));
});

describe('labTotal', () => {
  const found = { agreed: ['a', 'b'], refused: [], notRecorded: ['c'] };
  test('counts those that agree, and not those that could not be recorded', () =>
    expect(labTotal(found, 0)).toEqual({ passed: 2, failed: 0 }));
  test('counts those that are refused', () =>
    expect(labTotal({ ...found, refused: ['d'] }, 1)).toEqual({ passed: 2, failed: 1 }));
  test('says why nothing was run', () =>
    expect(labTotal({ agreed: [], refused: [], notRecorded: [], skipped: 'no apt' }, 0)).toEqual({
      passed: 0,
      failed: 0,
      notRun: 'no apt',
    }));
  test('says that nothing could be recorded', () =>
    expect(labTotal({ ...found, agreed: [] }, 0)).toMatchObject({ failed: 0, notRun: expect.stringContaining('c') }));
  test('counts a run that left no report', () => expect(labTotal(undefined, 1)).toEqual({ passed: 0, failed: 1 }));
});

test('summary ends with the plain sum', () => {
  const stages = new Map<string, Total>([
    ['lint', { passed: 1, failed: 0 }],
    ['unit tests', { passed: 40, failed: 2 }],
    ['browser tests', { passed: 0, failed: 0, notRun: 'no browser' }],
  ]);
  expect(summary(stages).split('\n')).toEqual([
    '  lint           1 passed, 0 failed',
    '  unit tests     40 passed, 2 failed',
    '  browser tests  not run: no browser',
    '41 passed, 2 failed',
  ]);
});
