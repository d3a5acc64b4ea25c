/** One timed run in a process of its own: `node child.js <program>`, or `resumes` for how fast bare generators are. Prints JSON. */

import { readFileSync } from 'node:fs';
import { explore, start } from '../../src/explore/explore.ts';
import { p1, p3 } from '../../src/explore/fixtures/reference.ts';
import type { ExploreOptions } from '../../src/explore/program.ts';
import { timed } from './programs.ts';

/** What a child has to say. */
export interface Result {
  readonly seconds: number;
  /** Executions or states, resumes, or nothing. */
  readonly count: number;
  readonly steps: number;
  /** Megabytes. */
  readonly peak: number;
}

const everything: ExploreOptions = { executions: Number.POSITIVE_INFINITY, states: Number.POSITIVE_INFINITY };

function timeOf(run: () => { readonly count: number; readonly steps: number }): Result {
  const before = performance.now();
  const { count, steps } = run();
  const seconds = (performance.now() - before) / 1000;
  return { seconds, count, steps, peak: peak() };
}

/** In megabytes. Linux's own figure, where there is one: the other counts what the parent had when it started this process. */
function peak(): number {
  const kilobytes =
    process.platform === 'linux' && /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes || process.resourceUsage().maxRSS) / 1024;
}

function search(name: string) {
  const program = timed[name];
  if (!program) throw new Error(`no program ${name}`);
  const { engine, make } = program;
  const { executions = 0, deadlocks = 0, states = 0, steps } = explore(make(), { engine, ...everything });
  return { count: engine === 'dpor' ? executions + deadlocks : states, steps };
}

/** A generator that yields numbers, resumed twenty million times. */
function resumes() {
  const wanted = 20_000_000;
  const generator = (function* () {
    for (let i = 0; ; i++) yield i;
  })();
  let sum = 0;
  for (let i = 0; i < wanted; i++) sum += generator.next().value as number;
  return { count: sum > 0 ? wanted : 0, steps: wanted };
}

/** Two million executions in one search: how long the last million takes beside the first. */
function longSearch() {
  const found = start(p3({ tasks: 6 }), { engine: 'dpor', ...everything });
  const seconds: number[] = [];
  for (const wanted of [1_000_000, 2_000_000]) {
    const before = performance.now();
    while (found.executions < wanted) found.run(1000);
    seconds.push((performance.now() - before) / 1000);
  }
  const [first = 0, last = 0] = seconds;
  return { count: Math.round((100 * first) / last), steps: 2_000_000 };
}

/** Every state, and the shortest way to each thing that is to be told. */
function allOf(program: ReturnType<typeof p1>) {
  const { states = 0, steps } = explore(program, { engine: 'graph', stopAt: 'never' });
  return { count: states, steps };
}

const others: Readonly<Record<string, () => { readonly count: number; readonly steps: number }>> = {
  resumes,
  'two million executions': longSearch,
  'P1h(4,2,0) least counterexample': () => {
    const { violation, steps } = explore(p1({ tasks: 4, walks: true, asserts: true }));
    return { count: violation?.minimal ? violation.trace.steps.length : 0, steps };
  },
  'P1h(4,2,0) all of it': () => allOf(p1({ tasks: 4, walks: true })),
  'P1h(4,2,0) all of it, tasks stopped by what they assert': () => allOf(p1({ tasks: 4, walks: true, asserts: true })),
};

const [name = ''] = process.argv.slice(2);
console.log(JSON.stringify(timeOf(others[name] ?? (() => search(name)))));
