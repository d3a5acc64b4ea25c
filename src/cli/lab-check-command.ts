/** `npm run lab:check`: fresh runs of a real kernel, each held against the simulation. */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coverageOf } from '#fidelity/coverage';
import { rowOf, tellRow } from '#fidelity/table';
import { bootWithPatience, prepare, type Ready, recordingOf, type Surroundings } from '#lab/lab';
import { commandFor, parseOptions } from '#lab/options';
import type { Recording } from '#lab/recording';
import type { Desk } from './desk.ts';
import { refuseWithoutTools } from './lab-command.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run lab:check [-- --optional]',
  '',
  'Boots a real Linux with each variant of the fault handler, records what happens, and asks of each recording whether',
  'the simulation could have done the same: under the driver that it is a recording of, and under no other. Takes about',
  'three minutes, and fetches what npm run lab fetches.',
  '  --optional   where the lab cannot run, or nothing can be fetched: says so, and exits 0',
  'Exit: 0 all agree, 1 one does not, or could not be recorded, 2 wrong use, or something is missing; 130 Ctrl-C',
];

/** What is asked of the lab; where a BUG is to come, none is a failure. */
const runs: Readonly<Record<string, { readonly args: string; readonly bug?: true }>> = {
  'stock-2': { args: '--variant stock --mode remap --delay 1000' },
  'stock-4': { args: '--variant stock --mode remap --threads 4 --iterations 10 --delay 1000' },
  'stock-toggle': { args: '--variant stock --mode toggle --iterations 12 --delay 500' },
  'stock-race': { args: '--variant stock --mode race --iterations 8' },
  hold: { args: '--variant hold --mode remap --delay 1000', bug: true },
  early: { args: '--variant early --mode remap --delay 1000', bug: true },
  check: { args: '--variant check --mode remap --iterations 5 --delay 4000' },
  'insert-hold': { args: '--variant insert-hold --mode remap --iterations 10 --delay 300' },
  insert: { args: '--variant insert --mode remap --iterations 10 --delay 300' },
};

const TRIES = 3;

/** Runs the command; returns its exit code. */
export async function labCheckCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const { values } = parsedOr(USAGE, () =>
      parseArgs({ args: [...args], options: { optional: { type: 'boolean', default: false } } }),
    );
    const { signal, release } = desk.interruption();
    const around = { folder: join(desk.root, '.cache/lab'), signal, say: desk.say };
    try {
      const ready = await readyOr((why) => {
        if (!values.optional) throw new WrongUse('', why);
        desk.say(`Skipped: the simulation was not held against a fresh run of Linux. ${why}`);
      }, around);
      return ready ? await checkAll(desk, ready, around) : 0;
    } catch (error) {
      if (signal.aborted) return 130;
      throw error;
    } finally {
      release();
    }
  });
}

async function readyOr(refuse: (why: string) => void, around: Surroundings): Promise<Ready | undefined> {
  try {
    await refuseWithoutTools();
    return await prepare(around);
  } catch (error) {
    if (around.signal.aborted) throw error;
    refuse(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function checkAll(desk: Desk, ready: Ready, around: Surroundings): Promise<number> {
  let failed = 0;
  for (const [name, run] of Object.entries(runs)) {
    try {
      const recording = await recorded(desk, ready, around, run);
      desk.say('', ...tellRow(rowOf(name, recording)));
    } catch (error) {
      if (around.signal.aborted) throw error;
      failed++;
      desk.say('', `${name}: FAILED: ${error instanceof Error ? error.message : error}`);
    }
  }
  const all = Object.keys(runs).length;
  desk.say('', failed === 0 ? `All ${all} agree.` : `${failed} of ${all} failed.`);
  return failed === 0 ? 0 : 1;
}

/** A run that proves something: the threads met, and what had to end in a BUG did. */
async function recorded(
  desk: Desk,
  ready: Ready,
  around: Surroundings,
  { args, bug = false }: { readonly args: string; readonly bug?: boolean },
): Promise<Recording> {
  const options = parseOptions([...args.split(' '), '--trace']);
  const about = { date: desk.now().toISOString().slice(0, 10), command: commandFor(options) };
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const recording = recordingOf(ready, options, await bootWithPatience(ready, options, around), about);
    if (coverageOf(recording).contended > 0 && (recording.bug !== null || !bug)) return recording;
  }
  throw new Error(`in ${TRIES} boots of “${about.command}” ${bug ? 'no BUG came' : 'the threads never met'}`);
}
