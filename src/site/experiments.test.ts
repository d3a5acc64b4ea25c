import { describe, expect, test } from 'vitest';
import { countOf, kindOf, traceOf } from './experiments.ts';

describe('experiments', () => {
  test.each([
    ['one-fault/nopage', 'livelock'],
    ['one-fault/first-touch', 'returned'],
    ['be-the-scheduler/lost-update', 'check'],
    ['reproduce-the-bug/one-thread', 'returned'],
    ['can-the-lock-enclose-it/lock-encloses', 'bug'],
    ['skip-the-duplicate/entry-left', 'livelock'],
    ['insert-pfn/no-lock', 'returned'],
    ['what-was-merged/one-fault-one-write', 'invariant'],
    ['what-was-merged/merged', 'returned'],
  ])('%s ends as its lesson says: %s', (id, kind) => expect(traceOf(id).ending.kind).toBe(kind));

  test('a violated rule is called by its name', () =>
    expect(kindOf('what-was-merged/one-fault-one-write')).toBe('live mapping'));
  test('the two loops of inserts run through each other', () =>
    expect(
      traceOf('insert-pfn/no-lock').steps.filter(({ switched }) => switched !== 'no').length,
    ).toBeGreaterThanOrEqual(2));

  test('counts are those of the literature', () => {
    expect(countOf('be-the-scheduler/lost-update', 'interleavings')).toBe('6');
    expect(countOf('be-the-scheduler/three-tasks', 'interleavings')).toBe('90');
  });

  test('what is unknown stops the build', () => {
    expect(() => traceOf('one-fault/nope')).toThrow('there is no experiment "one-fault/nope"');
    expect(() => countOf('one-fault/nopage', 'sheep')).toThrow('has no number of "sheep"');
  });
});
