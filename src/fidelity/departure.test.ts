/** Why a driver is refused: how far it follows a recording, and what it does then. */

import { expect, test } from 'vitest';
import { generations } from '#linux';
import type { Generation } from './generations.ts';
import { keptRecordings } from './node/recordings.ts';
import { type Episode, episodesOf } from './observation.ts';
import { departureOf, replayEpisode } from './replay.ts';
import { tellDeed } from './words.ts';

/** One lists the mapping and lets go of vma_lock, the other finds it there while the first still fills. */
const episode = episodesOf(keptRecordings()['check-2'] ?? expect.fail('there is no such recording')).find(
  ({ observations }) => observations.length === 42,
) as Episode;

function departure(generation: Generation) {
  const driver = generations[generation];
  const replayed = replayEpisode(episode, driver);
  if (replayed.agrees) throw new Error('it agrees');
  const { instead, trace } = departureOf(episode, driver, replayed.at);
  return { event: `${replayed.refused.task}: ${tellDeed(replayed.refused)}`, instead, trace };
}

test.each<[Generation, string, string]>([
  ['v5_8', 'A: up_read(memory_lock)', 'remap_pfn_range() begins'],
  ['v5_14', 'B: mutex_unlock(vma_lock)', 'remap_pfn_range() begins'],
  ['v6_10', 'B: mutex_lock(vma_lock)', 'down_read(memory_lock)'],
  ['eager', 'B: page fault at page 2', 'is done'],
])('%s is refused at "%s", for it "%s"', (generation, event, instead) => {
  expect(departure(generation)).toMatchObject({ event, instead });
});

test('the way there is a trace of the driver alone, and its end says both', () => {
  const { steps, ending } = departure('v5_14').trace;
  expect(steps.map(({ task, operation }) => `${task} ${operation}`)).toContain('B down_read(memory_lock)');
  expect(steps.every(({ operation }) => operation !== '')).toBe(true);
  expect(ending).toEqual({
    kind: 'check',
    message: 'the recording goes on with “mutex_unlock(vma_lock)” of B, not with “remap_pfn_range() begins”',
  });
});
