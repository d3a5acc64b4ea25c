/** Keys in, screens out, on a real terminal; whatever happens, it is left as it was found. */

import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { type Look, lookOf, readable } from '../look.ts';

const CLEAR = '\u001b[2J\u001b[H';
const USUAL_ROWS = 24;

export interface Terminal {
  /** Shows lines in the place of those before; where it is read out, below them. Nothing while somebody else has the terminal. */
  show(lines: (look: Look, rows: number) => readonly string[]): void;
  /** How much can be shown now, and how. */
  size(): { readonly look: Look; readonly rows: number };
  /** Sends the terminal itself a sequence. */
  send(sequence: string): void;
  /** Gives the terminal away while the work goes on, and takes it back. */
  handOver<T>(work: () => Promise<T>): Promise<T>;
  /** Stops the process and all that it was started with, as Ctrl-Z does elsewhere, and takes the terminal back afterwards. */
  suspend(): void;
  /** Gives the terminal back. May be called again. */
  close(): void;
}

export interface TerminalOptions {
  pressed(key: string): void;
  resized(): void;
  /** To be read out, whatever the terminal can do. */
  readonly plain?: boolean;
}

/** Takes the terminal over: every key comes to `pressed`, and `resized` is called when its size changes. */
export function openTerminal(
  input: ReadStream,
  output: WriteStream,
  { pressed, resized, plain = false }: TerminalOptions,
): Terminal {
  const onKey = (text: string | undefined, key: Key) => pressed(nameOf(text, key));
  let isOurs = false;
  let isSuspended = false;
  const take = () => {
    input.setRawMode(true);
    input.on('keypress', onKey);
    output.on('resize', resized);
    input.resume();
    isOurs = true;
  };
  const give = () => {
    input.off('keypress', onKey);
    output.off('resize', resized);
    if (input.isRaw) input.setRawMode(false);
    input.pause();
    isOurs = false;
  };
  const close = () => {
    give();
    isSuspended = false;
    process.off('exit', close).off('SIGCONT', goOn);
  };
  /** After a stop, whoever sent it: the terminal is another’s as long as that takes. Not while an editor has it. */
  const goOn = () => {
    if (!isOurs && !isSuspended) return;
    isSuspended = false;
    give();
    take();
    resized();
  };
  const size = () => sizeOf(output, plain);
  emitKeypressEvents(input);
  take();
  // Also after an exception that nobody caught.
  process.on('exit', close).on('SIGCONT', goOn);
  return {
    show(lines) {
      if (!isOurs) return;
      const { look, rows } = size();
      const told = lines(look, rows);
      // Raw mode leaves line ends to us only for input; output still turns LF into a new line.
      const text = readable(look, `${told.join('\n')}\n`);
      if (!look.spoken || told.length > 0) output.write((look.spoken ? '' : CLEAR) + text);
    },
    size,
    send: (sequence) => void output.write(sequence),
    async handOver(work) {
      give();
      try {
        return await ignoringCtrlC(work);
      } finally {
        take();
        resized();
      }
    },
    suspend() {
      if (!isOurs || process.platform === 'win32') return;
      give();
      isSuspended = true;
      stopGroup(goOn);
    },
    close,
  };
}

/** Ctrl-C is for whoever has the terminal meanwhile, and reaches this process too. */
async function ignoringCtrlC<T>(work: () => Promise<T>): Promise<T> {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    return await work();
  } finally {
    process.off('SIGINT', ignore);
  }
}

function sizeOf(output: WriteStream, plain: boolean): ReturnType<Terminal['size']> {
  const look = { ...lookOf(output), ...(plain ? { spoken: true, colour: false, links: false } : {}) };
  return { look, rows: output.rows ?? USUAL_ROWS };
}

/** npm and the shell under it stop too. Where nobody could wake them, the system stops nothing: then it goes on at once. */
function stopGroup(goOn: () => void): void {
  process.kill(0, 'SIGTSTP');
  setTimeout(goOn, UNSTOPPED);
}

// Milliseconds after which a stop has come or will not.
const UNSTOPPED = 100;

const NAMED = [
  ...['return', 'enter', 'backspace', 'escape', 'up', 'down', 'left', 'right'],
  ...['home', 'end', 'pageup', 'pagedown'],
];

/** `ctrl-c`, `return`, `up`, or the character itself in lower case; `shift-g`, which pagers tell from `g`. */
export function nameOf(text: string | undefined, key: Key): string {
  if (key.ctrl) return `ctrl-${key.name}`;
  if (key.name !== undefined && NAMED.includes(key.name)) return key.name === 'enter' ? 'return' : key.name;
  return text === 'G' ? 'shift-g' : (text ?? key.name ?? '').toLowerCase();
}
