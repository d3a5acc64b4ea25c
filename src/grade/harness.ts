/** From a submission to a verdict: the same code in a Node thread and in a browser's worker. */

import type { DeclaredCheck, GraderCheck, GraderChecks, ReadChecks } from './checks.ts';
import type { Problem } from './compile.ts';
import type { Evaluate } from './load.ts';
import type { Because } from './misconceptions.ts';
import { type Opened, openSubmission } from './open.ts';
import { exploreOwn } from './own-exploration.ts';
import type { GradeRequest, GraderMessage } from './protocol.ts';
import { type CheckResult, failedAtLoad, lacking, resultOf } from './results.ts';
import { fingerprintOf, parseSchedule } from './schedule.ts';
import { enterSession, newSession, ReplayDone, type Session } from './session.ts';
import type { StarterExport } from './starter.ts';
import { type Exports, provideSubmission } from './submission.ts';
import { say } from './texts.ts';
import { chooseVariant } from './variants.ts';
import { type Check, normalise, outcomeOf, schema, submissionHash, type Verdict } from './verdict.ts';
import { version } from './version.ts';

export interface GradedExercise {
  readonly id: string;
  /** What the starter exports, and so must the submission. */
  readonly exports: readonly StarterExport[];
  readonly misconceptions: Readonly<Record<string, Because>>;
  /** Evaluates the grader, anew each time, with what has been provided (submission.ts) as its './exercise.ts'. */
  importGrader(): Promise<unknown>;
}

/** What differs between a Node thread and a browser's worker. */
export interface Face {
  tell(message: GraderMessage): void;
  readonly evaluate: Evaluate;
  readonly readChecks: ReadChecks;
  /** Lets messages in. Resolves to whether a search is to stop, and say what it knows by now. */
  isStopped?(): Promise<boolean>;
}

/** Grades the submission, replays one execution, or explores a program of the reader's own, and tells the face what comes of it. */
export async function serve(exercise: GradedExercise, request: GradeRequest, face: Face): Promise<void> {
  chooseVariant(request.variant);
  if (request.explore) face.tell({ explored: await exploreOwn(request.source, request.explore, face) });
  else if (request.replay === undefined) face.tell({ verdict: await grade(exercise, request, face) });
  else face.tell(await replayIn(exercise, request, request.replay, face));
}

/** What became of the submission's file. */
interface Loading {
  readonly exports: Exports;
  readonly errors: readonly Problem[];
  /** Why no check can run though the file compiles: the first check says so. */
  readonly problem?: CheckResult;
}

function loadSubmission({ exports: wanted }: GradedExercise, { source }: GradeRequest, face: Face): Loading {
  face.tell({ checking: { id: 'load', name: say('loading').text } });
  let opened: Opened;
  try {
    opened = openSubmission(normalise(source), face.evaluate);
  } catch (error) {
    return { exports: standIns(wanted), errors: [], problem: failedAtLoad(error) };
  }
  if ('errors' in opened) return { exports: standIns(wanted), errors: opened.errors };
  const { exports } = opened;
  const problem = lacking(exports, wanted);
  return problem ? { exports: { ...standIns(wanted), ...exports }, errors: [], problem } : { exports, errors: [] };
}

/** So that a grader can be read for its checks though there is no submission to run them on. */
function standIns(wanted: readonly StarterExport[]): Exports {
  return Object.fromEntries(wanted.map(({ name, isFunction }) => [name, isFunction ? function* () {} : undefined]));
}

/** Runs the checks of the exercise on a submission, stage by stage. */
export async function grade(exercise: GradedExercise, request: GradeRequest, face: Face): Promise<Verdict> {
  const loading = loadSubmission(exercise, request, face);
  provideSubmission(loading.exports);
  const { checks, failures } = await face.readChecks(() => exercise.importGrader());
  const grading = new Grading(exercise, request, face, loading, { checks, failures });
  face.tell({ known: grading.known });
  for (const { run, ...declared } of checks) await grading.check(declared, run);
  return grading.verdict;
}

class Grading {
  readonly #exercise: GradedExercise;
  readonly #face: Face;
  readonly #loading: Loading;
  /** What went wrong outside the checks. */
  readonly #failures: readonly string[];
  /** The verdict before the first check. */
  readonly known: Verdict;
  #checks: readonly Check[];

