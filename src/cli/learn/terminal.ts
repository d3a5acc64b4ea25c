/** Keys in, screens out, on a real terminal; whatever happens, it is left as it was found. */

import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { type Look, lookOf, readable } from '../look.ts';

const CLEAR = '\u001b[2J\u001b[H';

export interface Terminal {
  /** Shows lines in the place of those before. */
  show(lines: (look: Look) => readonly string[]): void;
  /** Gives the terminal back. May be called again. */
  close(): void;
}

/** Takes the terminal over: every key comes to `pressed`, and `resized` is called when its size changes. */
export function openTerminal(
  input: ReadStream,
  output: WriteStream,
  { pressed, resized }: { pressed(key: string): void; resized(): void },
): Terminal {
  const onKey = (text: string | undefined, key: Key) => pressed(nameOf(text, key));
  const close = () => {
    input.off('keypress', onKey);
    output.off('resize', resized);
    process.off('exit', close);
    if (input.isRaw) input.setRawMode(false);
    input.pause();
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', onKey);
  output.on('resize', resized);
  // Also after an exception that nobody caught.
  process.on('exit', close);
  input.resume();
  return {
    show(lines) {
      const look = lookOf(output);
      // Raw mode leaves line ends to us only for input; output still turns LF into a new line.
      output.write(CLEAR + readable(look, `${lines(look).join('\n')}\n`));
    },
    close,
  };
}

/** `ctrl-c`, `return`, `up`, or the character itself. */
export function nameOf(text: string | undefined, key: Key): string {
  if (key.ctrl) return `ctrl-${key.name}`;
  const named = ['return', 'enter', 'up', 'down', 'escape'];
  if (key.name !== undefined && named.includes(key.name)) return key.name === 'enter' ? 'return' : key.name;
  return (text ?? key.name ?? '').toLowerCase();
}
