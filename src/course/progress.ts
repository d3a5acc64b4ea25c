/**
 * The learner's progress, `faultline/progress/1`: one readable file, of the same form in the terminal and in a page. Pure: the
 * time is passed in, and every function returns a new value.
 */

export const schema = 'faultline/progress/1';

export interface Progress {
  readonly schema: typeof schema;
  /** By the exercise's id. Ids that this course does not know are kept. */
  readonly exercises: Readonly<Record<string, ExerciseProgress>>;
}

export interface ExerciseProgress {
  readonly status: Status;
  /** The highest stage passed; 0 before the first. */
  readonly stage: number;
  /** ISO 8601, UTC. */
  readonly firstPassedAt?: string;
  /** How often the learner's own file was graded. */
  readonly attempts: number;
  readonly hintsSeen: number;
  /** By the question's id: the key of the first answer, which locks it. */
  readonly predictions: Readonly<Record<string, string>>;
  /** What passed last, and which version of the course judged it. */
  readonly passedWith?: PassedWith;
}

export type Status = 'started' | 'passed' | 'given-up';

export interface PassedWith {
  readonly course: string;
  readonly sha256: string;
}

/** What progress needs of a verdict. */
export interface Graded {
  readonly course: string;
  readonly submission: string;
  readonly outcome: string;
  readonly checks: readonly { readonly stage: number; readonly status: string }[];
}

/** Nothing begun. */
export function noProgress(): Progress {
  return { schema, exercises: {} };
}

/** The exercise's entry; one as just begun where there is none. */
export function progressOf(progress: Progress, id: string): ExerciseProgress {
  return progress.exercises[id] ?? { status: 'started', stage: 0, attempts: 0, hintsSeen: 0, predictions: {} };
}

/** The exercise was opened. */
export function opened(progress: Progress, id: string): Progress {
  return change(progress, id, {});
}

/** The learner's own file was graded. What was passed once stays passed. */
export function graded(progress: Progress, id: string, verdict: Graded, now: Date): Progress {
  const entry = progressOf(progress, id);
  const stage = Math.max(entry.stage, stagePassed(verdict));
  const attempts = entry.attempts + 1;
  if (verdict.outcome !== 'passed') return change(progress, id, { stage, attempts });
  return change(progress, id, {
    status: 'passed',
    stage,
    attempts,
    firstPassedAt: entry.firstPassedAt ?? now.toISOString(),
    passedWith: { course: verdict.course, sha256: verdict.submission },
  });
}

/** The hint of that number, and so those before it, was shown. */
export function hintSeen(progress: Progress, id: string, number: number): Progress {
  return change(progress, id, { hintsSeen: Math.max(progressOf(progress, id).hintsSeen, number) });
}

/** The learner asked for the solution without having passed. One who has passed has nothing to give up. */
export function givenUp(progress: Progress, id: string): Progress {
  return progressOf(progress, id).status === 'passed' ? progress : change(progress, id, { status: 'given-up' });
}

/** A prediction was answered. Only the first answer counts. */
export function predicted(progress: Progress, id: string, question: string, answer: string): Progress {
  return change(progress, id, { predictions: { [question]: answer, ...progressOf(progress, id).predictions } });
}

/** As `2 passed of 4 begun`. */
export function counted({ exercises }: Progress): string {
  const entries = Object.values(exercises);
  return `${entries.filter(({ status }) => status === 'passed').length} passed of ${entries.length} begun`;
}

/** May the solution be shown? After passing, or after giving up. */
export function mayShowSolution(progress: Progress, id: string): boolean {
  return progressOf(progress, id).status !== 'started';
}

/** Passed, but judged by another version of the course: to be graded again. */
export function passedEarlier(entry: ExerciseProgress, course: string): boolean {
  return entry.status === 'passed' && entry.passedWith?.course !== course;
}

/** The highest stage of which, as of every stage before it, each check passed. */
export function stagePassed(verdict: Graded): number {
  const stages = [...new Set(verdict.checks.map((check) => check.stage))].sort((a, b) => a - b);
  const failing = stages.find((stage) => !wholeStagePassed(verdict, stage));
  return stages.filter((stage) => failing === undefined || stage < failing).at(-1) ?? 0;
}

function wholeStagePassed(verdict: Graded, stage: number): boolean {
  return verdict.checks.every((check) => check.stage !== stage || check.status === 'passed');
}

function change(progress: Progress, id: string, entry: Partial<ExerciseProgress>): Progress {
  return { ...progress, exercises: { ...progress.exercises, [id]: { ...progressOf(progress, id), ...entry } } };
}

/** Text of a progress file as its owner can read it. */
export function formatProgress(progress: Progress): string {
  return `${JSON.stringify(progress, undefined, 2)}\n`;
}

/** What a later version of the course has written: nothing is wrong with it, and nothing here may change it. */
export class NewerProgress extends Error {
  readonly written: string;

  constructor(written: string) {
    super(`its form is "${written}", which a newer version of the course writes; this one reads "${schema}"`);
    this.written = written;
  }
}

/**
 * Reads a progress file. Throws an Error that says what is wrong with it, and `NewerProgress` for one of a later form; fields
 * that it does not know are kept.
 */
export function parseProgress(text: string): Progress {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error('it is not an object');
  if (isText(value.schema) && isNewer(value.schema)) throw new NewerProgress(value.schema);
  if (value.schema !== schema) throw new Error(`its schema is ${JSON.stringify(value.schema)}, not "${schema}"`);
  if (!isRecord(value.exercises)) throw new Error('it has no list of exercises');
  for (const [id, entry] of Object.entries(value.exercises)) {
    const wrong = wrongField(entry);
    if (wrong) throw new Error(`the entry "${id}" ${wrong}`);
  }
  return value as unknown as Progress;
}

/** Of the same kind, with a higher number. */
function isNewer(other: string): boolean {
  const [kind, number] = [schema.slice(0, schema.lastIndexOf('/') + 1), Number(schema.split('/').at(-1))];
  const digits = other.startsWith(kind) ? other.slice(kind.length) : '';
  return /^\d+$/.test(digits) && Number(digits) > number;
}

const STATUSES: readonly unknown[] = ['started', 'passed', 'given-up'] satisfies Status[];

function wrongField(entry: unknown): string | undefined {
  if (!isRecord(entry)) return 'is not an object';
  if (!STATUSES.includes(entry.status)) return `has the status ${JSON.stringify(entry.status)}`;
  for (const name of ['stage', 'attempts', 'hintsSeen']) {
    if (!Number.isInteger(entry[name]) || Number(entry[name]) < 0) return `has no count "${name}"`;
  }
  if (!isRecord(entry.predictions) || !Object.values(entry.predictions).every(isText)) return 'has no "predictions"';
  if (!isTimeIfAny(entry.firstPassedAt)) return 'has a "firstPassedAt" that is no time';
  return isPassedWithIfAny(entry.passedWith) ? undefined : 'has a "passedWith" without course and sha256';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTimeIfAny(value: unknown): boolean {
  return value === undefined || (isText(value) && !Number.isNaN(Date.parse(value)));
}

function isPassedWithIfAny(value: unknown): boolean {
  return value === undefined || (isRecord(value) && isText(value.course) && isText(value.sha256));
}
