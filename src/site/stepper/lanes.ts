/** What a stepper draws, worked out from a trace: one lane for each task, one row for each step, rails for the locks held. */

import type { Frame, Trace, TraceStep } from '#explore';

export interface Lanes {
  /** Task names, in the order in which their lanes stand. */
  readonly tasks: readonly string[];
  readonly rows: readonly Row[];
  /** How many rails the widest moment of each lane needs. */
  readonly rails: readonly number[];
}

export interface Row {
  /** From 1. */
  readonly number: number;
  readonly step: TraceStep;
  readonly lane: number;
  /** The function the step stands in, where it is not that of the task's step before. */
  readonly enters: Frame | undefined;
  /** The learner's own line that led here, where it is not that of the task's step before. */
  readonly line: number | undefined;
  /** The lane that ran before, if another one. */
  readonly from: number | undefined;
  readonly cells: readonly Cell[];
}

/** One lane in one row. */
export interface Cell {
  readonly rails: readonly (Rail | undefined)[];
  /** Whom the task waits for. */
  readonly wait: Wait | undefined;
}

/** A lock that is held: from the row that takes it to the row that lets it go. */
export interface Rail {
  readonly lock: string;
  readonly part: 'start' | 'through' | 'end';
}

export interface Wait {
  readonly lock: string;
  readonly heldBy: readonly string[];
  /** Those who wait for it first. */
  readonly behind?: readonly string[];
  /** It has just begun to wait. */
  readonly begins: boolean;
}

/** The lanes of a trace, one for each of these tasks. */
export function lanesOf(trace: Trace, tasks: readonly string[] = tasksOf(trace)): Lanes {
  const state = tasks.map(() => ({ slots: [] as (string | undefined)[], waits: undefined as string | undefined }));
  const before = new Map<string, { caller: string | undefined; line: number | undefined }>();
  const rows = trace.steps.map((step, at): Row => {
    const lane = tasks.indexOf(step.task);
    const caller = callerOf(step);
    const line = learnersLine(step);
    const last = before.get(step.task);
    before.set(step.task, { caller: caller?.function, line });
    const previous = trace.steps[at - 1];
    return {
      number: at + 1,
      step,
      lane,
      enters: caller?.function === last?.caller ? undefined : caller,
      line: line === last?.line ? undefined : line,
      from: previous && previous.task !== step.task ? tasks.indexOf(previous.task) : undefined,
      cells: state.map((of, index) => ({
        rails: index === lane ? moveRails(of.slots, step.locks) : of.slots.map(through),
        wait: waitOf(of, step, tasks[index] ?? ''),
      })),
    };
  });
  return { tasks, rows, rails: state.map(({ slots }) => slots.length) };
}

/** In the order of their lanes. A task that never moves has none, unless it waits. */
export function tasksOf(trace: Trace): string[] {
  const named = trace.steps.flatMap((step) => [step.task, ...step.blocked.map(({ task }) => task)]);
  return [...new Set(named)].sort();
}

/** The function that the step stands in: the innermost that is not the operation itself. */
const callerOf = ({ operation, stack }: TraceStep): Frame | undefined =>
  stack.find((frame) => !operation.startsWith(`${frame.function}(`));

/** The line of the innermost function that is the learner's own. */
export function learnersLine(step: TraceStep): number | undefined {
  const stacks = [step.stack, ...step.plain.map(({ stack }) => stack)];
  return stacks.flatMap((stack) => stack.find(({ line }) => line !== undefined)?.line ?? []).at(0);
}

const through = (lock: string | undefined): Rail | undefined => (lock ? { lock, part: 'through' } : undefined);

/** Lets go of the rails of locks no longer held, and gives new ones the first free place. */
function moveRails(slots: (string | undefined)[], held: readonly string[]): (Rail | undefined)[] {
  const rails = slots.map((lock) => (lock && !held.includes(lock) ? ({ lock, part: 'end' } as Rail) : through(lock)));
  for (const [at, rail] of rails.entries()) if (rail?.part === 'end') slots[at] = undefined;
  for (const lock of held.filter((name) => !slots.includes(name))) {
    // A place that this very step frees still shows the end of the rail before.
    const free = slots.findIndex((taken, at) => taken === undefined && rails[at] === undefined);
    const place = free < 0 ? slots.length : free;
    slots[place] = lock;
    rails[place] = { lock, part: 'start' };
  }
  return rails;
}

function waitOf(of: { waits: string | undefined }, step: TraceStep, task: string): Wait | undefined {
  const wait = step.blocked.find((blocked) => blocked.task === task);
  const begins = wait?.lock !== of.waits;
  of.waits = wait?.lock;
  if (!wait) return undefined;
  const { lock, heldBy, behind } = wait;
  return { lock, heldBy, ...(behind ? { behind } : {}), begins };
}
