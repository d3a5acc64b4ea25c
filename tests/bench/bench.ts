/**
 * `npm run bench`: how fast the engines are, program by program, and the ratios that do not depend on the machine: new steps
 * to bare generator resumes measured in between, states a second to those of SPIN where it is installed, seconds to those
 * that other tools needed, scaled by resumes, of CPU time and by the clock (the engine's compiler works on a second core, so on a machine
 * with other work the clock says nothing); what it costs a grading that its realm is frozen; and how long a learner waits, beside
 * how long with `vitest --watch`. Medians of so many runs (`-- 5`), each in a process of its own; what can be compared in one
 * process, when it is warm, is.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import type { Result } from './child.ts';
import { median } from './cpu.ts';
import type { Frozen } from './frozen.ts';
import type { Ratios } from './inOneProcess.ts';
import type { Cost } from './kernelCost.ts';
import { PEERS_RESUMES, programs, type Timed } from './programs.ts';
import type { SaveToVerdict } from './saveToVerdict.ts';
import { type Pair, pairs } from './sideBySide.ts';
import { buildSpin } from './spin.ts';

const house = resolve(import.meta.dirname, '../..');
const child = join(house, '.cache/bench/child.js');
const inOneProcess = join(house, '.cache/bench/inOneProcess.js');
const sideBySide = join(import.meta.dirname, 'sideBySide.ts');
const saveToVerdict = join(import.meta.dirname, 'saveToVerdict.ts');
const kernelCost = join(import.meta.dirname, 'kernelCost.ts');
const frozen = join(import.meta.dirname, 'frozen.ts');
const latency = join(import.meta.dirname, '../browser/latency.ts');
const lighthouse = join(import.meta.dirname, 'lighthouse.ts');
const runs = Number(process.argv[2] ?? 5);

/**
 * One script: nothing is stripped or resolved while the clock runs. What is constant at the top of a module stays so, as where
 * Node runs the sources: as `var`, which is what Vite would make of it, it is asked for each time.
 */
async function buildScript(path: string): Promise<void> {
  const result = await build({
    configFile: false,
    root: house,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2024',
      ssr: join(import.meta.dirname, basename(path).replace('.js', '.ts')),
      rolldownOptions: { output: { topLevelVar: false } },
    },
  });
  const [script] = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  if (script?.type !== 'chunk') throw new Error('the timed script could not be built');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, script.code);
}

interface Run extends Result {
  /** From the start of the process to its end. */
  readonly whole: number;
}

