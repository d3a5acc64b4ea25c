/** What lessons show of real runs: an iteration of a recording, as the simulation pictures it, or as the probes saw it. */

import type { Trace } from '#explore';
import { coverageOf } from '#fidelity/coverage';
import { generationOf } from '#fidelity/generations';
import { type Episode, episodesOf } from '#fidelity/observation';
import type { Recording } from '#fidelity/recording';
import { traceOfEpisode } from '#fidelity/replay';
import { isHalf, tellDeed } from '#fidelity/words';
import { generations } from '#linux';

interface Recorded {
  /** What happens in it, without its end: one is to find out. */
  readonly caption: string;
  /** Its name in src/fidelity/recordings. */
  readonly recording: string;
  readonly choose: (episodes: readonly Episode[]) => Episode | undefined;
  /** So many of its events alone, the last ones, where they are told. */
  readonly last?: number;
}

/** By the experiment's id. */
const recorded: Readonly<Record<string, Recorded>> = {
  'on-the-real-kernel/one-cpu': {
    caption: 'Linux 6.1 with the 5.8 handler: two threads, A and B, on one virtual CPU. The last iteration of the run.',
    recording: 'early-1-cpu',
    choose: (episodes) => episodes.at(-1),
  },
  'on-the-real-kernel/survived': {
    caption: 'Linux 6.1 with the colleague’s handler, on two virtual CPUs. One iteration of the run.',
    recording: 'check-2',
    choose: (episodes) => episodes.filter(({ observations }) => observations.length === 42)[1],
  },
  'on-the-real-kernel/third-party': {
    caption: 'Linux 6.1 with the colleague’s handler. The end of the run.',
    recording: 'check-race',
    choose: (episodes) => episodes.at(-1),
    last: 40,
  },
};

export type Recordings = Readonly<Record<string, Recording>>;

/** Of these a stepper may show the simulation's picture. */
export const recordedIds: readonly string[] = ['on-the-real-kernel/one-cpu'];

export const isRecorded = (id: string): boolean => Object.hasOwn(recorded, id);

/** The sentence under it; undefined where there is no such run. */
export const recordedCaption = (id: string): string | undefined => recorded[id]?.caption;

interface Found extends Recorded {
  readonly run: Recording;
  readonly episode: Episode;
}

function found(id: string, recordings: Recordings): Found {
  const known = recorded[id];
  const run = known && recordings[known.recording];
  const episode = run && known.choose(episodesOf(run));
  if (!episode) throw new Error(`there is no recorded run "${id}": see src/course/experiments/recorded.ts`);
  return { ...known, run, episode };
}

/** The simulation's picture of it. Throws where there is no such run. */
export function recordedTrace(id: string, recordings: Recordings): { readonly caption: string; readonly trace: Trace } {
  const { caption, run, episode } = found(id, recordings);
  return { caption, trace: traceOfEpisode(episode, generations[generationOf(run)]) };
}

/** A number of the whole run; undefined where runs have no such number. */
export function recordedNumber(id: string, what: string, recordings: Recordings): number | undefined {
  const { run, episode } = found(id, recordings);
  const coverage = coverageOf(run);
  const numbers: Readonly<Record<string, number>> = {
    ...coverage,
    uneventful: coverage.iterations - coverage.contended,
    'events shown': episode.observations.length,
  };
  return numbers[what];
}

export interface RecordedDeeds {
  readonly caption: string;
  readonly deeds: readonly { readonly thread: string; readonly text: string }[];
}

/** What the probes saw: each event that is told, in order. */
export function recordedDeeds(id: string, recordings: Recordings): RecordedDeeds {
  const { caption, episode, last = Number.POSITIVE_INFINITY } = found(id, recordings);
  const told = episode.observations.filter((each) => !isHalf(each)).slice(-last);
  return { caption, deeds: told.map((each) => ({ thread: each.task, text: tellDeed(each) })) };
}
