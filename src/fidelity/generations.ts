/** Which of the simulation's drivers a recording comes from. */

import { generations } from '#linux';
import { episodesOf, tellObservation } from './observation.ts';
import type { Recording } from './recording.ts';
import { replayEpisode } from './replay.ts';

export type Generation = keyof typeof generations;

/** By the body that the lab gave the handler: the same thing, written for the simulation. */
const origins: Readonly<Record<string, Generation>> = {
  stock: 'v5_14',
  'hold-check': 'v5_14',
  early: 'v5_8',
  hold: 'lockEnclosesRemap',
  check: 'skipOnEexistUnlocked',
  insert: 'insertLoopUnlocked',
  'insert-hold': 'insertLoop',
};

/** Throws for a variant that no generation stands for. */
export function generationOf({ variant }: Pick<Recording, 'variant'>): Generation {
  const generation = origins[variant];
  if (!generation) throw new Error(`no generation of the simulation stands for the variant "${variant}"`);
  return generation;
}

/** Whether all episodes agree with a generation; or the first event that it refuses, and what comes before it. */
export type Agreement = { readonly agrees: true } | { readonly agrees: false; readonly refused: string };

export function agreementOf(recording: Recording, generation: Generation): Agreement {
  const seen = new Set<string>();
  for (const episode of episodesOf(recording)) {
    const key = JSON.stringify(episode.observations);
    if (seen.has(key)) continue; // iterations are often alike, to the event
    seen.add(key);
    const replayed = replayEpisode(episode, generations[generation]);
    if (!replayed.agrees) return { agrees: false, refused: tellObservation(replayed.refused) };
  }
  return { agrees: true };
}
