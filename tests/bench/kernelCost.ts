/**
 * What a kernel world costs beside the bare program of its shape, P1h: steps per second of the one by those of the other, alternately. Run
 * by itself, as what times the engine alone should not load a kernel. Prints JSON.
 */

import { explore } from '../../src/explore/explore.ts';
import { p1 } from '../../src/explore/fixtures/reference.ts';
import { StateGraph } from '../../src/explore/graph.ts';
import type { Program } from '../../src/explore/program.ts';
import { programOf, statesInTheFacts, type Variant, worlds } from '../../src/linux/fixtures/section8.ts';
import { fault, generations, simulate } from '../../src/linux/index.ts';

const bars = { bar0: 4 };
const vmas = { v: { bar: 'bar0', process: 'p' } };

/** Two tasks that fault on one vma of four pages, judged by every rule. */
const world = (variant: Variant) => () =>
  simulate({ bars, vmas, tasks: { A: fault('v', 0), B: fault('v', 1) } }, generations[variant]);
/** The bare cells and locks of that. */
const bare = () => p1({ tasks: 2, pages: 4, walks: true });

/** Small programs: so often that the clock can tell. */
const ROUNDS = 300;

/** A search from the program to its last step; returns the number of steps. */
type Search = (program: Program<unknown>) => number;

/** Every state and step, with what is wrong in each: no ways to them, and no traces. */
function searchAlone(program: Program<unknown>): number {
  const graph = new StateGraph(program);
  for (let state = 0; state < graph.table.count; state++) graph.expand(state);
  return graph.edges.count;
}

/** The same with the shortest ways, the check that all of it happens again, and a trace of each thing that goes wrong. */
const withItsVerdict: Search = (program) => explore(program, { engine: 'graph', stopAt: 'never' }).steps;

/** Steps per second of the one program by those of the other. */
function ratio<One, Other>(search: Search, one: () => Program<One>, other: () => Program<Other>): number {
  const seconds = [0, 0] as [number, number];
  const steps = [0, 0] as [number, number];
  for (let round = -ROUNDS; round < ROUNDS; round++) {
    for (const [which, make] of [one, other].entries()) {
      const program = make() as Program<unknown>;
      const before = performance.now();
      const taken = search(program);
      if (round < 0) continue; // it is warming up
      seconds[which as 0 | 1] += (performance.now() - before) / 1000;
      steps[which as 0 | 1] += taken;
    }
  }
  return steps[0] / seconds[0] / (steps[1] / seconds[1]);
}

/** What this script has to say. */
export interface Cost {
  /** Of each driver: the search alone, and with its verdict. */
  readonly ratios: Readonly<Record<string, readonly [alone: number, withItsVerdict: number]>>;
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

/** By name, what is said of each variant. */
const told = <V extends Variant, T>(variants: readonly V[], tell: (variant: V) => T) =>
  Object.fromEntries(variants.map((variant) => [generations[variant].name, tell(variant)]));

const cost: Cost =
  process.argv[2] === 'states'
    ? { ratios: {}, states: told(Object.keys(statesInTheFacts) as (keyof typeof statesInTheFacts)[], statesOf) }
    : {
        ratios: told(['v5_8', 'v5_14', 'insertLoop'], (variant) => [
          ratio(searchAlone, world(variant), bare),
          ratio(withItsVerdict, world(variant), bare),
        ]),
        states: {},
      };
console.log(JSON.stringify(cost));
