/**
 * What a kernel world costs beside the bare program of its shape: steps per second of the one by those of the other, alternately. Run by
 * itself, as what times the engine alone should not load a kernel. Prints JSON.
 */

import { explore } from '../../src/explore/explore.ts';
import { p1 } from '../../src/explore/fixtures/reference.ts';
import type { Program } from '../../src/explore/program.ts';
import { programOf, statesInTheFacts, worlds } from '../../src/linux/fixtures/section8.ts';
import { fault, generations, simulate } from '../../src/linux/index.ts';

const bars = { bar0: 4 };
const vmas = { v: { bar: 'bar0', process: 'p' } };

/** Two tasks that fault on one vma of four pages and fill it entry by entry, and the bare cells and locks of that: P1h. */
const world = () =>
  simulate({ bars, vmas, tasks: { A: fault('v', 0), B: fault('v', 1) } }, generations.insertLoop, { rules: [] });
const bare = () => p1({ tasks: 2, pages: 4, walks: true });

/** Small programs: so often that the clock can tell. */
const ROUNDS = 100;

interface Sum {
  steps: number;
  seconds: number;
}

function add<World>(sum: Sum, make: () => Program<World>): void {
  const program = make();
  const before = performance.now();
  const { steps } = explore(program, { engine: 'graph', stopAt: 'never' });
  sum.seconds += (performance.now() - before) / 1000;
  sum.steps += steps;
}

/** What this script has to say. */
export interface Cost {
  /** Of the rates. */
  readonly ratio: number;
  /** Of each variant of section 8 in each of its worlds: the states here, and in the facts. */
  readonly states: Readonly<Record<string, readonly (readonly [here: number, facts: number])[]>>;
}

function statesOf(variant: keyof typeof statesInTheFacts): [number, number][] {
  const facts = statesInTheFacts[variant];
  return Object.values(worlds).map((each, at) => {
    const { states = 0 } = explore(programOf(each, variant), { engine: 'graph', stopAt: 'never' });
    return [states, facts[at] as number];
  });
}

function ratio(): number {
  let sums = { world: { steps: 0, seconds: 0 }, bare: { steps: 0, seconds: 0 } };
  for (let round = 0; round < 2 * ROUNDS; round++) {
    if (round === ROUNDS) sums = { world: { steps: 0, seconds: 0 }, bare: { steps: 0, seconds: 0 } }; // it was warming up
    add(sums.world, world);
    add(sums.bare, bare);
  }
  const rate = ({ steps, seconds }: Sum) => steps / seconds;
  return rate(sums.world) / rate(sums.bare);
}

const variants = Object.keys(statesInTheFacts) as (keyof typeof statesInTheFacts)[];
const wantsStates = process.argv[2] === 'states';
const cost: Cost = {
  ratio: ratio(),
  states: wantsStates ? Object.fromEntries(variants.map((each) => [generations[each].name, statesOf(each)])) : {},
};
console.log(JSON.stringify(cost));
