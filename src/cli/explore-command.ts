/** `npm run explore`: a program of one's own, under every interleaving. */

import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Exploration } from '#explore';
import type { OwnExploration, OwnOptions } from '#grade/own-exploration';
import { ownSchedule } from '#grade/own-race';
import { ownRaceId } from '#grade/own-race-id';
import { parseSchedule } from '#grade/schedule';
import { canonicalJson, sha256Of } from '#grade/verdict';
import { version } from '#grade/version';
import type { Desk } from './desk.ts';
import { explorationLines, refusedLines } from './explore-report.ts';
import { replayed } from './replay-command.ts';
import { replayLines } from './replay-lines.ts';
import { brokenLines } from './report.ts';
import { ownRaceLink, siteAddress } from './share-link.ts';
import { countOf, parsedOr, readIfThere, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run explore -- FILE [--engine E] [--preemptions N] [--all] [--states N] [--executions N] [--seed N]',
  '                   [--schedule S] [--site URL] [--json]',
  '',
  'Explores the program that FILE exports (by default, or the only one) under every interleaving, and shows the',
  'shortest that breaks it. npm run new -- NAME writes one to begin with.',
  '  --engine E        auto (both, until one has proven something), graph, dpor, or random, which proves nothing',
  '  --preemptions N   only executions in which at most N times a task is stopped that could have gone on',
  '  --all             not only the first that breaks: every kind of violation, and every outcome',
  '  --states N, --executions N   where the search gives up (a million each; 10,000 random executions)',
  '  --seed N          what random executions are drawn from (1)',
  '  --schedule S      runs that one interleaving instead: A3-B2-A; a tail cut short goes on by itself',
  '  --site URL        where links lead (http://127.0.0.1:4321, as npm start has it; FAULTLINE_SITE says otherwise)',
  '  --json            all that was found as JSON, and nothing else (with npm: npm run -s explore -- ...)',
  'Exit: 0 it holds, 1 it breaks or the search gave up, 2 wrong use, or a file that cannot be explored,',
  '      130 ended by Ctrl-C, which says what was found by then. With --schedule: 0, however it ended',
];

const ENGINES = ['auto', 'graph', 'dpor', 'random'] as const;

interface Wanted {
  readonly file: string;
  readonly options: OwnOptions;
  readonly schedule: string | undefined;
  readonly site: string;
  readonly json: boolean;
}

interface Source {
  /** As the person who typed the command knows it. */
  readonly file: string;
  readonly text: string;
}

/** Runs the command; returns its exit code. */
export async function exploreCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const wanted = parsedOr(USAGE, () => parseWanted(args));
    const source = await readSource(desk, wanted.file);
    if (wanted.schedule !== undefined) return replayOne(desk, source, wanted, wanted.schedule);
    const { signal, release } = desk.interruption();
    try {
      const found = await explored(desk, source, wanted.options, signal);
      if (wanted.json) desk.write(canonicalJson(asJson(source, wanted, found)));
      else show(desk, source, wanted, found);
      return signal.aborted ? 130 : exitOf(found);
    } finally {
      release();
    }
  });
}

function parseWanted(args: readonly string[]): Wanted {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      engine: { type: 'string', default: 'auto' },
      preemptions: { type: 'string' },
      all: { type: 'boolean', default: false },
      states: { type: 'string' },
      executions: { type: 'string' },
      seed: { type: 'string' },
      schedule: { type: 'string' },
      site: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined) throw new Error('Which file? npm run new -- NAME writes one to begin with.');
  if (more.length > 0) throw new Error(`One file at a time: "${more[0]}" is one too many.`);
  const { schedule, json } = values;
  return { file, options: optionsIn(values), schedule, site: siteAddress(values.site), json };
}

function optionsIn(values: Readonly<Record<string, string | boolean | undefined>>): OwnOptions {
  const numberOf = (name: string, least?: number) => countOf(name, values[name] as string | undefined, least);
  const engine = ENGINES.find((each) => each === values.engine);
  if (engine === undefined) throw new Error(`There is no engine "${values.engine}": ${ENGINES.join(', ')}.`);
  const preemptions = numberOf('preemptions', 0);
  if (preemptions !== undefined && (engine === 'dpor' || engine === 'random'))
    throw new Error('Only the state graph counts preemptions: leave out --engine, or say --engine graph.');
  const numbers = {
    preemptions,
    states: numberOf('states'),
    executions: numberOf('executions'),
    seed: numberOf('seed'),
  };
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return { engine, stopAt: values.all ? 'never' : 'first', ...Object.fromEntries(given) };
}

async function readSource(desk: Desk, name: string): Promise<Source> {
  const path = resolve(desk.standing, name);
  const text = await readIfThere({ id: '' }, path);
  const shown = relative(desk.standing, path);
  const file = shown.startsWith('..') ? path : shown;
  if (text === undefined)
    throw new WrongUse('', `There is no file ${file}. npm run new -- NAME writes one to begin with.`);
  return { file, text };
}

async function explored(
  desk: Desk,
  { text }: Source,
  options: OwnOptions,
  signal: AbortSignal,
): Promise<OwnExploration> {
  const grader = await desk.openGrader({ standby: false });
  try {
    return await grader.explore(text, options, {
      signal,
      onProgress: ({ states }) => desk.status(`Exploring: ${states.toLocaleString('en')} so far; Ctrl-C ends it`),
    });
  } catch (error) {
    throw new WrongUse('', error instanceof Error ? error.message : String(error));
  } finally {
    desk.status();
    await grader.close();
  }
}

function show(desk: Desk, { file, text }: Source, { site }: Wanted, found: OwnExploration): void {
  if ('errors' in found) desk.say(...brokenLines(desk.look, found.errors, file));
  else if ('refused' in found) desk.say(...refusedLines(desk.look, found.refused, file));
  else desk.say(...explorationLines(desk.look, found, { file, link: ownRaceLink(site, text, found.schedule) }));
}

function exitOf(found: OwnExploration): number {
  if (!('exploration' in found)) return 2;
  return found.exploration.verdict === 'holds' ? 0 : 1;
}

/** `faultline/exploration/1`: the whole exploration, with the file that it is of. */
function asJson({ file, text }: Source, { options, site }: Wanted, found: OwnExploration) {
  const about = { schema: 'faultline/exploration/1', course: version, file, submission: sha256Of(text), options };
  if (!('exploration' in found)) return { ...about, verdict: 'broken', errors: errorsOf(found) };
  const { violation: _, ...exploration }: Exploration = found.exploration;
  const link = ownRaceLink(site, text, found.schedule);
  return { ...about, program: found.program, ...exploration, ...(link === undefined ? {} : { link }) };
}

function errorsOf(found: Exclude<OwnExploration, { exploration: unknown }>) {
  if ('errors' in found) return found.errors;
  const { message, native } = found.refused;
  return [{ line: 0, message, native }];
}

async function replayOne(desk: Desk, { text, file }: Source, { json }: Wanted, schedule: string): Promise<number> {
  const replay = parseSchedule(schedule) ? schedule : ownSchedule(schedule);
  const { trace, sameCode } = await replayed(desk, { exercise: ownRaceId, source: text, replay });
  if (json) desk.write(canonicalJson(trace));
  else desk.say(file, ...replayLines(desk.look, trace));
  if (parseSchedule(schedule) && !sameCode)
    desk.complain(
      '',
      'This schedule was made for other code than that file holds now: its steps may mean something else.',
    );
  return 0;
}
