import { describe, expect, test } from 'vitest';
import { positionAfter } from '#explore';
import { puzzles } from '../experiments/puzzles.ts';
import { explorationOf, kindOf, traceOf } from '../experiments.ts';
import { begun, compareCost, type Goal, isBetter, moved, scoreOf, standingAt, wentTo } from './game.ts';

describe('moves', () => {
  const three = ['A', 'B', 'A'].reduce(moved, begun);

  test('can be taken back, and made again', () => {
    expect(wentTo(three, 1)).toEqual({ moves: ['A', 'B', 'A'], at: 1 });
    expect(wentTo(wentTo(three, 1), 3)).toEqual(three);
    expect([wentTo(three, -1).at, wentTo(three, 9).at]).toEqual([0, 3]);
  });

  test('another choice drops what was taken back', () =>
    expect(moved(wentTo(three, 1), 'C')).toEqual({ moves: ['A', 'C'], at: 2 }));
});

describe('a score', () => {
  const of = (preemptions: number, switches: number, steps: number) => ({ preemptions, switches, steps });

  test('counts a preemption as a switch too', () =>
    expect(scoreOf([{ switched: 'no' }, { switched: 'preemption' }, { switched: 'switch' }])).toEqual(of(1, 2, 3)));

  test('is ordered by preemptions, then switches, then steps', () => {
    const inOrder = [of(0, 5, 90), of(1, 1, 50), of(1, 2, 10), of(1, 2, 11)];
    expect([...inOrder].reverse().sort(compareCost)).toEqual(inOrder);
  });

  test('is better if it is less; where nothing can break, if it has more switches', () => {
    expect(isBetter('bug', of(1, 2, 3), undefined)).toBe(true);
    expect(isBetter('bug', of(1, 2, 3), of(1, 2, 3))).toBe(false);
    expect(isBetter('bug', of(1, 2, 3), of(1, 3, 3))).toBe(true);
    expect(isBetter('holds', of(9, 9, 9), of(0, 8, 9))).toBe(true);
    expect(isBetter('holds', of(0, 8, 8), of(0, 8, 9))).toBe(false);
  });
});

describe('puzzles', () => {
  const play = (id: string, schedule: string) => positionAfter(puzzles[id]!.program(), schedule);

  test.each([
    ['reproduce-the-bug/by-hand', 'bug'],
    ['can-the-lock-enclose-it/by-hand', 'bug'],
    ['skip-the-duplicate/by-hand', 'warning'],
    ['insert-pfn/by-hand', 'use after free'],
    ['what-was-merged/by-hand', 'deadlock'],
    ['on-the-real-kernel/by-hand', 'bug'],
  ] as const)('%s: the checker’s shortest way reaches %s, and no step before its last does', (id, goal) => {
    expect(kindOf(id)).toBe(goal);
    // The page says that no way is shorter.
    expect(explorationOf(id).violations.find(({ kind }) => kind === goal)?.minimal).toBe(true);
    const { schedule, steps } = traceOf(id);
    const position = play(id, schedule);
    expect(standingAt(position, steps.length - 1, goal).state).toBe('open');
    expect(standingAt(position, steps.length, goal)).toEqual({ state: 'reached', score: scoreOf(steps), choices: [] });
  });

  test('the last one holds: whoever comes to an end has reached it', () => {
    const id = 'what-was-merged/unbroken';
    expect(kindOf(id)).toBe('holds');
    const { schedule, steps } = traceOf(id);
    expect(standingAt(play(id, schedule), steps.length, 'holds').state).toBe('reached');
    expect(standingAt(play(id, schedule), steps.length - 1, 'holds').state).toBe('open');
  });

  test('an end without what was to be reached is over', () => {
    const { schedule, steps } = traceOf('what-was-merged/unbroken');
    const position = play('what-was-merged/unbroken', schedule);
    expect(standingAt(position, steps.length, 'bug' satisfies Goal).state).toBe('over');
  });

  test('what can move is told after each step, also of one that was taken back to', () => {
    const position = play('reproduce-the-bug/by-hand', 'A2');
    expect(standingAt(position, 0, 'bug').choices.map(({ task }) => task)).toEqual(['A', 'B']);
  });
});
