/** How much there is to explore before the simulation has an answer. */

import { expect, test } from 'vitest';
import { explore } from '#explore';
import { generations } from '#linux';
import { keptRecordings } from './node/recordings.ts';
import { type Episode, episodesOf } from './observation.ts';
import { replayEpisode } from './replay.ts';

const longest = (episodes: readonly Episode[]): Episode =>
  episodes.reduce((most, each) => (each.observations.length > most.observations.length ? each : most));

// As many states would do for an episode of any length: what has been is no part of them.
test('an episode has few states an event, however often its tasks have faulted before', () => {
  const { 'stock-race': recording } = keptRecordings();
  const episode = longest(episodesOf(recording as NonNullable<typeof recording>));
  const { length } = episode.observations;
  let most = 0;
  const { agrees } = replayEpisode(episode, generations.v5_14, (program, options) => {
    const found = explore(program, options);
    most = Math.max(most, found.states ?? 0);
    return found;
  });
  expect({ agrees, length: length > 150, fewAnEvent: most / length < 50 }).toEqual({
    agrees: true,
    length: true,
    fewAnEvent: true,
  });
});
