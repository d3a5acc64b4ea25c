/** What the lab can be asked for, and within which bounds. */

import { parseArgs } from 'node:util';
import { MODES, type Mode, VARIANTS, type Variant } from './recording.ts';

export interface LabOptions {
  readonly variant: Variant;
  /** The file of a vfio-pci-core.ko that takes the place of Debian's: the variant is then `own`. */
  readonly driver: string | undefined;
  readonly mode: Mode;
  readonly threads: number;
  readonly cpus: number;
  readonly iterations: number;
  readonly pages: number;
  /** For how many microseconds a fill is held back. */
  readonly delay: number;
  readonly trace: boolean;
  /** The file that the recording goes into. */
  readonly record: string | undefined;
  readonly json: boolean;
}

// As many as a world of the simulation holds.
const MOST_THREADS = 4;
const MOST_PAGES_TRACED = 8;
// BAR0 of QEMU's "edu" has 1 MiB.
const MOST_PAGES = 256;
const ITERATIONS = 100;
const ITERATIONS_TRACED = 60;

/** Reads a command line. Throws an Error that says what is wrong with it. */
export function parseOptions(args: readonly string[]): LabOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      variant: { type: 'string' },
      driver: { type: 'string' },
      mode: { type: 'string', default: 'remap' },
      threads: { type: 'string' },
      cpus: { type: 'string' },
      iterations: { type: 'string' },
      pages: { type: 'string' },
      delay: { type: 'string' },
      trace: { type: 'boolean' },
      record: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  // Unless much is asked for, a trace costs little, and without one there is nothing to draw.
  const trace = values.trace ?? (values.iterations === undefined || values.record !== undefined);
  for (const option of ['record', 'driver'] as const)
    if (values[option] === '') throw new Error(`--${option} takes the name of a file.`);
  const { driver } = values;
  if (driver !== undefined) refuseBesideDriver(values);
  const threads = within('threads', values.threads, [2, MOST_THREADS], 2);
  return {
    variant: driver === undefined ? oneOf('variant', VARIANTS, values.variant ?? 'early') : 'own',
    driver,
    mode: oneOf('mode', MODES, values.mode),
    threads,
    cpus: within('cpus', values.cpus, [1, MOST_THREADS], threads),
    iterations: within(
      'iterations',
      values.iterations,
      [1, trace ? 1000 : 100_000],
      trace ? ITERATIONS_TRACED : ITERATIONS,
    ),
    pages: pagesWanted(values.pages, threads, trace),
    delay: within('delay', values.delay, [0, 100_000], 0),
    trace,
    record: values.record,
    json: values.json,
  };
}

/** A driver that somebody has built has its own handler, and no generation of the simulation stands for it. */
function refuseBesideDriver({ variant, delay, record }: { variant?: string; delay?: string; record?: string }): void {
  const of = { variant, delay, record };
  const wrong = Object.entries(of).find(([, value]) => value !== undefined)?.[0];
  if (wrong !== undefined) throw new Error(`--driver brings its own handler: leave --${wrong} out.`);
}

function pagesWanted(text: string | undefined, threads: number, trace: boolean): number {
  const pages = within('pages', text, [threads, MOST_PAGES], MOST_PAGES_TRACED);
  if (trace && pages > MOST_PAGES_TRACED)
    throw new Error(
      `A traced run has at most ${MOST_PAGES_TRACED} pages, as a world of the simulation has: --pages ${MOST_PAGES_TRACED}.`,
    );
  return pages;
}

function oneOf<Name extends string>(option: string, names: readonly Name[], text: string): Name {
  const name = names.find((each) => each === text);
  if (name === undefined) throw new Error(`--${option} takes one of ${names.join(', ')}, not "${text}".`);
  return name;
}

type Bounds = readonly [least: number, most: number];

function within(option: string, text: string | undefined, [least, most]: Bounds, usual: number): number {
  if (text === undefined) return usual;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`--${option} takes a number from ${least} to ${most}, not "${text}".`);
}

/** The command that asks for the same, as a person would type it. */
export function commandFor({
  variant,
  driver,
  mode,
  threads,
  cpus,
  iterations,
  pages,
  delay,
  trace,
}: LabOptions): string {
  const numbers = { threads, cpus, iterations, pages, ...(delay > 0 && { delay }) };
  const options = Object.entries(numbers).map(([name, value]) => `--${name} ${value}`);
  return [
    'npm run lab --',
    driver === undefined ? `--variant ${variant}` : `--driver ${driver}`,
    `--mode ${mode}`,
    ...options,
    ...(trace ? ['--trace'] : []),
  ].join(' ');
}
