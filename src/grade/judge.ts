/** What the matchers do, without Vitest: explore a program, say what was found, and which misconception it speaks of. */

import {
  type Exploration,
  type ExploreOptions,
  type Program,
  replay,
  start,
  type Trace,
  type Violation,
} from '#explore';
import { fingerprintOf, writeSchedule } from './schedule.ts';
import { addExplored, currentSession, type Finding, ReplayDone, type Session } from './session.ts';
import { say } from './texts.ts';
import type { Check, Message } from './verdict.ts';

/**
 * What was found → the misconception that it speaks of. A key is a kind (`deadlock`) or a kind with its rule
 * (`invariant: live mapping`), which wins. A function decides by the evidence; undefined names none.
 */
export type Mistakes<Found> = Readonly<Record<string, string | ((found: Found) => string | undefined)>>;

export interface HoldOptions {
  /** How executions may end, by the names that the program's `outcome` gives. Another end is `ending: <its name>`. */
  readonly ends?: readonly string[];
  /** Where each engine gives up: the state graph beyond so many states, DPOR beyond so many executions. */
  readonly states?: number;
  readonly executions?: number;
}

// Steps of one slice, between two signs of life: hundredths of a second, and never seconds, even where histories are long.
const SLICE = 1_000;

// What these say of the submission says nothing of what its author believes.
const slips: readonly string[] = ['exception', 'forgotten yield'];

/**
 * The check comes to its next program. False where a later one is to be replayed; throws where it is this one.
 *
 * @param run one execution of it
 */
export function isExplored(run: (schedule: string) => Trace): boolean {
  const session = currentSession();
  session.programs++;
  if (!session.replay) return true;
  if (session.programs === session.replay.n) throw new ReplayDone(tryReplay(run, session.replay.schedule));
  return false;
}

function explored<W>(program: Program<W>, options: ExploreOptions): Exploration {
  const exploration = searched(program, options);
  addExplored(currentSession(), exploration);
  return exploration;
}

/** Explores, with a sign of life between slices. */
export function searched<W>(program: Program<W>, options: ExploreOptions): Exploration {
  const session = currentSession();
  if (session.searched) return session.searched(() => start(program, options));
  const search = start(program, options);
  for (;;) {
    const exploration = search.run(SLICE);
    if (exploration) return exploration;
    session.alive(search.states, search.interleavings);
  }
}

const executionOf =
  <W>(program: Program<W>) =>
  (schedule: string): Trace =>
    replay(program, schedule);

/** The program must hold in every interleaving. Undefined if it does. */
export function judgeHolds<W>(
  program: Program<W>,
  mistakes: Mistakes<Violation>,
  options: HoldOptions = {},
): Finding | undefined {
  if (!isExplored(executionOf(program))) return undefined;
  const { ends, ...budgets } = options;
  const exploration = explored(program, { ...budgets, stopAt: 'first' });
  if (exploration.violation) return violated(program.name, exploration.violation, mistakes);
  if (exploration.verdict !== 'holds') return undecided(program.name, exploration);
  return ends && endedWrong(program, exploration, ends, mistakes);
}

/** The program must have an interleaving that goes wrong in this way (a kind, or a kind with its rule). Undefined if it has. */
export function judgeViolates<W>(
  program: Program<W>,
  kind: string,
  mistakes: Mistakes<Exploration>,
): Finding | undefined {
  if (!isExplored(executionOf(program))) return undefined;
  const isIt = (violation: Pick<Violation, 'kind' | 'message'>) => keysOf(violation).includes(kind);
  const exploration = explored(program, { stopAt: isIt });
  const found = exploration.violations.find(isIt);
  if (found) {
    currentSession().shown = evidence(found.schedule, found.trace);
    return undefined;
  }
  const other = exploration.violation;
  const keys = other ? keysOf(other) : ['holds'];
  const misconception = isSlip(other?.kind) ? undefined : lookUp(mistakes, keys, exploration);
  if (other) return { ...violated(program.name, other, {}), ...named(misconception) };
  if (exploration.verdict !== 'holds') return undecided(program.name, exploration);
  return { status: 'failed', message: say('not reached', { program: program.name, kind }), ...named(misconception) };
}

/** This schedule must make the program go wrong in this way. Undefined if it does. */
export function judgeBreaks<W>(
  program: Program<W>,
  schedule: unknown,
  kind: string,
  mistakes: Mistakes<Trace>,
): Finding | undefined {
  if (!isExplored(executionOf(program))) return undefined;
  const trace = tryReplay(executionOf(program), schedule);
  if (typeof trace === 'string')
    return { status: 'failed', message: say('schedule refused', { schedule: String(schedule), why: trace }) };
  const keys = keysOf(trace.ending);
  if (keys.includes(kind)) {
    currentSession().shown = evidence(trace.schedule, trace);
    return undefined;
  }
  return {
    status: 'failed',
    message: say('schedule harmless', { program: program.name, schedule: String(schedule) }),
    ...named(isSlip(trace.ending.kind) ? undefined : lookUp(mistakes, keys, trace)),
    ...evidence(trace.schedule, trace),
  };
}

