/**
 * Takes what came out of the sandbox for what it claims to be, or not at all. A submission that tries hard can forge a verdict:
 * its words are then wrong, but they must not break the page. (Text is escaped where it is drawn.)
 */

import type { Trace } from '#explore';
import type { GraderMessage, Replayed } from '#grade/protocol';
import { type Check, type Message, type SourceError, type Status, schema, type Verdict } from '#grade/verdict';

type Unknown = Readonly<Record<string, unknown>>;

const outcomes: readonly unknown[] = ['passed', 'failed', 'broken', 'stopped'];
const statuses: readonly unknown[] = ['passed', 'failed', 'hung', 'undecided', 'not run'] satisfies Status[];

/** The verdict, if it has a verdict's form. */
export function asVerdict(value: unknown): Verdict | undefined {
  if (!isRecord(value) || value.schema !== schema || !outcomes.includes(value.outcome)) return undefined;
  if (![value.course, value.exercise, value.submission].every(isText)) return undefined;
  const sound = isListOf(value.errors, isSourceError) && isListOf(value.checks, isCheck);
  return sound ? (value as unknown as Verdict) : undefined;
}

/** What was replayed, if it has the form of that. */
export function asReplayed(value: unknown): Replayed | undefined {
  const isSound = isRecord(value) && isTrace(value.trace) && typeof value.sameCode === 'boolean';
  return isSound ? (value as unknown as Replayed) : undefined;
}

function isSourceError(value: unknown): value is SourceError {
  return isRecord(value) && isCount(value.line) && isMessage(value.message) && optional(value.column, isCount);
}

function isCheck(value: unknown): value is Check {
  if (!isRecord(value) || !statuses.includes(value.status)) return false;
  const { id, name, stage, message, trace, explored, ...texts } = value;
  const optionalTexts = [texts.misconception, texts.because, texts.lesson, texts.schedule, texts.native];
  return (
    [id, name].every(isText) &&
    isCount(stage) &&
    optional(message, isMessage) &&
    optional(trace, isTrace) &&
    optional(explored, isExplored) &&
    optionalTexts.every((text) => optional(text, isText))
  );
}

const isMessage = (value: unknown): value is Message => isRecord(value) && isText(value.text);

function isExplored(value: unknown): boolean {
  if (!isRecord(value) || typeof value.complete !== 'boolean') return false;
  const { executions, states, interleavings, programs } = value;
  return (
    optional(programs, isCount) &&
    optional(executions, isCount) &&
    optional(states, isCount) &&
    optional(interleavings, (it) => isText(it) && /^\d+$/.test(it))
  );
}

function isTrace(value: unknown): value is Trace {
  return (
    isRecord(value) &&
    isText(value.schedule) &&
    optional(value.tasks, isTexts) &&
    isEnding(value.ending) &&
    isListOf(value.steps, isStep)
  );
}

const isEnding = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.kind) &&
  optional(value.message, isText) &&
  optional(value.accesses, (accesses) => isListOf(accesses, isAccess)) &&
  optional(value.orders, (orders) => isListOf(orders, isLockOrder));

const isAccess = (value: unknown): boolean =>
  isRecord(value) &&
  [value.task, value.cell, value.access].every(isText) &&
  isListOf(value.stack, isFrame) &&
  isTexts(value.locks);

const isLockOrder = (value: unknown): boolean =>
  isRecord(value) &&
  [value.task, value.holds, value.takes].every(isText) &&
  [value.holdsClass, value.takesClass].every((name) => optional(name, isText)) &&
  isListOf(value.holdsAt, isFrame) &&
  isListOf(value.takesAt, isFrame);

const isStep = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.task) &&
  isText(value.operation) &&
  isListOf(value.stack, isFrame) &&
  isListOf(value.plain, isEvent) &&
  isTexts(value.locks) &&
  isListOf(
    value.blocked,
    (wait) =>
      isRecord(wait) &&
      isText(wait.task) &&
      isText(wait.lock) &&
      isListOf(wait.heldBy, isText) &&
      optional(wait.behind, isTexts),
  );

const isEvent = (value: unknown): boolean =>
  isRecord(value) && isText(value.operation) && optional(value.result, isText) && isListOf(value.stack, isFrame);

const isFrame = (value: unknown): boolean =>
  isRecord(value) && isText(value.function) && optional(value.line, isCount) && optional(value.file, isText);
const isRecord = (value: unknown): value is Unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => isListOf(value, isText);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
/** Perhaps of more digits than a number holds. */
const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const isListOf = (value: unknown, is: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(is);
const optional = (value: unknown, is: (item: unknown) => boolean): boolean => value === undefined || is(value);

/** One of the worker's messages, if it has the form of one. */
export function asGraderMessage(value: Unknown): GraderMessage | undefined {
  const { known, checked, checking, alive, interleavings } = value;
  if (isCount(alive)) return { alive, ...(isWhole(interleavings) && { interleavings }) };
  if (isRecord(checking) && isText(checking.id) && isText(checking.name))
    return { checking: { id: checking.id, name: checking.name } };
  if (isCheck(checked)) return { checked };
  const verdict = asVerdict(known);
  return verdict && { known: verdict };
}
