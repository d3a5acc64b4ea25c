/** Judges a driver by what a real kernel did: could it have made this recording? */

import type { Exploration, ViolationKind } from '#explore';
import { type Episode, type Observation, readEpisode } from '#fidelity/observation';
import { departureOf, departureUnder, type Replayed, replayEpisode, traceUnder } from '#fidelity/replay';
import { tellDeed } from '#fidelity/words';
import type { Driver } from '#linux';
import { evidence, isExplored, lookUp, type Mistakes, named, searched, undecided, violated } from './judge.ts';
import { addExplored, currentSession, type Finding } from './session.ts';
import { say } from './texts.ts';

/** An episode of a real kernel: how many pages are mapped, the first one's frame, and its events, one a line. */
export type Recorded = Parameters<typeof readEpisode>[0];

/** Where a driver and a recording part. */
export interface Refusal {
  /** The recording's next event. */
  readonly event: Observation;
  /** What its task comes to instead. */
  readonly instead: string;
}

/**
 * The driver must have an interleaving of which this could be the recording. Undefined if it has. A key of `mistakes` is the event at
 * which it is refused (`returns VM_FAULT_NOPAGE`), or that event's kind.
 */
export function judgeRecorded(driver: Driver, recorded: Recorded, mistakes: Mistakes<Refusal>): Finding | undefined {
  const episode = readEpisode(recorded);
  if (!isExplored((schedule) => pictured(episode, driver, replayEpisode(episode, driver), schedule))) return undefined;
  const { replayed, exploration } = replayedAs(episode, driver);
  // Interleavings would be of the steps and the probes.
  const { interleavings: _, ...counted } = exploration;
  addExplored(currentSession(), counted);
  if (!replayed) return undecided(`the recording, under ${driver.name}`, exploration);
  if (replayed.agrees) {
    const { schedule } = replayed;
    currentSession().shown = evidence(schedule, pictured(episode, driver, replayed, schedule));
    return undefined;
  }
  return brokenIn(exploration, episode, driver) ?? refusedAt(replayed, episode, driver, mistakes);
}

/** Without an answer where the search gave up. Locks late, or then all of it: what was explored last is what has decided. */
function replayedAs(episode: Episode, driver: Driver): { replayed?: Replayed; exploration: Exploration } {
  let last: Exploration | undefined;
  const run: Parameters<typeof replayEpisode>[2] = (program, options) => {
    last = searched(program, options);
    return last;
  };
  try {
    const replayed = replayEpisode(episode, driver, run);
    return { replayed, exploration: last as unknown as Exploration };
  } catch (error) {
    if (!last?.gaveUp) throw error;
    return { exploration: last };
  }
}

function pictured(episode: Episode, driver: Driver, replayed: Replayed, schedule: string) {
  return replayed.agrees
    ? traceUnder(episode, driver, { ...replayed, schedule })
    : departureUnder(episode, driver, replayed.at, schedule).trace;
}

/** What is wrong with the code itself comes before what it has to do with the recording. */
const broken: readonly ViolationKind[] = [
  'exception',
  'forgotten yield',
  'endless loop',
  'non-determinism',
  'lock misuse',
  'use after free',
];

function brokenIn({ violations }: Exploration, episode: Episode, driver: Driver): Finding | undefined {
  const found = violations.find(({ kind }) => broken.includes(kind));
  if (!found) return undefined;
  const trace = traceUnder(episode, driver, { isLate: false, schedule: found.schedule });
  return violated(trace.program, { ...found, trace }, {});
}

function refusedAt(
  { at, refused: event }: Extract<Replayed, { agrees: false }>,
  episode: Episode,
  driver: Driver,
  mistakes: Mistakes<Refusal>,
): Finding {
  const { instead, schedule, trace } = departureOf(episode, driver, at, searched);
  const values = {
    driver: driver.name,
    fits: at,
    all: episode.observations.length,
    task: event.task,
    event: tellDeed(event),
    instead,
  };
  return {
    status: 'failed',
    message: say('not recorded', values),
    ...named(lookUp(mistakes, [tellDeed(event), event.kind], { event, instead })),
    ...evidence(schedule, trace),
  };
}
