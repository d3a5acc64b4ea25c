import { describe, expect, test } from 'vitest';
import { contentionOf } from './coverage.ts';
import type { RecordedEvent } from './recording.ts';

const events = (...names: string[]): RecordedEvent[] =>
  names.map((each): RecordedEvent => {
    const [thread = '', name = '', text] = each.split(' ');
    return [thread, name, text === undefined ? {} : { text }];
  });

const ONE_BY_ONE = events('T0 mark iter=1', 'T0 pte_none_seen', 'T0 fault_out', 'T1 pte_none_seen', 'T1 fault_out');
const AT_ONCE = events('T0 mark iter=2', 'T0 pte_none_seen', 'T1 pte_none_seen', 'T0 fault_out', 'T1 fault_out');

describe('contentionOf', () => {
  test('counts the iterations in which two faults were under way at once', () => {
    expect(contentionOf([...ONE_BY_ONE, ...AT_ONCE])).toEqual({ iterations: 2, contended: 1 });
  });

  test('does not carry a fault into the next iteration', () => {
    const dead = events('T0 mark iter=1', 'T0 pte_none_seen', 'T0 mark iter=2', 'T1 pte_none_seen');
    expect(contentionOf(dead).contended).toBe(0);
  });

  test('counts a fault that meets a zap', () => {
    expect(contentionOf(events('T0 mark iter=1', 'T0 zaplock_in', 'T1 pte_none_seen')).contended).toBe(1);
  });

  test('finds nothing in an empty trace', () => {
    expect(contentionOf([])).toEqual({ iterations: 0, contended: 0 });
  });
});
