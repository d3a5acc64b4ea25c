import { describe, expect, it } from 'vitest';
import { coverageOf, whatItProves } from './coverage.ts';
import type { LabEvent } from './recording.ts';

const events = (...names: string[]): LabEvent[] =>
  names.map((each): LabEvent => {
    const [thread = '', name = '', text] = each.split(' ');
    return [thread, name, text === undefined ? {} : { text }];
  });

const ONE_BY_ONE = events('T0 mark iter=1', 'T0 pte_none_seen', 'T0 fault_out', 'T1 pte_none_seen', 'T1 fault_out');
const AT_ONCE = events('T0 mark iter=2', 'T0 pte_none_seen', 'T1 pte_none_seen', 'T0 fault_out', 'T1 fault_out');

describe('coverageOf', () => {
  it('counts the iterations in which two faults were under way at once', () => {
    expect(coverageOf([...ONE_BY_ONE, ...AT_ONCE])).toEqual({ iterations: 2, contended: 1 });
  });

  it('does not carry a fault into the next iteration', () => {
    const dead = events('T0 mark iter=1', 'T0 pte_none_seen', 'T0 mark iter=2', 'T1 pte_none_seen');
    expect(coverageOf(dead).contended).toBe(0);
  });

  it('counts a fault that meets a zap', () => {
    expect(coverageOf(events('T0 mark iter=1', 'T0 zaplock_in', 'T1 pte_none_seen')).contended).toBe(1);
  });

  it('finds nothing in an empty trace', () => {
    expect(coverageOf([])).toEqual({ iterations: 0, contended: 0 });
  });
});

describe('whatItProves', () => {
  const quiet = { iterations: 10, contended: 0, bug: false, stale: 0 };

  it('concludes nothing from threads that never met', () => {
    expect(whatItProves(quiet)).toMatch(/^This run proves nothing/);
  });
  it('takes silence for evidence where they met', () => {
    expect(whatItProves({ ...quiet, contended: 3 })).toMatch(/met in 3 of 10 iterations.*evidence, not proof/);
  });
  it('needs no more than a BUG, or a mapping that outlived the zap', () => {
    expect(whatItProves({ ...quiet, bug: true })).toMatch(/^The kernel stopped/);
    expect(whatItProves({ ...quiet, stale: 1 })).toMatch(/^A mapping outlived the zap/);
  });
});
