import { describe, expect, test } from 'vitest';
import type { TraceStep } from '#explore';
import { type Move, placeAfter } from './walk.ts';

const step = (task: string, operation: string, ...functions: string[]) =>
  ({ task, operation, stack: functions.map((name) => ({ function: name })), switched: 'no' }) as never as TraceStep;
const switched = (of: TraceStep): TraceStep => ({ ...of, switched: 'preemption' });
const steps = [
  step('A', 'lock(m)', 'lock', 'fault'),
  step('A', 'read(x)', 'remap', 'fault'),
  switched(step('B', 'lock(l)', 'lock', 'fault')),
  switched(step('A', 'write(x)', 'inner', 'remap', 'fault')),
  step('A', 'unlock(m)', 'unlock', 'fault'),
];
const from = (move: Move) => [0, 1, 2, 3, 4, 5].map((at) => placeAfter(move, at, { steps }));

describe('placeAfter', () => {
  test('stays between the beginning and the end', () => {
    expect(from('back')).toEqual([0, 0, 1, 2, 3, 4]);
    expect(from('forward')).toEqual([1, 2, 3, 4, 5, 5]);
    expect([from('first').at(-1), from('last')[0]]).toEqual([0, 5]);
  });

  test('over a function: to the same task, no deeper, whoever runs in between', () =>
    expect(from('over')).toEqual([1, 5, 5, 5, 5, 5]));

  test('to the next switch, to its first step', () => expect(from('switch')).toEqual([3, 3, 3, 4, 5, 5]));
});
