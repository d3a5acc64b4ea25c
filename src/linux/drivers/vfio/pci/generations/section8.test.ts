/**
 * The table of section 8 of the facts: which variant of the driver goes wrong in which world, and how many states that takes.
 *
 * The facts' explorer had only the steps of the driver, each of them atomic; here a fault also is the walk of the table, mmap_lock, the look
 * without a lock, the access after it and the ptl, a writer of an rwsem queues first, and a history tells which page a task wants. So there
 * are two to four times as many states for two tasks, ten times as many for three, and fifty to a hundred and fifty times as many where a
 * variant lets three run side by side.
 */

import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import { fault, munmap } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import {
  type Column,
  programOf,
  statesInTheFacts,
  type Variant,
  worlds,
  zapper,
} from '../../../../fixtures/section8.ts';
import { simulate } from '../../../../world.ts';
import { generations } from './index.ts';

const BUG = 'BUG';
const duplicate = 'duplicate entry';
const live = 'live PTE while disabled';
const unlisted = 'populated but unlisted at rest';

/** What went wrong in any interleaving, in the facts' words, and the number of states. */
function judge(world: WorldDescription, variant: Variant) {
  const found = explore(programOf(world, variant), { stopAt: 'never', engine: 'graph' });
  const kinds = found.violations.map(({ kind, message }) =>
    kind === 'bug' ? BUG : (words.find(([start]) => message.startsWith(start))?.[1] ?? kind),
  );
  return { kinds: [...new Set(kinds)].sort(), states: (found as { states?: number }).states, complete: found.complete };
}
const words = [
  ['live mapping', live],
  ['listed twice', duplicate],
  ['mapped but not listed', unlisted],
] as const;

/** In each world: what goes wrong, and the number of states here. */
type Row = Record<Column, readonly [wrong: readonly string[], here: number]>;

const table: Record<keyof typeof statesInTheFacts, Row> = {
  v5_8: {
    '2 faulters': [[BUG, duplicate], 338],
    // BUG is not in the facts' table, but in their 1.4: here the access is tried again, and its second fault meets what the first has left.
    'fault + zapper': [[BUG, live, unlisted], 654],
    '2 faulters + zapper': [[BUG, duplicate, live, unlisted], 125_451],
  },
  lockEnclosesRemap: {
    '2 faulters': [[BUG, duplicate], 212],
    'fault + zapper': [[], 197],
    '2 faulters + zapper': [[BUG, duplicate], 6345],
  },
  v5_14: {
    '2 faulters': [[], 212],
    'fault + zapper': [[], 205],
    '2 faulters + zapper': [[], 7339],
  },
  insertLoop: {
    '2 faulters': [[], 248],
    'fault + zapper': [[], 197],
    '2 faulters + zapper': [[], 7429],
  },
  insertLoopUnlocked: {
    '2 faulters': [[duplicate], 566],
    'fault + zapper': [[live, unlisted], 721],
    '2 faulters + zapper': [[duplicate, live, unlisted], 365_779],
  },
  // Since v6.4 a fault first tries the vma's own lock, and looks at the entry under it.
  v6_10: {
    '2 faulters': [[], 169],
    'fault + zapper': [[], 171],
    '2 faulters + zapper': [[], 2177],
  },
  zapThenGate: {
    '2 faulters': [[], 169],
    'fault + zapper': [[live], 335],
    '2 faulters + zapper': [[live], 7765],
  },
};

for (const [variant, row] of Object.entries(table) as [keyof typeof table, Row][]) {
  describe(`section 8, ${generations[variant].name}`, () => {
    for (const [at, [column, [wrong, here]]] of (Object.entries(row) as [Column, Row[Column]][]).entries()) {
      const facts = statesInTheFacts[variant][at];
      test(`${column}: ${here} states, ${facts} in the facts`, () => {
        const { kinds, states, complete } = judge(worlds[column], variant);
        expect(kinds).toEqual(wrong);
        expect(complete).toBe(true);
        expect(states).toBe(here);
      });
    }
  });
}

describe('section 8, with an mmap writer', () => {
  const two = { bars: { bar0: 1 }, vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } } };
  const again = { A: [fault('v', 0), fault('w', 0)], ...zapper };
  const kindsIn = (tasks: WorldDescription['tasks'], variant: Variant) =>
    explore(simulate({ ...two, tasks }, generations[variant]), { stopAt: 'never' }).violations.map(({ kind }) => kind);

  test('merged v3, 2 faulters, zapper and writer: 29197 states, 1678 in the facts', () => {
    const tasks = { A: fault('v', 0), B: fault('v', 0), ...zapper, M: munmap('w') };
    const { verdict, states } = explore(simulate({ ...two, tasks }, generations.v5_14), { engine: 'graph' });
    expect({ verdict, states }).toEqual({ verdict: 'holds', states: 29_197 });
  });
  test('naive, memory W and then mmap R: clean without a writer', () => {
    expect(kindsIn(again, 'memoryLockFirst')).toEqual([]);
  });
  test('naive, with a writer, under fair rwsems: deadlock (B7)', () => {
    expect(kindsIn({ ...again, M: munmap('v') }, 'memoryLockFirst')).toEqual(['deadlock']);
  });
  test('naive, with a writer, but too few faults for a deadlock: lock order, reported apart', () => {
    expect(kindsIn({ A: fault('v', 0), ...zapper, M: munmap('v') }, 'memoryLockFirst')).toEqual(['lock order']);
  });
  test.each(['v5_14', 'v6_10'] as const)('%s survives the same world', (variant) => {
    expect(kindsIn({ ...again, M: munmap('v') }, variant)).toEqual([]);
  });
});
