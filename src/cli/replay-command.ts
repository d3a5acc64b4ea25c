/** `npm run replay`: one interleaving of a submission, step by step, as a schedule says. */

import { parseArgs } from 'node:util';
import { type Exercise, findLesson } from '#course/catalogue';
import type { Replayed } from '#grade/protocol';
import { parseSchedule, writeSchedule } from '#grade/schedule';
import { canonicalJson } from '#grade/verdict';
import type { Desk } from './desk.ts';
import { paint } from './look.ts';
import { replayLines } from './replay-lines.ts';
import { countOf, exerciseWanted, parsedOr, readSubmission, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run replay -- <id> <schedule> [--submission FILE] [--check ID [--program N]] [--step N] [--anyway] [--json]',
  '',
  'Runs one interleaving of my/<id>.ts, or of FILE, and shows it: who moves, the machine, what Linux would print.',
  '  <schedule>    as a report or a link has it, 1.<check>.<n>.<fingerprint>~A3-B2-A; or its steps alone,',
  '                A3-B2-A, with --check: task, number of steps, task ...; a tail cut short goes on by itself',
  '  --check ID    the check whose program is run, and --program N: its n-th one (1)',
  '  --step N      shows the machine after that step (the last one)',
  '  --anyway      also where the schedule was made for other code',
  '  --json        the trace as JSON, and nothing else (with npm: npm run -s replay -- ...)',
  'Exit: 0 replayed, however it ended; 2 wrong use, or a schedule that cannot be run or was made for other code',
];

interface Wanted {
  readonly id: string;
  readonly schedule: string;
  readonly submission: string | undefined;
  readonly check: string | undefined;
  readonly program: number;
  readonly step: number | undefined;
  readonly anyway: boolean;
  readonly json: boolean;
}

/** Runs the command; returns its exit code. */
export async function replayCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const wanted = parsedOr(USAGE, () => parseWanted(args));
    const catalogue = await desk.catalogue();
    const exercise = exerciseWanted(catalogue, wanted.id, USAGE);
    const replay = fullSchedule(exercise, wanted);
    const { source } = await readSubmission(desk, exercise, wanted.submission);
    const { trace, sameCode } = await replayed(desk, { exercise: exercise.id, source, replay });
    if (!sameCode && wanted.check === undefined && !wanted.anyway) throw new WrongUse(wanted.id, OTHER_CODE);
    if (wanted.step !== undefined && wanted.step > trace.steps.length)
      throw new WrongUse(wanted.id, `There is no step ${wanted.step}: this interleaving has ${trace.steps.length}.`);
    if (wanted.json) desk.write(canonicalJson(trace));
    else desk.say(paint(desk.look, 'bold', findLesson(catalogue, wanted.id)?.title ?? wanted.id));
    if (!wanted.json) desk.say(...replayLines(desk.look, trace, wanted.step));
    return 0;
  });
}

const OTHER_CODE = [
  'This schedule was made for other code than that file holds now, or for another world: its steps may mean',
  'something else there. To replay it all the same: --anyway.',
].join('\n');

function parseWanted(args: readonly string[]): Wanted {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      submission: { type: 'string' },
      check: { type: 'string' },
      program: { type: 'string' },
      step: { type: 'string' },
      anyway: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [id = '', schedule = '', ...more] = positionals;
  if (more.length > 0) throw new Error(`One schedule at a time: "${more[0]}" is one too many.`);
  const { submission, check, anyway, json } = values;
  const program = countOf('program', values.program) ?? 1;
  return { id, schedule, submission, check, program, step: countOf('step', values.step), anyway, json };
}

/** With the prefix that points at a check's program. Throws `WrongUse` where nothing says which. */
function fullSchedule({ id, grader }: Exercise, { schedule, check, program }: Wanted): string {
  if (schedule === '') throw new WrongUse(id, USAGE.join('\n'));
  const isFull = parseSchedule(schedule) !== undefined;
  const ids = [...grader.text.matchAll(/\bid: '([a-z0-9-]+)'/g)].map(([, each]) => each);
  if (isFull && check !== undefined) throw new WrongUse(id, 'The schedule names its check itself: leave out --check.');
  if (isFull) return schedule;
  if (check === undefined)
    throw new WrongUse(id, [`Of which check? Add --check, with one of:`, ...ids.map((each) => `  ${each}`)].join('\n'));
  if (ids.length > 0 && !ids.includes(check))
    throw new WrongUse(id, [`There is no check "${check}". There are:`, ...ids.map((each) => `  ${each}`)].join('\n'));
  return writeSchedule({ check, n: program, fingerprint: '0', schedule });
}

/** The execution, run in a thread of its own. Throws `WrongUse` where there is none. */
export async function replayed(
  desk: Desk,
  request: { readonly exercise: string; readonly source: string; readonly replay: string },
): Promise<Replayed> {
  const { signal, release } = desk.interruption();
  const grader = await desk.openGrader({ standby: false });
  try {
    return await grader.replay(request, { signal });
  } catch (error) {
    throw new WrongUse(request.exercise, error instanceof Error ? error.message : String(error));
  } finally {
    await grader.close();
    release();
  }
}
