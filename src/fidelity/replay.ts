/**
 * Whether an episode of a real kernel could have happened in the simulation, under a given driver: trace validation, as of TLA+
 * specifications (Cirstea, Kuppe, Loillier, Merz, 2024). What the recording does not tell, the engine finds: it explores all interleavings that fit.
 */

import { type Cell, cell, explore, type Program, replay, type Trace } from '#explore';
import { type Driver, simulate } from '#linux';
import type { Episode, Observation } from './observation.ts';
import { NOT_RECORDED, RECORDING, watch, withProbes } from './probes.ts';
import { withoutProbes } from './trace.ts';
import { worldOf } from './world.ts';

/** It could have happened; or no execution comes to this event. */
export type Replayed =
  | { readonly agrees: true; readonly isLate: boolean; readonly schedule: string }
  | { readonly agrees: false; readonly at: number; readonly refused: Observation };

type Machine = ReturnType<ReturnType<typeof simulate>['setup']>;

/** The machine, and how many of the recorded events have happened. */
interface WatchedWorld {
  readonly machine: Machine;
  readonly cursor: Cell<number>;
}

const AGREES = 'the recording has come to its end';

/**
 * Explores the interleavings that fit the episode: first those in which locks are taken late, then all. Throws where there are too
 * many to tell: that is neither.
 */
export function replayEpisode(episode: Episode, driver: Driver): Replayed {
  const late = replayed(episode, driver, true);
  return late.agrees ? late : replayed(episode, driver, false);
}

function replayed(episode: Episode, driver: Driver, isLate: boolean): Replayed {
  let furthest = 0;
  const reached = (at: number) => {
    furthest = Math.max(furthest, at);
  };
  const program = watchedProgram(episode, driver, { isLate, reached });
  const { violations, gaveUp } = explore(program, { engine: 'graph', stopAt: 'never', traces: false });
  // A probe stands before each BUG, and no event follows one: where it is reached, all of the recording has been.
  const died = episode.observations.at(-1)?.kind === 'bug';
  const found = violations.find(({ kind, message }) =>
    died ? kind === 'bug' && message !== NOT_RECORDED : message === AGREES,
  );
  if (found) return { agrees: true, isLate, schedule: found.schedule };
  if (gaveUp && !isLate)
    throw new Error(`too many interleavings fit the recording up to event ${furthest}: ${gaveUp.why}`);
  return { agrees: false, at: furthest, refused: episode.observations[furthest] as Observation };
}

/** The simulation's picture of an episode that agrees, for viewers: an interleaving of which it could be the recording. */
export function traceOfEpisode(episode: Episode, driver: Driver): Trace {
  const agreed = replayEpisode(episode, driver);
  if (!agreed.agrees) throw new Error(`the simulation refuses this recording at event ${agreed.at}`);
  const program = watchedProgram(episode, driver, agreed);
  const { picture, source } = simulate(worldOf(episode), driver);
  return withoutProbes(
    replay(
      {
        ...program,
        ...(picture && { picture: ({ machine }, now) => picture(machine, now) }),
        ...(source && { source }),
      },
      agreed.schedule,
    ),
  );
}

/** The world under this driver, held to the recording. `reached` hears how far some execution has come. */
function watchedProgram(
  episode: Episode,
  driver: Driver,
  { isLate, reached = () => {} }: { readonly isLate: boolean; readonly reached?: (at: number) => void },
): Program<WatchedWorld> {
  const { observations: recorded, locks } = episode;
  const world = worldOf(episode);
  const { setup, tasks } = simulate(world, withProbes(driver), { rules: [] });
  const pageOf = (task: string, body: number) => {
    const deed = [world.tasks[task] ?? []].flat()[body];
    return deed?.kind === 'fault' ? deed.page : undefined;
  };
  return {
    name: `a recording, under ${driver.name}`,
    setup: () => ({ machine: setup(), cursor: cell(0, RECORDING) }),
    tasks: ({ machine, cursor }) =>
      Object.fromEntries(
        Object.entries(tasks(machine)).map(([task, bodies]) => [
          task,
          [bodies].flat().map((body, index) => {
            const watched = { task, page: pageOf(task, index), recorded, locks, cursor, isLate };
            return () => watch(body(), watched);
          }),
        ]),
      ),
    invariant: ({ cursor }, now) => {
      const at = now.get(cursor);
      reached(at);
      return at === recorded.length ? AGREES : undefined;
    },
  };
}