  constructor(
    exercise: GradedExercise,
    request: GradeRequest,
    face: Face,
    loading: Loading,
    { checks, failures }: GraderChecks,
  ) {
    this.#exercise = exercise;
    this.#face = face;
    this.#loading = loading;
    this.#failures = [...failures, ...misdeclared(checks)];
    this.#checks = checks.map(({ run: _, ...declared }) => ({ ...declared, status: 'not run' }));
    const errors = loading.errors.map(({ message, ...place }) => ({
      ...place,
      message: say('syntax', { says: message }),
    }));
    const [{ exercise: id }, submission] = [request, submissionHash(request.source)];
    const outcome = errors.length > 0 ? 'broken' : 'failed';
    this.known = { schema, course: version, exercise: id, submission, outcome, errors, checks: this.#checks };
  }

  /** Runs the check by calling `run`, if it is its turn. */
  async check(declared: DeclaredCheck, run: () => unknown): Promise<void> {
    const { problem, errors } = this.#loading;
    if (errors.length > 0 || (problem && declared.id !== this.#checks[0]?.id) || !this.#isOpen(declared.stage)) return;
    const checked: Check = { ...declared, ...(problem ?? (await this.#run(declared, run))) };
    this.#checks = this.#checks.map((check) => (check.id === declared.id ? checked : check));
    this.#face.tell({ checked });
  }

  async #run({ id, name }: DeclaredCheck, run: () => unknown): Promise<CheckResult> {
    this.#face.tell({ checking: { id, name } });
    const session = newSession(id, this.known.submission, (states, interleavings) =>
      this.#face.tell({ alive: states, ...(interleavings !== undefined && { interleavings }) }),
    );
    enterSession(session);
    try {
      await run();
    } catch (error) {
      return resultOf(session, this.#exercise.misconceptions, { error });
    }
    return resultOf(session, this.#exercise.misconceptions);
  }

  /** A stage is open when all checks of those before it have passed. */
  #isOpen(stage: number): boolean {
    return this.#checks.every((check) => check.stage >= stage || check.status === 'passed');
  }

  get verdict(): Verdict {
    if (this.known.outcome === 'broken') return this.known;
    const atFault = this.#failures.length > 0 ? [graderFailed(this.#failures, this.#loading)] : [];
    const checks = [...this.#checks, ...atFault];
    return { ...this.known, outcome: outcomeOf(checks), checks };
  }
}

/** What is wrong with how a grader declares its checks: schedules and progress point at them by id and stage. */
function misdeclared(checks: readonly DeclaredCheck[]): string[] {
  return checks.flatMap(({ id, name, stage }, index) => {
    const before = checks.slice(0, index);
    if (!/^[a-z0-9-]+$/.test(id) || id === 'load')
      return [`“${name}”: a check needs { meta: { id, stage } }, its id of a-z, 0-9 and -`];
    if (before.some((other) => other.id === id)) return [`“${name}”: there is another check with the id “${id}”`];
    return before.some((other) => other.stage > stage) ? [`“${name}”: it stands behind a check of a later stage`] : [];
  });
}

/** A grader that could not be read: because of what the submission lacks, if it lacks something, or through its own fault. */
function graderFailed(failures: readonly string[], { problem }: Loading): Check {
  const failed: CheckResult = { status: 'failed', message: say('grader failed'), native: failures.join('\n') };
  return { id: 'load', name: say('loading').text, stage: 1, ...(problem ?? failed) };
}

/** Runs the check that the schedule names until its n-th program comes, and replays that one. */
async function replayIn(
  exercise: GradedExercise,
  request: GradeRequest,
  text: string,
  face: Face,
): Promise<GraderMessage> {
  const wanted = parseSchedule(text);
  if (!wanted) return { refused: say('replay.not a link', { schedule: text }).text };
  const loading = loadSubmission(exercise, request, face);
  if (loading.errors.length > 0 || loading.problem) return { refused: say('replay.no code').text };
  provideSubmission(loading.exports);
  const submission = submissionHash(request.source);
  const { checks } = await face.readChecks(() => exercise.importGrader());
  const check = checks.find(({ id }) => id === wanted.check);
  const done = check && (await replayOf(check, { ...newSession(check.id, submission), replay: wanted }));
  if (!done) return { refused: say('replay.no program', { check: wanted.check, n: wanted.n }).text };
  const { outcome } = done;
  if (typeof outcome === 'string')
    return { refused: say('schedule refused', { schedule: wanted.schedule, why: outcome }).text };
  return { replayed: { trace: outcome, sameCode: fingerprintOf(submission, outcome) === wanted.fingerprint } };
}

/** Runs the check until the program to replay has come; undefined if it does not. */
async function replayOf({ run }: GraderCheck, session: Session): Promise<ReplayDone | undefined> {
  enterSession(session);
  try {
    await run();
  } catch (error) {
    if (error instanceof ReplayDone) return error;
  }
  return undefined;
}