/** The value must be this one. `mistakes` are the wrong values whose origin is known, written as JSON writes them. */
export function judgeAnswer(actual: unknown, expected: unknown, mistakes: Mistakes<unknown>): Finding | undefined {
  const written = write(actual);
  if (written === write(expected)) return undefined;
  return {
    status: 'failed',
    message: say('answer', { actual: written }),
    ...named(lookUp(mistakes, [written], actual)),
  };
}

function write(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value;
  }
}

/** Runs the schedule, or says why it cannot be run. */
export function tryReplay(run: (schedule: string) => Trace, schedule: unknown): Trace | string {
  if (typeof schedule !== 'string') return 'it is not a string';
  try {
    return withoutNativeWords(run(schedule));
  } catch (error) {
    // The sentence around it has said that it is about a schedule.
    return error instanceof Error ? error.message.replace(/^schedule, |\.$/g, '') : String(error);
  }
}

export function violated(program: string, violation: Violation, mistakes: Mistakes<Violation>): Finding {
  const { kind, message, schedule, trace } = violation;
  const native = kind === 'exception';
  return {
    status: 'failed',
    message: describe(program, violation),
    ...named(isSlip(kind) ? undefined : lookUp(mistakes, keysOf(violation), violation)),
    ...evidence(schedule, trace),
    ...(native ? { native: message } : {}),
  };
}

/** What happened, in a sentence. */
function describe(program: string, { kind, message }: Violation): Message {
  if (kind === 'exception') return say('violation.exception', { program });
  const kept = /^starts over while it holds (.*)$/.exec(message)?.[1];
  if (kept !== undefined) return say('lock kept', { program, locks: kept });
  // A grader that counts rounds has no other way to say it than a BUG.
  const endless = /^no end: (.*)$/.exec(message)?.[1];
  if (endless !== undefined) return say('violation.endless loop', { program, message: endless });
  // The rule, and what broke it: a second colon in the sentence would have to be read twice.
  const [rule = '', ...details] = kind === 'check' || kind === 'invariant' ? message.split(': ') : [message];
  const apart = details.length === 0 ? rule : `${rule} (${details.join(': ')})`;
  return say(`violation.${kind}`, { program, message: apart });
}

export function undecided(program: string, { states, gaveUp }: Exploration): Finding {
  const why = gaveUp?.why ?? 'it was not finished';
  return { status: 'undecided', message: say('undecided', { program, states: states ?? 0, why }) };
}

/** The first end that is none of those. */
function endedWrong<W>(
  program: Program<W>,
  { outcomes }: Exploration,
  ends: readonly string[],
  mistakes: Mistakes<Violation>,
): Finding | undefined {
  const outcome = Object.keys(outcomes)
    .sort()
    .find((each) => !ends.includes(each));
  if (outcome === undefined) return undefined;
  const schedule = outcomes[outcome]?.schedule ?? '';
  const trace = replay(program, schedule);
  const asViolation: Violation = { kind: 'check', message: outcome, schedule, trace, minimal: false };
  const wanted = ends.join(', or ');
  return {
    status: 'failed',
    message: say('ending', { program: program.name, outcome, wanted }),
    ...named(lookUp(mistakes, [`ending: ${outcome}`, 'ending'], asViolation)),
    ...evidence(schedule, trace),
  };
}

/** The keys that name it, the most specific first. A rule is what its message says before the first colon. */
function keysOf({ kind, message }: { kind: string; message?: string }): string[] {
  return message === undefined ? [kind] : [`${kind}: ${message.split(': ', 1)[0]}`, kind];
}

export function lookUp<Found>(mistakes: Mistakes<Found>, keys: readonly string[], found: Found): string | undefined {
  const key = keys.find((each) => Object.hasOwn(mistakes, each));
  const mistake = key === undefined ? undefined : mistakes[key];
  return typeof mistake === 'function' ? mistake(found) : mistake;
}

export const isSlip = (kind: string | undefined) => kind !== undefined && slips.includes(kind);

export const named = (misconception: string | undefined) => (misconception === undefined ? {} : { misconception });

/** Schedule and trace as a verdict carries them: pointing at this check's program, without an exception's own words. */
export function evidence(schedule: string, trace: Trace): Required<Pick<Check, 'schedule' | 'trace'>> {
  const session: Session = currentSession();
  const fingerprint = fingerprintOf(session.submission, trace);
  return {
    schedule: writeSchedule({ check: session.check, n: session.programs, fingerprint, schedule }),
    trace: withoutNativeWords(trace),
  };
}

function withoutNativeWords(trace: Trace): Trace {
  if (trace.ending.kind !== 'exception') return trace;
  const { message: _, ...ending } = trace.ending;
  return { ...trace, ending };
}
