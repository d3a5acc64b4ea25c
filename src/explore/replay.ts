/** Replays one execution from its schedule, in fresh generators, with call stacks and pictures. */

import type { Report } from './machine.ts';
import { Operation } from './operations.ts';
import { type Played, Player, RefusedStep, type Wanted } from './player.ts';
import type { Position, Program, Trace } from './program.ts';

/** Enough for a body that calls deeper than any kernel does. */
const STACK_FRAMES = 100;

/**
 * Replays a schedule. One that is cut short goes on without preemption to the end, or to the first thing that goes wrong.
 * Throws, naming the place, for an unknown, finished or blocked task.
 */
export function replay<World>(program: Program<World>, schedule: string): Trace {
  return play(program, schedule).trace;
}

/** Plays a schedule and no further. Throws as `replay` does. */
export function positionAfter<World>(program: Program<World>, schedule: string): Position {
  return withStacks(() => new Player(program).position(schedule));
}

/** Replays a schedule; with `wanted`, to its last step and no further, and says how it ended in those words. */
export function play<World>(program: Program<World>, schedule: string, wanted?: Wanted): Played {
  return withStacks(() => new Player(program).play(schedule, wanted));
}

/** The same, with no places in it: for whoever asks only whether it shows. */
export function playWithoutStacks<World>(program: Program<World>, schedule: string, wanted: Wanted): Played {
  return new Player(program).play(schedule, wanted);
}

/**
 * The first step of a schedule after which something of that kind is wrong: the schedule up to there, and what it is. Undefined
 * if nothing is, or if a step before it cannot be taken.
 */
export function cutAtFailure<World>(
  program: Program<World>,
  schedule: string,
  isFailure: (report: Report) => boolean,
): { readonly schedule: string; readonly report: Report } | undefined {
  try {
    return new Player(program).playUntil(schedule, isFailure);
  } catch (error) {
    if (error instanceof RefusedStep) return undefined;
    throw error;
  }
}

function withStacks<T>(run: () => T): T {
  const outer = Operation.capturesStacks;
  const limit = Reflect.get(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', STACK_FRAMES); // a hardened worker has frozen it at a value that does
  Operation.capturesStacks = true;
  try {
    return run();
  } finally {
    Operation.capturesStacks = outer;
    Reflect.set(Error, 'stackTraceLimit', limit);
  }
}
