/** `npm run learn`: the course in the terminal. */

import { mkdir } from 'node:fs/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { findExercise, nearestExercises } from '#course/catalogue';
import type { Grader } from '#grade/node/grade';
import type { Desk } from '../desk.ts';
import { clipboardSequence } from './appeal.ts';
import { editorOf, openIn } from './editor.ts';
import { narration } from './narrate.ts';
import { Pen } from './pen.ts';
import { turned } from './reading-screen.ts';
import { screenLines, USUAL_ROWS } from './screen.ts';
import { type Host, Session } from './session.ts';
import type { State } from './state.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { watchFolder } from './watch.ts';

const USAGE = [
  'npm run learn [-- <id>] [--plain]',
  '',
  'Opens the course where you left it, or at that exercise.',
  '  --plain   to be read out: only what is new, in sentences, nothing drawn (always so where TERM is dumb)',
];

const NO_TERMINAL = 'npm run learn needs a terminal, for its keys. Without one: npm run grade -- <id>';

interface Streams {
  readonly input: ReadStream;
  readonly output: WriteStream;
}

interface Wanted {
  readonly id: string | undefined;
  readonly plain: boolean;
}

/** Runs the command; returns its exit code. */
export async function learnCommand(desk: Desk, args: readonly string[], { input, output }: Streams): Promise<number> {
  const plain = args.includes('--plain');
  const [id, ...more] = args.filter((each) => each !== '--plain');
  if (id === '--help' || id === '-h') {
    desk.say(...USAGE);
    return 0;
  }
  const isTerminal = input.isTTY && output.isTTY;
  // Its thread takes longest to be ready.
  const opening = isTerminal ? desk.openGrader({ standby: true }) : undefined;
  const wrong = await wrongUse(desk, id, more);
  if (wrong.length === 0 && opening) {
    await learn(desk, { id, plain }, await opening, { input, output });
    return 0;
  }
  await (await opening)?.close();
  desk.complain(...(wrong.length > 0 ? wrong : [NO_TERMINAL]));
  return 2;
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

async function learn(desk: Desk, { id, plain }: Wanted, grader: Grader, { input, output }: Streams): Promise<void> {
  await mkdir(desk.my, { recursive: true });
  const ended = Promise.withResolvers<void>();
  const stop = () => ended.resolve();
  const pen = new Pen();
  // One key after another: what a key does may take a while.
  let keys: Promise<unknown> = Promise.resolve();
  const pressed = (key: string) => {
    // Not behind the others: one of them may be what takes too long.
    if (key === 'ctrl-c') stop();
    else if (key === 'ctrl-z') terminal?.suspend();
    else keys = keys.then(async () => (await session.press(key)) || stop()).catch(ended.reject);
  };
  let terminal: Terminal | undefined;
  const sizeNow = () => terminal?.size() ?? { look: desk.look, rows: USUAL_ROWS };
  const host: Host = {
    changed: ({ running }) => pen.changed(running !== undefined),
    edit: (path) => edit(terminal, path),
    turn: (reading, key, progress) => {
      const { look, rows } = sizeNow();
      return turned(look, reading, key, { rows, progress });
    },
    copy: (text) => process.env.TERM !== 'dumb' && terminal?.send(clipboardSequence(text)),
  };
  // How much of a lesson there is room for has changed too.
  const resized = () => void (session.state.mode === 'read' ? pressed('') : pen.draw());
  const session = await Session.open(desk, grader, host, id);
  terminal = openTerminal(input, output, { pressed, resized, plain });
  pen.draw = drawerOf(terminal, session);
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

/** Draws the screen anew each time; where it is read out, tells what is new. */
function drawerOf(terminal: Terminal, session: Session): () => void {
  let heard: State | undefined;
  return () =>
    terminal.show((look, rows) => {
      const { state } = session;
      if (!look.spoken) return screenLines(look, state, rows);
      const told = narration(look, heard, state);
      heard = state;
      return told;
    });
}

async function edit(terminal: Terminal | undefined, path: string): Promise<string | undefined> {
  const editor = editorOf();
  if (!editor) return `Which editor? Set VISUAL or EDITOR to its command, and start again. Your file is ${path}`;
  const opened = () => openIn(editor, path);
  const wrong = await (editor.hasWindow || !terminal ? opened() : terminal.handOver(opened));
  return wrong === undefined ? undefined : `${editor.command} failed: ${wrong}.`;
}
