/** One step of one task: the same code for the search, which numbers positions, and for replay, which runs generators. */

import { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import { joined, type Operation, perform, ruleOf } from './operations.ts';
import type { Body } from './program.ts';
import type { Touch } from './races.ts';
import type { Pending } from './runs.ts';
import { type Blocked, blockedAt } from './waits.ts';

/** Where a task stands: what it does next, and the plain accesses since its last scheduling point. */
export interface Position {
  /** Which of the task's bodies it is in. */
  readonly body: number;
  readonly pending: Pending;
  readonly segment: readonly Touch[];
}

/** Moves tasks from position to position. */
export interface Stepper<P extends Position> {
  /** Where the task stands. */
  at(task: number): P;
  place(task: number, position: P): void;
  /** The start of one of a task's bodies; `segment` is what the step has accessed before it. */
  root(task: number, body: number, segment: readonly Touch[]): P;
  /** The start of a task that another one spawns from where it stands. */
  spawned(child: number, body: Body, parent: P): P;
  /** The start of the body that the task is in. */
  restarted(position: P): P;
  /** The same place as `at`, for a run that is undone afterwards. */
  trial(task: number): P;
  after(position: P, result: unknown): P;
  /** Told that the position's operation is about to be done. */
  beforeOperation?(position: P): void;
  /** Told that the task goes from the one to the other, whatever the memory. */
  leads?(from: P, to: P): void;
  /** Told that the task has ended there. */
  ends?(position: P): void;
  killed(position: P, fault: Fault): P;
  /** A returned task that another has joined: what it accessed comes before all that the joiner does. */
  settled(position: P): P;
}

/** A machine, and who moves its tasks. */
export interface Run<P extends Position> {
  readonly machine: Machine;
  readonly stepper: Stepper<P>;
  /** Told of every operation of a step, in order. */
  readonly observe?: (operation: Operation, result: unknown) => void;
}

/** How often a body may start over within one step. */
export const MAX_RESTARTS = 100;

/** The operation before which another task may run; undefined where the task has ended or has not come to one yet. */
export function pointOf(position: Position): Operation | undefined {
  const { pending } = position;
  return pending.type === 'operation' && ruleOf(pending.operation).point ? pending.operation : undefined;
}

/** A task that rests before a plain access has not taken its first step: what precedes its first point rides with it. */
export function isUnstarted(position: Position): boolean {
  return position.pending.type === 'operation' && !pointOf(position);
}

/** Puts every task at its start. */
export function placeAll<P extends Position>({ machine, stepper }: Run<P>): void {
  for (const task of machine.tasks) {
    let position = stepper.root(task.index, 0, []);
    while (position.pending.type === 'returned' && position.body + 1 < task.bodies.length) {
      position = stepper.root(task.index, position.body + 1, []);
    }
    stepper.place(task.index, reported(machine, task.index, position));
  }
}

/**
 * Takes one step of a task: a scheduling point with the plain accesses that follow it. What goes wrong is added to
 * `machine.reports`. Returns what keeps the task if it is blocked; then what it did before its first point must be undone.
 */
export function takeStep<P extends Position>(run: Run<P>, task: number): Blocked | undefined {
  let position = runPlain(run, task, run.stepper.at(task));
  const point = pointOf(position);
  const blocked = blockedAt(run.machine, task, point);
  if (blocked) return blocked;
  if (point) position = runPlain(run, task, performNext(run, task, position));
  run.stepper.place(task, position);
  return undefined;
}

/** Where a task stands before its next scheduling point, and what keeps it there. */
export interface Standing {
  readonly position: Position;
  readonly blocked: Blocked | undefined;
}

/** Looks where a task stands; one that has not started is tried out, and what it did is undone. */
export function look<P extends Position>({ machine, stepper }: Run<P>, task: number): Standing | undefined {
  const position = stepper.at(task);
  if (!position) return undefined;
  if (!isUnstarted(position)) return { position, blocked: blockedAt(machine, task, pointOf(position)) };
  const [mark, reports, progressed] = [machine.memory.mark(), machine.reports.length, machine.progressed];
  const ahead = runPlain({ machine, stepper }, task, stepper.trial(task));
  const blocked = blockedAt(machine, task, pointOf(ahead));
  machine.memory.undoTo(mark);
  machine.reports.length = reports;
  machine.progressed = progressed;
  return { position: ahead, blocked };
}

/** Runs what is no scheduling point: plain accesses, the ends of bodies and the beginnings of the next. */
export function runPlain<P extends Position>(run: Run<P>, task: number, from: P): P {
  let position = from;
  for (let restarts = 0; ; ) {
    const { pending } = position;
    if (pending.type === 'failed' || pointOf(position)) return position;
    if (pending.type === 'returned') {
      const next = nextBody(run, task, position);
      if (!next) {
        run.stepper.ends?.(position);
        return position;
      }
      position = next;
    } else {
      if (pending.operation.kind === 'again' && ++restarts > MAX_RESTARTS) {
        return killed(
          run,
          task,
          position,
          new Fault('endless loop', 'the body starts over for ever without a scheduling point'),
        );
      }
      position = performNext(run, task, position);
    }
  }
}

function nextBody<P extends Position>(run: Run<P>, task: number, position: P): P | undefined {
  const { machine, stepper } = run;
  const { name, bodies } = machine.tasks[task] as Task;
  const held = namesOfHeld(run, task);
  if (held.length > 0) {
    return killed(run, task, position, new Fault('lock misuse', `${name} returned while it holds ${held}`));
  }
  if (position.body + 1 >= bodies.length) return undefined;
  const next = stepper.root(task, position.body + 1, position.segment);
  stepper.leads?.(position, next);
  return reported(machine, task, next);
}

/** Does the position's operation, which must not have to wait. */
export function performNext<P extends Position>(run: Run<P>, task: number, position: P): P {
  const { machine, stepper, observe } = run;
  const { operation } = position.pending as { operation: Operation };
  if (operation.kind === 'again') {
    const held = namesOfHeld(run, task);
    if (held.length > 0)
      return killed(run, task, position, new Fault('lock misuse', `starts over while it holds ${held}`));
    machine.objects.restart(task);
    const next = stepper.restarted(position);
    stepper.leads?.(position, next);
    return reported(machine, task, next);
  }
  stepper.beforeOperation?.(position);
  const result = perform(machine, task, operation);
  observe?.(operation, result);
  if (result instanceof Fault) return killed(run, task, position, result);
  if (operation.kind === 'join') settle(stepper, joined(machine, operation) as number);
  if (operation.kind === 'spawn') {
    const [name, body] = operation.args as [string, Body];
    const fault = spawn(run, name, body, position);
    if (fault) return killed(run, task, position, fault);
  }
  return reported(machine, task, stepper.after(position, result));
}

const namesOfHeld = ({ machine }: { machine: Machine }, task: number) =>
  machine
    .locksHeldBy(task)
    .map((lock) => lock.name)
    .join(', ');

function killed<P extends Position>(run: Run<P>, task: number, position: P, fault: Fault): P {
  return reported(run.machine, task, run.stepper.killed(position, fault));
}

function reported<P extends Position>(machine: Machine, task: number, position: P): P {
  const { pending } = position;
  if (pending.type === 'failed') machine.report({ kind: pending.fault.kind, message: pending.fault.message, task });
  return position;
}

function spawn<P extends Position>(
  { machine, stepper }: Run<P>,
  name: string,
  body: Body,
  parent: P,
): Fault | undefined {
  const known = machine.taskNamed(name);
  if (known && stepper.at(known.index)) return new Fault('exception', `spawn(${name}): there is a task of that name`);
  try {
    const child = known ?? machine.addTask(name, [body]);
    stepper.place(child.index, reported(machine, child.index, stepper.spawned(child.index, body, parent)));
    return undefined;
  } catch (error) {
    return new Fault('exception', `spawn(${name}): ${(error as Error).message}`);
  }
}

function settle<P extends Position>(stepper: Stepper<P>, task: number): void {
  stepper.place(task, stepper.settled(stepper.at(task)));
}
