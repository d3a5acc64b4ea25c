/** SPIN, where it is installed, on the same program as the state graph: states a second. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Builds the verifier once. Undefined where SPIN or a C compiler is missing. */
export function buildSpin(): (() => number) | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-spin-'));
  const run = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  const model = join(import.meta.dirname, 'p3.pml');
  if (run('spin', '-a', model).status !== 0) return undefined;
  if (run('gcc', '-O2', '-DSAFETY', '-DMEMLIM=4096', '-o', 'pan', 'pan.c').status !== 0) return undefined;
  return () => {
    const { stdout } = run('./pan', '-m100000', '-w22');
    const [, states] = /(\d+) states, stored/.exec(stdout) ?? [];
    const [, seconds] = /elapsed time ([\d.]+) seconds/.exec(stdout) ?? [];
    return Number(states) / Number(seconds);
  };
}
