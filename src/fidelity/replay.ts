/**
 * Whether an episode of a real kernel could have happened in the simulation, under a given driver: trace validation, as of TLA+
 * specifications (Cirstea, Kuppe, Loillier, Merz, 2024). What the recording does not tell, the engine finds: it explores all interleavings that fit.
 */

import {
  type Cell,
  cell,
  type Exploration,
  type ExploreOptions,
  explore,
  type Program,
  replay,
  type Trace,
} from '#explore';
import { type Driver, simulate } from '#linux';
import type { Episode, Observation } from './observation.ts';
import { NOT_RECORDED, RECORDING, watch, withProbes } from './probes.ts';
import { withoutProbes } from './trace.ts';
import { tellDeed } from './words.ts';
import { worldOf } from './world.ts';

/** It could have happened; or no execution comes to this event. */
export type Replayed =
  | { readonly agrees: true; readonly isLate: boolean; readonly schedule: string }
  | { readonly agrees: false; readonly at: number; readonly refused: Observation };

/** How far a driver follows a recording, and what it does where the recording goes on otherwise. */
export interface Departure {
  /** What the task of the refused event comes to instead. */
  readonly instead: string;
  readonly schedule: string;
  readonly trace: Trace;
}

type Machine = ReturnType<ReturnType<typeof simulate>['setup']>;

/** The machine, and how many of the recorded events have happened. */
interface WatchedWorld {
  readonly machine: Machine;
  readonly cursor: Cell<number>;
}

type Explore = (program: Program<WatchedWorld>, options: ExploreOptions) => Exploration;

const REACHED = 'the recording has come to here';

const OPTIONS = { engine: 'graph', stopAt: 'never', traces: false } satisfies ExploreOptions;

/**
 * Explores the interleavings that fit the episode: first those in which locks are taken late, then all. Throws where there are too
 * many to tell: that is neither.
 */
export function replayEpisode(episode: Episode, driver: Driver, run: Explore = explore): Replayed {
  const late = replayed(episode, driver, true, run);
  return late.agrees ? late : replayed(episode, driver, false, run);
}

function replayed(episode: Episode, driver: Driver, isLate: boolean, run: Explore): Replayed {
  const { observations } = episode;
  let furthest = 0;
  const reached = (at: number) => {
    furthest = Math.max(furthest, at);
  };
  const program = watchedProgram(episode, driver, { isLate, reached, goal: observations.length });
  const { violations, gaveUp } = run(program, OPTIONS);
  // A probe stands before each BUG, and no event follows one: where it is reached, all of the recording has been.
  const died = observations.at(-1)?.kind === 'bug';
  const found = violations.find(({ kind, message }) =>
    died ? kind === 'bug' && message !== NOT_RECORDED : message === REACHED,
  );
  if (found) return { agrees: true, isLate, schedule: found.schedule };
  if (gaveUp && !isLate)
    throw new Error(`too many interleavings fit the recording up to event ${furthest}: ${gaveUp.why}`);
  return { agrees: false, at: furthest, refused: observations[furthest] as Observation };
}

/** What the driver does that refuses the episode at this event: along the least way to it, and then on until nobody can move. */
export function departureOf(episode: Episode, driver: Driver, at: number, run: Explore = explore): Departure {
  const program = watchedProgram(episode, driver, { isLate: false, goal: at });
  const { violations } = run(program, OPTIONS);
  const { schedule } = violations.find(({ message }) => message === REACHED) ?? { schedule: '' };
  return departureUnder(episode, driver, at, schedule);
}

/** The same, of a schedule that is known. Throws for one that cannot be run. */
export function departureUnder(episode: Episode, driver: Driver, at: number, schedule: string): Departure {
  const last = new Map<string, string>();
  const program = watchedProgram(episode, driver, { isLate: false, comesTo: (task, what) => last.set(task, what) });
  const refused = episode.observations[at] as Observation;
  const { task } = refused;
  const trace = pictured(program, episode, driver, schedule);
  const isOver = trace.ending.kind === 'returned' || !isWaiting(trace, task);
  const instead = isOver ? 'is done' : (last.get(task) ?? 'does nothing');
  const message = `the recording goes on with “${tellDeed(refused)}” of ${task}, not with “${instead}”`;
  return { instead, schedule, trace: withoutProbes(trace, { kind: 'check', message }) };
}

/** Whether the task stands at a probe whose turn does not come. Who dies of a BUG that is not recorded has come to one. */
const isWaiting = ({ steps, ending }: Trace, task: string): boolean =>
  ending.message === NOT_RECORDED || (steps.at(-1)?.blocked.some((wait) => wait.task === task) ?? false);

/** The simulation's picture of an episode that agrees, for viewers: an interleaving of which it could be the recording. */
export function traceOfEpisode(episode: Episode, driver: Driver): Trace {
  const agreed = replayEpisode(episode, driver);
  if (!agreed.agrees) throw new Error(`the simulation refuses this recording at event ${agreed.at}`);
  return traceUnder(episode, driver, agreed);
}

/** The same, of a schedule that is known. Throws for one that cannot be run. */
export function traceUnder(
  episode: Episode,
  driver: Driver,
  { isLate, schedule }: { readonly isLate: boolean; readonly schedule: string },
): Trace {
  return withoutProbes(pictured(watchedProgram(episode, driver, { isLate }), episode, driver, schedule));
}

function pictured(program: Program<WatchedWorld>, episode: Episode, driver: Driver, schedule: string): Trace {
  const { picture, source } = simulate(worldOf(episode), driver);
  return replay(
    {
      ...program,
      ...(picture && { picture: ({ machine }, now) => picture(machine, now) }),
      ...(source && { source }),
    },
    schedule,
  );
}

interface Watching {
  readonly isLate: boolean;
  /** How many events are to happen: an execution that comes so far stands out. */
  readonly goal?: number;
  /** Hears how far some execution has come. */
  readonly reached?: (at: number) => void;
  /** Hears what a task is about to do wherever a probe stands. */
  readonly comesTo?: (task: string, what: string) => void;
}

/** The world under this driver, held to the recording. */
function watchedProgram(
  episode: Episode,
  driver: Driver,
  { isLate, goal, reached, comesTo }: Watching,
): Program<WatchedWorld> {
  const { observations: recorded, locks } = episode;
  const world = worldOf(episode);
  const { setup, tasks } = simulate(world, withProbes(driver), { rules: [] });
  const pageOf = (task: string, body: number) => {
    const deed = [world.tasks[task] ?? []].flat()[body];
    return deed?.kind === 'fault' ? deed.page : undefined;
  };
  return {
    name: `the recording, under ${driver.name}`,
    setup: () => ({ machine: setup(), cursor: cell(0, RECORDING) }),
    tasks: ({ machine, cursor }) =>
      Object.fromEntries(
        Object.entries(tasks(machine)).map(([task, bodies]) => [
          task,
          [bodies].flat().map((body, index) => {
            const told = comesTo && { comesTo: (what: string) => comesTo(task, what) };
            const watched = { task, page: pageOf(task, index), recorded, locks, cursor, isLate, ...told };
            return () => watch(body(), watched);
          }),
        ]),
      ),
    ...(goal !== undefined && {
      invariant: ({ cursor }, now) => {
        const at = now.get(cursor);
        reached?.(at);
        return at === goal ? REACHED : undefined;
      },
    }),
  };
}
