/**
 * Plays the course's own programs, and nothing else, for <fault-scheduler>. It holds engine and kernel, so it comes only when
 * somebody begins; and it is a worker, so that the page need not carry them.
 */

import { type Position, positionAfter } from '#explore';
import { puzzles } from '../experiments/puzzles.ts';

export interface Request {
  readonly puzzle: string;
  readonly schedule: string;
  /** Then let this task go on until it cannot, or something goes wrong. */
  readonly runOn?: string;
}

export type Reply = Position | { readonly error: string };

/** Nobody goes on alone for longer: a task may go round for ever. */
const longest = 500;

addEventListener('message', ({ data }: MessageEvent<Request>) => postMessage(replyTo(data)));

function replyTo(request: Request): Reply {
  try {
    return play(request);
  } catch (error) {
    return { error: String(error) };
  }
}

function play({ puzzle, schedule, runOn }: Request): Position {
  const program = puzzles[puzzle]?.program();
  if (!program) throw new Error(`there is no puzzle "${puzzle}"`);
  let position = positionAfter(program, schedule);
  const known = position.found.length;
  while (runOn !== undefined && canGoOn(position, runOn, known))
    position = positionAfter(program, [position.trace.schedule, runOn].filter(Boolean).join('-'));
  return position;
}

const canGoOn = ({ choices, found, trace }: Position, task: string, known: number): boolean =>
  found.length === known &&
  trace.steps.length < longest &&
  (choices.at(-1)?.some((each) => each.task === task) ?? false);
