/** One timed run in a process of its own: `node child.js <program>`, or `resumes` for how fast bare generators are. Prints JSON. */

import { readFileSync } from 'node:fs';
import { explore, start } from '../../src/explore/explore.ts';
import { p3 } from '../../src/explore/fixtures/reference.ts';
import { resume, timed } from './cpu.ts';
import { everything, programs } from './programs.ts';

/** What a child has to say. */
export interface Result {
  readonly seconds: number;
  /** CPU seconds of the thread that explores; and of the whole process so far, with its start, its compiler and its collector. */
  readonly cpu: number;
  readonly wholeCpu: number;
  /** Executions or states, resumes, or nothing. */
  readonly count: number;
  readonly steps: number;
  /** Megabytes. */
  readonly peak: number;
}

function timeOf(run: () => { readonly count: number; readonly steps: number }): Result {
  const before = performance.now();
  const { result, cpu } = timed(run);
  const seconds = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage();
  return { ...result, seconds, cpu, wholeCpu: (user + system) / 1e6, peak: peak() };
}

/** In megabytes. Linux's own figure, where there is one: the other counts what the parent had when it started this process. */
function peak(): number {
  const kilobytes =
    process.platform === 'linux' && /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes || process.resourceUsage().maxRSS) / 1024;
}

function search(name: string) {
  const program = programs[name];
  if (!program) throw new Error(`no program ${name}`);
  const { engine, make } = program;
  const { executions = 0, deadlocks = 0, states = 0, steps } = explore(make(), { engine, ...everything });
  return { count: engine === 'dpor' ? executions + deadlocks : states, steps };
}

function bareResumes() {
  const wanted = 20_000_000;
  return { count: resume(wanted), steps: wanted };
}

/** Two million executions in one search: how long the last million takes beside the first. */
function longSearch() {
  const found = start(p3({ tasks: 6 }), { engine: 'dpor', ...everything });
  const seconds: number[] = [];
  for (const wanted of [1_000_000, 2_000_000]) {
    const { cpu } = timed(() => {
      while (found.executions < wanted) found.run(1000);
    });
    seconds.push(cpu);
  }
  const [first = 0, last = 0] = seconds;
  return { count: Math.round((100 * first) / last), steps: 2_000_000 };
}

const others: Readonly<Record<string, () => { readonly count: number; readonly steps: number }>> = {
  resumes: bareResumes,
  'two million executions': longSearch,
};

const [name = ''] = process.argv.slice(2);
console.log(JSON.stringify(timeOf(others[name] ?? (() => search(name)))));
