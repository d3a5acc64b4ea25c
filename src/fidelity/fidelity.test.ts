/** The simulation, held against recordings of real Linux: each agrees with the generation that it comes from, and with no other. */

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { generations } from '#linux';
import { mutationsOf } from './fixtures/mutations.ts';
import { type Generation, generationOf } from './generations.ts';
import { keptRecordings } from './node/recordings.ts';
import { type Episode, episodesOf } from './observation.ts';
import { replayEpisode } from './replay.ts';
import { rowOf, tellRow } from './table.ts';

const recordings = Object.entries(keptRecordings());
const all = Object.keys(generations) as Generation[];

const nothingFailed = {
  of: ['skipOnEexist'],
  why: 'it lists the vma before the fill, not after it, under the same locks: only a failed allocation or fill shows that, and no mode makes one fail',
} as const;

/** What recordings cannot tell apart from the generation that they come from, by variant or name, and why none of their mode can. */
const alike: Readonly<Record<string, { readonly of: readonly Generation[]; readonly why: string }>> = {
  stock: nothingFailed,
  'hold-check': nothingFailed,
  'early-race': {
    of: ['skipOnEexistUnlocked'],
    why: 'it differs for whoever finds the vma listed: under v5_8 that one dies, and a run that died has no lost zap; early-race-3 died',
  },
};
const alikeTo = (name: string, variant: string) => alike[name] ?? alike[variant];

const rows = recordings.map(([name, recording]) => rowOf(name, recording));

/** The table, and why some are not told apart. */
const told = rows.flatMap((row) => {
  const { why } = alikeTo(row.name, row.recording.variant) ?? {};
  return [...tellRow(row), ...(why === undefined ? [] : [`  not told apart: ${why}`])];
});
afterAll(() => console.log(told.join('\n')));

describe.each(rows)('$name', ({ name, recording: { variant }, coverage, origin, alike, refused }) => {
  test('somebody had to wait in it, or died', () => {
    expect(coverage.contended).toBeGreaterThan(0);
  });

  test(`agrees with ${origin}, and with none from which it can be told apart`, () => {
    expect([...alike].sort()).toEqual([...(alikeTo(name, variant)?.of ?? [])].sort());
    expect([...refused.values()].flat()).toHaveLength(all.length - 1 - alike.length);
  });
});

/** So many of each recording's. */
const MUTATIONS = 20;
/** Of an episode that does not rest, the beginning: any part from the start is a recording too. */
const EVENTS = 100;

const shortened = ({ observations, ...rest }: Episode): Episode => ({
  ...rest,
  observations: observations.slice(0, EVENTS),
});

describe.each(recordings)('%s, changed', (_, recording) => {
  const driver = generations[generationOf(recording)];
  const mutations = episodesOf(recording)
    .map(shortened)
    .flatMap((episode) => mutationsOf(episode.observations).map((mutation) => ({ episode, ...mutation })));
  const chosen = fc.sample(fc.shuffledSubarray(mutations, { minLength: Math.min(MUTATIONS, mutations.length) }), {
    numRuns: 1,
    seed: 1,
  })[0] as typeof mutations;

  test.each(chosen.slice(0, MUTATIONS))('$expected: $what', ({ episode, observations, expected }) => {
    const { agrees } = replayEpisode({ ...episode, observations }, driver);
    expect(agrees ? 'accepted' : 'refused').toBe(expected);
  });
});
