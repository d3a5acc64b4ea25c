import { expect, test } from 'vitest';
import { momentsOfTheRace } from './moments.ts';
import { cpus, momentAt, moveAfter } from './moves.ts';

const moments = momentsOfTheRace();
const ends = Object.entries(moments).filter(([, { choices }]) => cpus.every((cpu) => choices[cpu].length === 0));
const crashes = ends.flatMap(([moves, { crash }]) => (crash ? [moves] : []));

test('every choice leads to a moment, and every game ends within four moves', () => {
  for (const [moves, { choices, rows }] of Object.entries(moments)) {
    expect(rows).toHaveLength(moves.length);
    for (const cpu of cpus)
      for (const extent of choices[cpu]) expect(moments).toHaveProperty([moveAfter(moves, cpu, extent)]);
  }
  expect(Math.max(...ends.map(([moves]) => moves.length))).toBe(4);
});

test('it crashes exactly where both have looked, or one has stopped after its look, before the other filled', () => {
  expect(crashes.sort()).toEqual(['aBA', 'abAB', 'abBA', 'bAB', 'baAB', 'baBA']);
  expect(ends.map(([moves]) => moves).sort()).toEqual([...crashes, 'AB', 'BA', 'aAB', 'bBA'].sort());
});

test('a crash prints what Linux would, and is the second filler’s', () => {
  const { crash, rows, entries } = momentAt(moments, 'aBA');
  expect(crash).toEqual({
    headline: 'kernel BUG at mm/memory.c!',
    at: 'RIP: remap_pte_range (mm/memory.c)',
    dead: 'A',
  });
  expect(rows).toEqual([
    { cpu: 'A', does: 'looks: entry 0 is empty' },
    { cpu: 'B', does: 'looks, and fills all four' },
    { cpu: 'A', does: 'fills too: entry 0 is full', isBug: true },
  ]);
  expect(entries).toEqual(['B', 'B', 'B', 'B']);
});

test('who comes after the fill has no fault', () => {
  const { rows, crash } = momentAt(moments, 'AB');
  expect(crash).toBeUndefined();
  expect(rows[1]).toEqual({ cpu: 'B', does: 'looks: entry 1 is full, no fault' });
  // Nothing to stop after: it never enters the handler.
  expect(momentAt(moments, 'A').choices).toEqual({ A: [], B: ['end'] });
});
