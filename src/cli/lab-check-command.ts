/** `npm run lab:check`: fresh runs of a real kernel, each held against the simulation. */

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { coverageOf } from '#fidelity/coverage';
import { rowOf, tellRow } from '#fidelity/table';
import { BootFailed } from '#lab/boot';
import { bootWithPatience, prepare, type Ready, recordingOf, type Surroundings } from '#lab/lab';
import { commandFor, parseOptions } from '#lab/options';
import type { Recording } from '#lab/recording';
import type { Desk } from './desk.ts';
import { refuseWithoutTools } from './lab-command.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run lab:check [-- [--optional] [--report FILE]]',
  '',
  'Boots a real Linux with each variant of the fault handler, records what happens, and asks of each recording whether',
  'the simulation could have done the same: under the driver that it is a recording of, and under no other. Takes about',
  'three minutes, and fetches what npm run lab fetches.',
  '  --optional     where the lab cannot run, or nothing can be fetched or recorded: says so, and exits 0',
  '  --report FILE  writes which agree, as JSON',
  'Exit: 0 all agree, 1 one is refused or could not be recorded, 2 wrong use, or something is missing; 130 Ctrl-C',
];

interface Run {
  readonly args: string;
  /** It is to go wrong: a BUG, or a read that works with the memory off. */
  readonly fails?: boolean;
}

/** What is asked of the lab. */
const runs: Readonly<Record<string, Run>> = {
  'stock-2': { args: '--variant stock --mode remap --delay 1000' },
  'stock-4': { args: '--variant stock --mode remap --threads 4 --iterations 10 --delay 1000' },
  'stock-toggle': { args: '--variant stock --mode toggle --iterations 12 --delay 500' },
  'stock-race': { args: '--variant stock --mode race --threads 3 --iterations 8 --delay 1000' },
  'early-race': { args: '--variant early --mode race --threads 3 --iterations 60 --delay 30', fails: true },
  hold: { args: '--variant hold --mode remap --delay 1000', fails: true },
  early: { args: '--variant early --mode remap --delay 1000', fails: true },
  check: { args: '--variant check --mode remap --iterations 5 --delay 4000' },
  'insert-hold': { args: '--variant insert-hold --mode remap --iterations 10 --delay 300' },
  insert: { args: '--variant insert --mode remap --iterations 10 --delay 300' },
};

const TRIES = 3;

/** Runs the command; returns its exit code. */
export async function labCheckCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const { values } = parsedOr(USAGE, () =>
      parseArgs({
        args: [...args],
        options: { optional: { type: 'boolean', default: false }, report: { type: 'string' } },
      }),
    );
    const { signal, release } = desk.interruption();
    const around = { folder: join(desk.root, '.cache/lab'), signal, say: desk.say };
    let skipped: string | undefined;
    try {
      const ready = await readyOr((why) => {
        if (!values.optional) throw new WrongUse('', why);
        skipped = why;
        desk.say(`Skipped: the simulation was not held against a fresh run of Linux. ${why}`);
      }, around);
      const found = ready ? await checkAll(desk, ready, around) : NOTHING;
      if (values.report !== undefined)
        await writeFile(resolve(desk.standing, values.report), JSON.stringify({ ...found, skipped }));
      return found.refused.length > 0 || (found.notRecorded.length > 0 && !values.optional) ? 1 : 0;
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

/** The names of the runs, by what came of each. */
export interface LabCheck {
  readonly agreed: readonly string[];
  /** The simulation could not have done it. */
  readonly refused: readonly string[];
  /** The machine did not boot, the threads never met, or what is to go wrong did not. */
  readonly notRecorded: readonly string[];
  /** Why nothing was run. */
  readonly skipped?: string;
}

const NOTHING: LabCheck = { agreed: [], refused: [], notRecorded: [] };

type Outcome = 'agreed' | 'refused' | 'proves nothing' | 'did not boot';

async function checkAll(desk: Desk, ready: Ready, around: Surroundings): Promise<LabCheck> {
  const outcomes = new Map<string, Outcome>();
  for (const [name, run] of Object.entries(runs)) {
    // A machine that has not booted three times does not the fourth.
    const isHopeless = [...outcomes.values()].includes('did not boot');
    outcomes.set(name, isHopeless ? 'did not boot' : await checkOne(desk, ready, around, name, run));
  }
  const those = (...wanted: Outcome[]) =>
    [...outcomes].flatMap(([name, what]) => (wanted.includes(what) ? [name] : []));
  const found = {
    agreed: those('agreed'),
    refused: those('refused'),
    notRecorded: those('proves nothing', 'did not boot'),
  };
  desk.say('', ...tellCheck(found));
  return found;
}

function tellCheck({ agreed, refused, notRecorded }: LabCheck): string[] {
  if (refused.length + notRecorded.length === 0) return [`All ${agreed.length} agree.`];
  const told = { agree: agreed, 'are refused': refused, 'could not be recorded': notRecorded };
  return Object.entries(told).flatMap(([what, names]) =>
    names.length > 0 ? [`${names.length} ${what}: ${names.join(', ')}.`] : [],
  );
}

async function checkOne(desk: Desk, ready: Ready, around: Surroundings, name: string, run: Run): Promise<Outcome> {
  let recording: Recording;
  try {
    recording = await recorded(desk, ready, around, run);
  } catch (error) {
    if (around.signal.aborted) throw error;
    desk.say('', `${name}: NOT RECORDED: ${messageOf(error)}`);
    return error instanceof BootFailed ? 'did not boot' : 'proves nothing';
  }
  try {
    desk.say('', ...tellRow(rowOf(name, recording)));
    return 'agreed';
  } catch (error) {
    desk.say('', `${name}: REFUSED: ${messageOf(error)}`);
    return 'refused';
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A run that proves something: the threads met, and what had to go wrong did. */
async function recorded(
  desk: Desk,
  ready: Ready,
  around: Surroundings,
  { args, fails = false }: Run,
): Promise<Recording> {
  const options = parseOptions([...args.split(' '), '--trace']);
  const about = { date: desk.now().toISOString().slice(0, 10), command: commandFor(options) };
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const recording = recordingOf(ready, options, await bootWithPatience(ready, options, around), about);
    const hasFailed = recording.bug !== null || recording.stale > 0;
    if (coverageOf(recording).contended > 0 && (hasFailed || !fails)) return recording;
  }
  throw new Error(`in ${TRIES} boots of “${about.command}” ${fails ? 'nothing went wrong' : 'the threads never met'}`);
}
