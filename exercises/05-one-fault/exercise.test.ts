import { expect, test } from 'vitest';
import type { Violation } from '#explore';
import { chosen } from '#grade/matchers';
import { driverWith, PAGE_SHIFT, PAGE_SIZE, type RuleName, simulate, type WorldDescription } from '#linux';
import * as submission from './exercise.ts';
import { variants } from './variants.ts';

const worlds = chosen(variants);

// No list yet, and a page at a time: only what leads where is judged.
const rules: RuleName[] = ['outside the BAR', 'wrong page', 'needless signal'];
const run = (world: WorldDescription) =>
  simulate(world, driverWith({ fault: submission.vfio_pci_mmap_fault }), { rules });

/** What the rule says: page, vma, the frame that its entry leads to, and the first frame of the BAR. */
function placeIn({ message }: Violation) {
  const said = /page (\d+) of (\w+) maps frame (0x[0-9a-f]+); \w+ is frames (0x[0-9a-f]+)/.exec(message) ?? [];
  return { page: Number(said[1]), vma: said[2] ?? '', frame: Number(said[3]), first: Number(said[4]) };
}

/** Which sum gives this frame, outside of the BAR. */
const sumBehind = (world: WorldDescription) => (violation: Violation) => {
  const { page, vma, frame, first } = placeIn(violation);
  const start = world.vmas[vma]?.at ?? 0;
  const sums = {
    'bar-starts-at-zero': page,
    'pgoff-twice': first + first + page,
    'plus-before-shift': (first + page * PAGE_SIZE) >> PAGE_SHIFT,
    'virtual-is-physical': (start >> PAGE_SHIFT) + page,
    'bytes-for-pages': first + page * PAGE_SIZE,
  };
  return Object.entries(sums).find(([, sum]) => sum === frame)?.[0];
};

/** What goes round and round: no entry is made, or always that of the first page. */
const roundsOf = ({ trace: { steps, ending } }: Violation) => {
  const did = (what: RegExp) => steps.slice(ending.repeatsFrom).some(({ operation }) => what.test(operation));
  if (!did(/^spin_lock\(ptl/)) return 'nopage-maps';
  return did(/^walk\(\w+\[[1-9]/) && did(/^pte_none\(\w+\[0\]/) ? 'always-the-first-entry' : undefined;
};

const answersNull = ({ message }: Violation) => (message.includes('returned 0,') ? 'zero-is-success' : undefined);

test('one touch of the first page', { meta: { id: 'first-page', stage: 1 } }, () => {
  expect(run(worlds.first)).toHold({
    livelock: roundsOf,
    bug: answersNull,
    'check: outside the BAR': sumBehind(worlds.first),
  });
});

test('every page leads to its own frame', { meta: { id: 'every-page', stage: 2 } }, () => {
  expect(run(worlds.every)).toHold({
    livelock: roundsOf,
    bug: answersNull,
    'check: outside the BAR': sumBehind(worlds.every),
    'check: wrong page': ({ message }) => (message.endsWith('maps page 0 of the BAR') ? 'one-page-for-all' : undefined),
  });
});
