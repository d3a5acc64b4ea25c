/** The learner's editor, as `$VISUAL` or `$EDITOR` names it. */

import { spawn } from 'node:child_process';
import { basename } from 'node:path';

interface Environment {
  readonly [name: string]: string | undefined;
}

export interface Editor {
  /** As a shell reads it: it may have arguments. */
  readonly command: string;
  /** It has a window of its own, and leaves the terminal alone. */
  readonly hasWindow: boolean;
}

const WINDOWED =
  /^(code|code-insiders|codium|vscodium|cursor|windsurf|zed|zeditor|subl|sublime_text|atom|gedit|gnome-text-editor|kate|kwrite|gvim|mvim|mate|bbedit|xed|pluma|mousepad|geany|idea|webstorm|clion|fleet|notepad|notepad\+\+|open|xdg-open|start)$/i;

/** `$VISUAL`, then `$EDITOR`; undefined where neither is set. */
export function editorOf(env: Environment = process.env): Editor | undefined {
  const command = env.VISUAL?.trim() || env.EDITOR?.trim();
  if (!command) return undefined;
  const [, quoted, plain] = /^(?:"([^"]+)"|(\S+))/.exec(command) ?? [];
  const program = basename((quoted ?? plain ?? '').replaceAll('\\', '/')).replace(/\.(exe|cmd)$/i, '');
  return { command, hasWindow: WINDOWED.test(program) };
}

/** Opens a file in it. Resolves when it has ended, with what went wrong; at once for one that has a window of its own. */
export async function openIn({ command, hasWindow }: Editor, file: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(...lineFor(command, file), {
    stdio: hasWindow ? 'ignore' : 'inherit',
    detached: hasWindow,
  });
  child.once('error', ({ message }) => resolve(message));
  child.once('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? code}`));
  if (!hasWindow) return promise;
  child.unref();
  // One that cannot be started ends soon; of one that runs on, nothing is to be said.
  return Promise.race([promise, new Promise<undefined>((done) => setTimeout(done, SOON, undefined).unref())]);
}

// Milliseconds.
const SOON = 300;

/** A shell reads the command, so that arguments and quotes in it mean what they mean there; the file's name is never read so. */
function lineFor(command: string, file: string): [string, string[]] {
  if (process.platform === 'win32') return ['cmd.exe', ['/d', '/s', '/c', `${command} "${file}"`]];
  return ['/bin/sh', ['-c', `${command} "$@"`, 'sh', file]];
}