/** What the script says of that. */
function inAProcess(script: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

function run(name: string): Run {
  const before = performance.now();
  const said = inAProcess(child, name);
  const whole = (performance.now() - before) / 1000;
  return { ...(JSON.parse(said) as Result), whole };
}

interface Costly extends Run {
  /** How many bare resumes would have been done in the CPU time of the search, and of the whole process. */
  readonly resumes: number;
  readonly wholeResumes: number;
  /** Likewise by the clock. */
  readonly clockResumes: number;
}

/** Bare resumes a second, now: of CPU time, and by the clock. */
function resumesNow(): { readonly cpu: number; readonly clock: number } {
  const { steps, cpu, seconds } = run('resumes');
  return { cpu: steps / cpu, clock: steps / seconds };
}

/** The run of median length; its CPU times are medians too, each by the resumes just before and after: other load slows all. */
function medianRun(name: string): Costly {
  const all = Array.from({ length: runs }, () => {
    const before = resumesNow();
    const one = run(name);
    const after = resumesNow();
    const rate = (before.cpu + after.cpu) / 2;
    const clockResumes = (one.whole * (before.clock + after.clock)) / 2;
    return { ...one, resumes: one.cpu * rate, wholeResumes: one.wholeCpu * rate, clockResumes };
  });
  const medianOf = (value: (each: Costly) => number) => median(all.map(value));
  const middle = medianOf(({ seconds }) => seconds);
  return {
    ...(all.find(({ seconds }) => seconds === middle) as Costly),
    whole: medianOf(({ whole }) => whole),
    wholeCpu: medianOf(({ wholeCpu }) => wholeCpu),
    resumes: medianOf(({ resumes }) => resumes),
    wholeResumes: medianOf(({ wholeResumes }) => wholeResumes),
    clockResumes: medianOf(({ clockResumes }) => clockResumes),
  };
}

const shown = (value: number, digits = 2): string =>
  value >= 1e6
    ? `${(value / 1e6).toFixed(digits)}M`
    : value >= 1e3
      ? `${(value / 1e3).toFixed(0)}k`
      : value.toFixed(digits);

function row(cells: readonly (string | number)[]): void {
  console.log(cells.map((cell, at) => (at === 0 ? String(cell).padEnd(20) : String(cell).padStart(10))).join(' '));
}

/** How many times faster than a tool that needed so long, in whole processes, each on its own machine in bare resumes. */
function faster(seconds: number | undefined, resumes: number): number | undefined {
  return seconds === undefined ? undefined : (seconds * PEERS_RESUMES) / resumes;
}

const times = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(1)}×`);

/** Over programs for which GenMC needed more than a second. */
const ratios = {
  genmc: [] as number[],
  nidhugg: [] as number[],
  genmcByClock: [] as number[],
  nidhuggByClock: [] as number[],
};

function timeProgram(name: string, { count, engine, genmc, nidhugg }: Timed): Costly {
  const found = medianRun(name);
  if (found.count !== count) throw new Error(`${name}: ${found.count} ${engine}, and there are ${count}`);
  const [toGenmc, toNidhugg] = [genmc, nidhugg].map((each) => faster(each, found.wholeResumes));
  if (genmc !== undefined && genmc > 1) {
    const [genmcByClock, nidhuggByClock] = [genmc, nidhugg].map((each) => faster(each, found.clockResumes));
    for (const [name, ratio] of Object.entries({ genmc: toGenmc, nidhugg: toNidhugg, genmcByClock, nidhuggByClock }))
      if (ratio !== undefined) ratios[name as keyof typeof ratios].push(ratio);
  }
  row([
    name,
    count,
    shown(found.steps),
    found.seconds.toFixed(3),
    found.whole.toFixed(2),
    shown(count / found.seconds),
    shown(found.steps / found.seconds),
    found.wholeCpu.toFixed(2),
    (found.steps / found.resumes).toFixed(3),
    found.peak.toFixed(0),
    times(toGenmc),
    times(toNidhugg),
  ]);
  return found;
}

const geometricMean = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

await Promise.all([child, inOneProcess].map(buildScript));
console.log(`Medians of ${runs} runs. Bare generator resumes: ${shown(resumesNow().cpu)} a CPU second.\n`);
row([
  '',
  'found',
  'steps',
  's',
  'whole s',
  'found/s',
  'steps/s',
  'whole CPU s',
  '/resumes',
  'peak MB',
  '/GenMC',
  '/Nidhugg',
]);
const found = new Map(Object.entries(programs).map(([name, each]) => [name, timeProgram(name, each)]));

console.log('\nGeometric means where GenMC needed more than a second (15× is wanted, and of each 4×):');
const meanOf = (values: readonly number[]) =>
  `${geometricMean(values).toFixed(1)}× (the least ${Math.min(...values).toFixed(1)}×)`;
console.log(`  GenMC: ${meanOf(ratios.genmcByClock)} by the clock, ${meanOf(ratios.genmc)} in CPU time`);
console.log(`  Nidhugg: ${meanOf(ratios.nidhuggByClock)} by the clock, ${meanOf(ratios.nidhugg)} in CPU time`);

const graph = found.get('graph P3(8,2,0)') as Costly;
const spin = buildSpin();
if (spin) {
  const rates = Array.from({ length: runs }, spin);
  const ours = graph.count / graph.seconds;
  console.log(
    `\nSPIN on P3(8,2,0): ${shown(median(rates))} states/s; the graph: ${(ours / median(rates)).toFixed(2)} of that`,
  );
} else console.log('\nSPIN is not installed (Debian: spin, gcc): not compared.');

const costOf = (name: string) => found.get(name)?.resumes ?? Number.NaN;
console.log(
  `P1s(6,2,0), with symmetry: ${(costOf('graph P1s(6,2,0)') / costOf('graph P3(6,2,0)')).toFixed(1)} of the time of P3(6,2,0) without`,
);
const warm = JSON.parse(inAProcess(inOneProcess, String(runs))) as Ratios;
for (const [name, ratio] of Object.entries(warm.steps))
  console.log(
    `${name}, when warm: new steps at ${ratio.toFixed(3)} of the rate of bare resumes (at least 0.10 is wanted)`,
  );
for (const [all, ratio] of Object.entries(warm.least))
  console.log(`The least counterexample of P1h(4,2,0), when warm: in ${ratio.toFixed(3)} of the time of ${all}`);
console.log(
  `Two million executions in one search: the last million at ${medianRun('two million executions').count} % of the speed of the first`,
);

const { states } = JSON.parse(inAProcess(kernelCost, 'states')) as Cost;
console.log('\nStates here / in the facts (section 8): 2 faulters, fault + zapper, 2 faulters + zapper');
for (const [name, cells] of Object.entries(states))
  console.log(`  ${name.padEnd(28)} ${cells.map(([here, facts]) => `${here} / ${facts}`.padStart(16)).join('')}`);
const costs = Array.from({ length: runs }, () => (JSON.parse(inAProcess(kernelCost, '')) as Cost).ratios);
console.log(
  'Two faults on a vma of four pages, all rules: steps by those of P1h(2,4,0); the search alone, and with its verdict',
);
for (const name of Object.keys(costs[0] ?? {})) {
  const [alone, withItsVerdict] = ([0, 1] as const).map((which) =>
    median(costs.map((each) => each[name]?.[which] ?? 0)),
  );
  console.log(`  ${name.padEnd(28)} ${alone?.toFixed(2)} ${withItsVerdict?.toFixed(2)}`);
}

for (const name of Object.keys(pairs)) {
  const { faster, alone } = JSON.parse(inAProcess(sideBySide, name, String(runs))) as Pair;
  console.log(
    `Side by side, ${name}: ${faster.toFixed(2)}× as fast as in turns, which take ${alone.toFixed(1)} s (1.60 is wanted beyond two)`,
  );
}

const { ratio } = JSON.parse(inAProcess(frozen, String(runs))) as Frozen;
console.log(
  `Gradings in a frozen realm, when warm: in ${ratio.toFixed(2)} of the time of those in an open one (1.00 is wanted)`,
);

const timedSaves = inAProcess(saveToVerdict, String(runs));
if (timedSaves) {
  const { saves, cold } = JSON.parse(timedSaves) as SaveToVerdict;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  console.log(
    `From save to verdict: learn ${ms(saves.ours)}, vitest --watch ${ms(saves.vitest)}: ${(saves.ours / saves.vitest).toFixed(2)} of its time (at most 0.50 is wanted)`,
  );
  console.log(
    `From a cold start to the first verdict: grade ${ms(cold.grade)}, learn ${ms(cold.learn)} (less than 1000 is wanted), vitest run ${ms(cold.vitest)}: ${(cold.grade / cold.vitest).toFixed(2)} and ${(cold.learn / cold.vitest).toFixed(2)} of its time`,
  );
} else console.log('There is no script (Debian: bsdutils): from save to verdict was not timed.');

if (existsSync(join(house, 'dist/index.html'))) {
  const { first, written, warm } = JSON.parse(inAProcess(latency, '')) as {
    readonly first: readonly number[];
    readonly written: readonly number[];
    readonly warm: readonly number[];
  };
  const shownAt = (share: number) =>
    warm.toSorted((one, other) => one - other)[Math.floor(share * (warm.length - 1))]?.toFixed(0);
  console.log(
    `\nIn the page, from Run to the verdict, all solutions: median ${shownAt(0.5)} ms, p95 ${shownAt(0.95)} ms; the first after load at most ${Math.max(...first).toFixed(0)} ms at once, ${Math.max(...written).toFixed(0)} ms after some seconds of writing`,
  );
  spawnSync(process.execPath, [lighthouse], { stdio: 'inherit' });
} else
  console.log(
    '\nThe site is not built (npm run build): from Run to the verdict is not timed, nor are its pages rated.',
  );
