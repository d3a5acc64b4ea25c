/** A house with a small course of its own, in which tests run the commands of the terminal as processes. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../src/course/node/course-files.ts';

/** The small course: one exercise. */
export const fixture = join(projectRoot, 'tests', 'fixtures', 'course');
/** The folder of its exercise, relative to a house. */
export const answers = join('exercises', '05-count-a-fault');

export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** With the small course, or with the whole one. */
export function buildHouse(course: string = fixture) {
  const house = realpathSync(mkdtempSync(join(tmpdir(), 'faultline-house-')));
  for (const name of ['src', 'package.json', 'tsconfig.base.json']) {
    cpSync(join(projectRoot, name), join(house, name), { recursive: true });
  }
  for (const name of ['content', 'exercises']) cpSync(join(course, name), join(house, name), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(house, 'node_modules'), 'junction');

  /** As npm would run it, without colours and with UTF-8. */
  const called = (command: string, args: readonly string[], env: Record<string, string>) => {
    const { npm_lifecycle_event: _, INIT_CWD: __, ...outside } = process.env;
    return {
      args: [join(house, 'src', 'cli', `${command}.ts`), ...args],
      env: { ...outside, NO_COLOR: '1', LC_ALL: 'C.UTF-8', ...env },
    };
  };
  /** Runs `node src/cli/<command>.ts` to its end. */
  const run = (command: string, args: readonly string[], env: Record<string, string> = {}, cwd = house): Said => {
    const call = called(command, args, env);
    const options = { cwd, env: call.env, encoding: 'utf8', input: '', maxBuffer: 2 ** 26 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, call.args, options);
    return { status, stdout, stderr };
  };
  /** Starts it; what it has said comes with its end. */
  const begin = (command: string, args: readonly string[], env: Record<string, string> = {}) => {
    const call = called(command, args, env);
    const child = spawn(process.execPath, call.args, { cwd: house, env: call.env, stdio: ['ignore', 'pipe', 'pipe'] });
    return { child, ended: endOf(child) };
  };
  return {
    house,
    run,
    begin,
    grade: (...args: string[]) => run('grade', ['count-a-fault', ...args]),
    /** Writes the learner's own file. */
    draft(text: string): void {
      mkdirSync(join(house, 'my'), { recursive: true });
      writeFileSync(join(house, 'my', 'count-a-fault.ts'), text);
    },
    progress: () => JSON.parse(readFileSync(join(house, 'my', 'progress.json'), 'utf8')),
    /** Nothing begun. */
    clear: () => rmSync(join(house, 'my'), { recursive: true, force: true }),
    remove: () => rmSync(house, { recursive: true, force: true }),
  };
}

async function endOf(child: ChildProcess): Promise<Said & { readonly signal: NodeJS.Signals | null }> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const { promise, resolve } = Promise.withResolvers<Said & { readonly signal: NodeJS.Signals | null }>();
  child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  return promise;
}
