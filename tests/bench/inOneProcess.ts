/**
 * Ratios of things that are done alternately in one process, after some rounds to warm up: `node inOneProcess.js <rounds>`. Prints
 * JSON. What a process needs to start and to compile is not in them; and what slows the machine down slows both down.
 */

import { explore } from '../../src/explore/explore.ts';
import { p1 } from '../../src/explore/fixtures/reference.ts';
import { median, resume, timed } from './cpu.ts';
import { everything, programs } from './programs.ts';

/** What this script has to say: medians. */
export interface Ratios {
  /** By program: new steps a second by bare resumes a second. */
  readonly steps: Readonly<Record<string, number>>;
  /** The time to the least counterexample of P1h(4,2,0), by that to explore the program fully, as it is read. */
  readonly least: Readonly<Record<string, number>>;
}

const rounds = Number(process.argv[2] ?? 5);
const WARMING_UP = 2;
const RESUMES = 5_000_000;

function stepsByResumes(name: string): number {
  const program = programs[name];
  if (!program) throw new Error(`no program ${name}`);
  const ratios: number[] = [];
  for (let round = -WARMING_UP; round < rounds; round++) {
    const before = timed(() => resume(RESUMES)).cpu;
    const search = timed(() => explore(program.make(), { engine: 'dpor', ...everything }));
    const after = timed(() => resume(RESUMES)).cpu;
    const resumes = (2 * RESUMES) / (before + after);
    if (round >= 0) ratios.push(search.result.steps / search.cpu / resumes);
  }
  return median(ratios);
}

const p1h = (asserts: boolean) => p1({ tasks: 4, walks: true, asserts });
/** Every state, and the shortest way to each thing that is to be told. */
const allOf = (asserts: boolean) => () => explore(p1h(asserts), { engine: 'graph', stopAt: 'never' });

function leastByAll(all: () => unknown): number {
  const ratios: number[] = [];
  for (let round = -WARMING_UP; round < rounds; round++) {
    const whole = timed(all).cpu;
    const { result, cpu } = timed(() => explore(p1h(true)));
    if (!result.violation?.minimal) throw new Error('no least counterexample was found');
    if (round >= 0) ratios.push(cpu / whole);
  }
  return median(ratios);
}

const ratios: Ratios = {
  steps: Object.fromEntries(['P1(4,2,0)', 'P3(5,2,0)', 'P1(5,2,1)'].map((name) => [name, stepsByResumes(name)])),
  least: {
    'all of it': leastByAll(allOf(false)),
    'all of it, tasks stopped by what they assert': leastByAll(allOf(true)),
  },
};
console.log(JSON.stringify(ratios));
