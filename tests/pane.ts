/** A program in a real terminal: a pane of tmux, into which keys are sent and whose screen is read. */

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'vitest';

/** Why nothing can be driven here; undefined where it can. */
export const whyNoPane: string | undefined =
  spawnSync('tmux', ['-V']).status === 0 ? undefined : 'tmux is not installed (Debian: apt-get install tmux)';

export interface PaneOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
  /** Under a shell that has jobs: says so when this one is stopped, and takes it up again after Enter. */
  readonly hasJobs?: boolean;
}

let panes = 0;

export class Pane {
  readonly #socket = join(tmpdir(), `faultline-${process.pid}-${panes++}.tmux`);
  readonly #log: string;

  /** Starts the course in its house, as `npm run learn` does. */
  constructor(
    house: string,
    args: readonly string[],
    { env = {}, columns = 80, rows = 70, hasJobs = false }: PaneOptions = {},
  ) {
    this.#log = join(house, `${basename(this.#socket)}.log`);
    const set = Object.entries({ NO_COLOR: '1', LC_ALL: 'C.UTF-8', ...env }).map(
      ([name, value]) => `${name}='${value}'`,
    );
    const program = [process.execPath, join(house, 'src', 'cli', 'learn.ts'), ...args].map((word) => `'${word}'`);
    // The log is there before the program is. How it ends is to be seen, and the terminal as it left it.
    const course = `env -u VISUAL -u EDITOR ${[...set, ...program].join(' ')}`;
    const run = hasJobs ? `set -m; ${course}; echo "stopped"; stty -a; read go; fg` : course;
    const command = `read go; ${run}; echo "ended with $?"; stty -a; exec cat`;
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, '-s', 'one', '-c', house, '/bin/sh', '-c', command);
    this.#tmux('pipe-pane', '-t', 'one', `cat > '${this.#log}'`);
    this.keys('Enter');
  }

  /** What is on the screen now. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'one');
  }

  /** Everything that was written to the terminal. */
  written(): string {
    return readFileSync(this.#log, 'utf8');
  }

  /** Presses keys, by the names that tmux has for them. */
  keys(...keys: readonly string[]): void {
    this.#tmux('send-keys', '-t', 'one', ...keys);
  }

  /** Until the screen shows it. */
  async shows(what: RegExp | string): Promise<void> {
    const shown = expect.poll(() => this.screen(), { timeout: 60_000, interval: 100 });
    await (typeof what === 'string' ? shown.toContain(what) : shown.toMatch(what));
  }

  close(): void {
    this.#tmux('kill-server');
    // tmux leaves its socket behind.
    rmSync(this.#socket, { force: true });
    rmSync(this.#log, { force: true });
  }

  #tmux(...args: readonly string[]): string {
    const { TMUX: _, ...env } = process.env;
    return spawnSync('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8', env: { ...env, LC_ALL: 'C.UTF-8' } })
      .stdout;
  }
}
