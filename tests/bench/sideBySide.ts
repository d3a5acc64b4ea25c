/**
 * One program explored by the engines in turn, and by the two side by side, alternately: `node sideBySide.ts <name> <rounds>`. Prints
 * JSON. Seconds of the clock: what else the machine does takes more from two threads than from one.
 */

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

async function secondsOf(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}

async function measure({ export: name, make, shape }: (typeof pairs)[keyof typeof pairs]): Promise<Pair> {
  const options = { executions: 2_000_000, states: 2_000_000 };
  const module = new URL('../../src/explore/fixtures/reference.ts', import.meta.url).href;
  const together = await secondsOf(() => exploreInParallel({ module, export: name, arguments: [shape] }, options));
  const alone = await secondsOf(() => explore(make() as Program<unknown>, options));
  return { faster: alone / together, alone };
}

async function medianOf(pair: (typeof pairs)[keyof typeof pairs], rounds: number): Promise<Pair> {
  const all: Pair[] = [];
  for (let round = 0; round < rounds; round++) all.push(await measure(pair));
  return { faster: median(all.map(({ faster }) => faster)), alone: all.at(-1)?.alone ?? Number.NaN };
}

const [wanted = '', rounds = '3'] = process.argv.slice(2);
if (wanted in pairs) console.log(JSON.stringify(await medianOf(pairs[wanted as keyof typeof pairs], Number(rounds))));
