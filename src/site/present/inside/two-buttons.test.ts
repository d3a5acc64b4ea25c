import { expect, test } from 'vitest';
import { ordered } from './two-buttons.ts';

const leaving = ['ask nextSlide', 'ask previousSlide'];

test('what was taken last is marked first, and the other CPU comes next', () => {
  const choices = ['move A', 'move B', 'do undo', ...leaving];
  expect(ordered(choices, 'move B')).toEqual(['move B', 'move A', 'do undo', ...leaving]);
  expect(ordered(choices, 'do undo')).toEqual(['do undo', 'move A', 'move B', ...leaving]);
});

test('where the CPU that moved last cannot go on, another one is marked first', () => {
  expect(ordered(['move B', 'do undo', ...leaving], 'move A')[0]).toBe('move B');
});

test('where nobody can move any more, forward leads on', () => {
  expect(ordered(['do undo', ...leaving], 'move A')).toEqual(['ask nextSlide', 'do undo', 'ask previousSlide']);
});
