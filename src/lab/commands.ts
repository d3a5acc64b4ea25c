/** Starts other programs, and ends them when the lab is told to end. */

import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly signal: AbortSignal;
  readonly timeout?: number;
}

/** Runs a program to its end. Throws where it cannot be started, or `signal` ended it. */
export function run(program: string, args: readonly string[], { signal, ...options }: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    // SIGKILL: a QEMU whose machine spins may take its time otherwise.
    const child = spawn(program, args, {
      ...options,
      signal,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** The same, for a program that must succeed. Returns what it printed; throws an Error with its last words where it failed. */
export async function mustRun(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, output } = await run(program, args, options);
  if (code === 0) return output;
  const last = output.trimEnd().split('\n').slice(-12).join('\n');
  throw new Error(`${program} ${args[0] ?? ''} failed (exit ${code}):\n${last}`);
}

/** Where a program is; undefined if it is nowhere. */
export async function whereIs(program: string): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders.filter((each) => each !== '')) {
    const path = join(folder, program);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
