/** The notes say how far to step, and who moves in a game. Both are held against what the slides show. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replay } from '#explore';
import { puzzles } from '../experiments/puzzles.ts';
import { traceOf } from '../experiments.ts';

const notesOn = (lesson: string) =>
  readFileSync(new URL(`../../../content/workshop/notes/${lesson}.md`, import.meta.url), 'utf8');

/** From 1: the first and the last step of that task that begins so. */
function stepsOf(id: string, task: string, operation: RegExp): { first: number; last: number } {
  const { steps } = traceOf(id);
  const is = (step: (typeof steps)[number]) => step.task === task && operation.test(step.operation);
  return { first: steps.findIndex(is) + 1, last: steps.findLastIndex(is) + 1 };
}

test('one thread, two touches: the steps up to the fill, and the fill', () => {
  const fill = stepsOf('reproduce-the-bug/one-thread', 'A', /^set_pte_at/);
  const begin = fill.first - 1; // Its first entry is looked at.
  const notes = notesOn('15-reproduce-the-bug');
  expect(begin).toBe(8);
  expect(notes).toContain('the first seven steps');
  expect(notes).toContain(`the fill, ${begin} to ${fill.last},`);
});

test('the lock around the remap: A’s look, B’s fill, and where A wakes up', () => {
  const id = 'can-the-lock-enclose-it/lock-encloses';
  const notes = notesOn('20-can-the-lock-enclose-it');
  const begin = stepsOf(id, 'B', /^set_pte_at/).first - 1;
  expect(notes).toContain(`stop after step ${stepsOf(id, 'A', /^pte_none/).first}:`);
  expect(notes).toContain(`B’s fill, ${begin} to ${stepsOf(id, 'B', /./).last}.`);
  expect(notes).toContain(`At ${stepsOf(id, 'A', /^mutex_lock/).first} A wakes up`);
});

test('the entry that stays: A’s undoing, its last step, and B’s first', () => {
  const id = 'skip-the-duplicate/entry-left';
  const notes = notesOn('25-skip-the-duplicate');
  const { last } = stepsOf(id, 'A', /./);
  expect(notes).toContain(`A’s undoing, ${stepsOf(id, 'A', /^spin_lock/).last} to ${last - 1}, and stop at ${last}:`);
  expect(notes).toContain(`From ${stepsOf(id, 'B', /./).first} on it is B`);
});

test('the games end as the notes say', () => {
  expect(notesOn('15-reproduce-the-bug')).toContain('`a` three times');
  expect(replay(puzzles['reproduce-the-bug/by-hand']!.program(), 'A3-B').ending.kind).toBe('bug');
  expect(notesOn('25-skip-the-duplicate')).toContain('A goes six steps, and B to its end');
  expect(traceOf('skip-the-duplicate/by-hand').schedule).toMatch(/^A6-B\d+$/);
});
