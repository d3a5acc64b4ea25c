import { describe, expect, test } from 'vitest';
import { exploredText, soFarText, tellsStates } from './explored.ts';
import type { Check, Explored, Verdict } from './verdict.ts';

const check = (explored: Partial<Explored> | undefined, more: Partial<Check> = {}): Check => ({
  id: 'a',
  name: 'a',
  stage: 1,
  status: 'passed',
  ...(explored ? { explored: { engine: 'graph', complete: true, ...explored } } : {}),
  ...more,
});
const trace = { program: 'p', schedule: 'A', steps: [], ending: { kind: 'bug' } } as const;

test.each([
  ['', { states: 0 }],
  ['1,234 states', { states: 1234 }],
  ['at least 3,052 interleavings, 812 states', { states: 812, interleavings: 3052 }],
  ['at least 2.3 × 10²⁵ interleavings, 9,000 states', { states: 9000, interleavings: 2.345e25 }],
])('soFarText: %s', (text, looked) => expect(soFarText(looked)).toBe(text));

describe('exploredText', () => {
  test.each<[string | undefined, Partial<Explored> | undefined]>([
    ['all 1,234 interleavings', { interleavings: '1234', states: 9 }],
    ['the only interleaving', { interleavings: '1' }],
    ['both interleavings', { interleavings: '2' }],
    ['all 2.3 × 10¹⁶ interleavings', { interleavings: '23456789012345678' }],
    ['all 123,456,789 interleavings', { interleavings: '123456789' }],
    ['all 840 states', { states: 840 }],
    ['all 12 executions', { executions: 12 }],
    ['all 840 states and 1 execution of 3 programs', { states: 840, executions: 1, programs: 3 }],
    ['all 2 states of 2 programs', { states: 2, programs: 2 }],
    ['840 states looked at', { states: 840, complete: false }],
    [
      '840 states and 12 executions of 2 programs looked at',
      { states: 840, executions: 12, programs: 2, complete: false },
    ],
    [undefined, {}],
    [undefined, undefined],
  ])('%s', (text, explored) => expect(exploredText(check(explored))).toBe(text));

  test('says what an exercise asked for', () => {
    expect(exploredText(check({ interleavings: '9' }, { trace }))).toBe('found among all 9 interleavings');
    expect(exploredText(check({ states: 9, complete: false }, { trace }))).toBe('found among 9 states');
    expect(exploredText(check({ states: 9, complete: false }, { trace, status: 'failed' }))).toBe('9 states looked at');
  });
});

test('tellsStates', () => {
  const of = (explored: Partial<Explored>) => tellsStates({ checks: [check(explored)] } as unknown as Verdict);
  expect(of({ states: 9 })).toBe(true);
  expect(of({ states: 9, executions: 3 })).toBe(true);
  expect(of({ states: 9, interleavings: '3' })).toBe(false);
  expect(of({ executions: 3 })).toBe(false);
  expect(of({ states: 9, complete: false })).toBe(false);
});
