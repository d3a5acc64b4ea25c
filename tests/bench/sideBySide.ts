/**
 * One program explored by the engines in turn, and by the two side by side, alternately: `node sideBySide.ts <name> <rounds>`. Prints
 * JSON. Each in a process of its own, which has compiled nothing yet: threads compile for themselves. Seconds of the clock: what else
 * the machine does takes more from two threads than from one.
 */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { explore } from '../../src/explore/explore.ts';
import { p1, p3 } from '../../src/explore/fixtures/reference.ts';
import { exploreInParallel } from '../../src/explore/node/parallel.ts';
import type { Program } from '../../src/explore/program.ts';
import { median } from './cpu.ts';

const shape = { tasks: 5, ptl: 'each' } as const;

export const pairs = {
  'P3(8,2,0), which the graph settles': { export: 'p3', make: () => p3({ tasks: 8 }), shape: { tasks: 8 } },
  'P1(5,2,1), which DPOR settles': { export: 'p1', make: () => p1(shape), shape },
} as const;

export interface Pair {
  /** How many times as fast side by side: the median of the rounds. */
  readonly faster: number;
  /** Seconds in turn, in the last round. */
  readonly alone: number;
}

type Named = (typeof pairs)[keyof typeof pairs];

const options = { executions: 2_000_000, states: 2_000_000 };
const module = new URL('../../src/explore/fixtures/reference.ts', import.meta.url).href;

async function secondsOf(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}

const ways = {
  together: ({ export: name, shape }: Named) =>
    exploreInParallel({ module, export: name, arguments: [shape] }, options),
  alone: ({ make }: Named) => explore(make() as Program<unknown>, options),
} as const;

/** Seconds that a new process takes for it, without its start. */
const secondsIn = (name: string, way: keyof typeof ways): number =>
  Number(execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name, way]));

function medianOf(name: string, rounds: number): Pair {
  const all = Array.from({ length: rounds }, () => {
    const together = secondsIn(name, 'together');
    const alone = secondsIn(name, 'alone');
    return { faster: alone / together, alone };
  });
  return { faster: median(all.map(({ faster }) => faster)), alone: all.at(-1)?.alone ?? Number.NaN };
}

const [wanted = '', what = '3'] = process.argv.slice(2);
if (wanted in pairs) {
  const isWay = (it: string): it is keyof typeof ways => it in ways;
  const said = isWay(what)
    ? await secondsOf(() => ways[what](pairs[wanted as keyof typeof pairs]))
    : medianOf(wanted, Number(what));
  console.log(JSON.stringify(said));
}
