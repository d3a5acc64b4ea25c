import { describe, expect, test } from 'vitest';
import type { Trace, TraceStep } from '#explore';
import { lanesOf } from './lanes.ts';

const step = (task: string, operation: string, more: Partial<TraceStep> = {}): TraceStep => ({
  task,
  operation,
  stack: [],
  plain: [],
  locks: [],
  switched: 'no',
  blocked: [],
  ...more,
});
const trace = (...steps: TraceStep[]): Trace => ({ program: 'p', schedule: '', steps, ending: { kind: 'returned' } });
const railsOf = (of: Trace, lane: number) =>
  lanesOf(of).rows.map(({ cells }) =>
    cells[lane]!.rails.map((rail) => (rail ? `${rail.lock} ${rail.part}` : '')).join(', '),
  );

describe('lanesOf', () => {
  test('gives each task a lane, those who only wait too', () => {
    const blocked = [{ task: 'C', lock: 'l', heldBy: ['B'] }];
    expect(lanesOf(trace(step('B', 'x'), step('A', 'y', { blocked }))).tasks).toEqual(['A', 'B', 'C']);
  });

  test('draws a lock from the step that takes it to the step that lets it go', () => {
    const steps = [
      step('A', 'x', { locks: ['l'] }),
      step('B', 'y'),
      step('A', 'z', { locks: ['l', 'm'] }),
      step('A', 'u', { locks: ['m'] }),
    ];
    expect(railsOf(trace(...steps), 0)).toEqual(['l start', 'l through', 'l through, m start', 'l end, m through']);
    expect(lanesOf(trace(...steps)).rails).toEqual([2, 0]);
  });

  test('gives a free place to the next lock, but not within the step that frees it', () => {
    const steps = [
      step('A', 'x', { locks: ['l'] }),
      step('A', 'y', { locks: ['m'] }),
      step('A', 'z', { locks: ['m', 'n'] }),
    ];
    expect(railsOf(trace(...steps), 0)).toEqual(['l start', 'l end, m start', 'n start, m through']);
  });

  test('says once that a task begins to wait', () => {
    const blocked = [{ task: 'A', lock: 'l', heldBy: ['B'] }];
    const waits = lanesOf(trace(step('A', 'x'), step('B', 'y', { blocked }), step('B', 'z', { blocked }))).rows.map(
      ({ cells }) => cells[0]!.wait?.begins,
    );
    expect(waits).toEqual([undefined, true, false]);
  });

  test('names a function and a line where they change, task by task', () => {
    const inside = (name: string, line?: number) => ({
      stack: [{ function: 'lock' }, { function: name, ...(line ? { line } : {}) }],
    });
    const rows = lanesOf(
      trace(
        step('A', 'lock(l)', inside('f', 3)),
        step('B', 'lock(m)', inside('f', 3)),
        step('A', 'lock(n)', inside('f', 3)),
      ),
    ).rows;
    expect(rows.map(({ enters, line }) => [enters?.function, line])).toEqual([
      ['f', 3],
      ['f', 3],
      [undefined, undefined],
    ]);
  });

  test('knows where a switch comes from', () =>
    expect(lanesOf(trace(step('A', 'x'), step('B', 'y'), step('B', 'z'))).rows.map(({ from }) => from)).toEqual([
      undefined,
      0,
      undefined,
    ]));
});
