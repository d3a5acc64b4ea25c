/** `npm run learn`: the course in the terminal. */

import { mkdir } from 'node:fs/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { findExercise, nearestExercises } from '#course/catalogue';
import type { Desk } from '../desk.ts';
import { Pen } from './pen.ts';
import { screenLines } from './screen.ts';
import { Session } from './session.ts';
import { openTerminal } from './terminal.ts';
import { watchFolder } from './watch.ts';

const USAGE = ['npm run learn [-- <id>]', '', 'Opens the course where you left it, or at that exercise.'];

/** Runs the command; returns its exit code. */
export async function learnCommand(
  desk: Desk,
  args: readonly string[],
  { input, output }: { input: ReadStream; output: WriteStream },
): Promise<number> {
  const [id, ...more] = args;
  if (id === '--help' || id === '-h') {
    desk.say(...USAGE);
    return 0;
  }
  const wrong = await wrongUse(desk, id, more);
  if (wrong.length > 0) {
    desk.complain(...wrong);
    return 2;
  }
  if (!input.isTTY || !output.isTTY) {
    desk.complain('npm run learn needs a terminal, for its keys. Without one: npm run grade -- <id>');
    return 2;
  }
  await learn(desk, id, { input, output });
  return 0;
}

async function wrongUse(desk: Desk, id: string | undefined, more: readonly string[]): Promise<string[]> {
  if (more.length > 0 || id?.startsWith('-')) return USAGE;
  const catalogue = await desk.catalogue();
  if (catalogue.exercises.length === 0) return ['There are no exercises in exercises/.'];
  if (id === undefined || findExercise(catalogue, id)) return [];
  const near = nearestExercises(catalogue, id);
  const known = near.length > 0 ? near : catalogue.exercises.map((exercise) => exercise.id);
  return [
    `There is no exercise "${id}". ${near.length > 0 ? 'Did you mean:' : 'There are:'}`,
    ...known.map((each) => `  ${each}`),
  ];
}

async function learn(
  desk: Desk,
  id: string | undefined,
  { input, output }: { input: ReadStream; output: WriteStream },
): Promise<void> {
  await mkdir(desk.my, { recursive: true });
  const grader = await desk.openGrader({ standby: true, warms: true });
  const ended = Promise.withResolvers<void>();
  const stop = () => ended.resolve();
  const pen = new Pen();
  const session = await Session.open(desk, grader, ({ running }) => pen.changed(running !== undefined), id);
  // One key after another: what a key does may take a while.
  let keys: Promise<unknown> = Promise.resolve();
  const pressed = (key: string) => {
    keys = keys.then(async () => (await session.press(key)) || stop()).catch(ended.reject);
  };
  const terminal = openTerminal(input, output, { pressed, resized: () => pen.draw() });
  pen.draw = () => terminal.show((look) => screenLines(look, session.state));
  const unwatch = watchFolder(desk.my, () => session.look().catch(ended.reject));
  process.on('SIGTERM', stop).on('SIGHUP', stop);
  try {
    pen.draw();
    await ended.promise;
  } finally {
    process.off('SIGTERM', stop).off('SIGHUP', stop);
    unwatch();
    session.close();
    pen.close();
    terminal.close();
    await grader.close();
  }
}
