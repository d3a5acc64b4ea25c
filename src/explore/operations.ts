/**
 * The table of operations: for each kind, whether another task may run before it, when it is enabled, and what it does.
 * Search, replay, the checks of races and locks and the printed trace all go by this one table.
 */

import { type Allocatable, Cell, Lock } from './cells.ts';
import { FAIL, type Mode, NONE, QUEUE, READ, SHARE, TRY, UNSHARE, WRITE } from './dependence.ts';
import { Fault } from './fault.ts';
import type { Machine } from './machine.ts';
import { tellThrown } from './stacks.ts';

export type OperationKind = keyof typeof rules;

/** One thing that a body asks of the machine. Made by the functions of steps.ts alone. */
export class Operation {
  readonly kind: OperationKind;
  /** What it touches: a cell, a lock, an allocated object. */
  readonly on: unknown;
  readonly args: readonly unknown[];
  /** Its name in traces, or a remark's text; without one it has no line there. */
  readonly called: string;
  /** Made where the operation was, for its stack; only while replaying. */
  readonly #origin: Error | undefined;

  constructor(kind: OperationKind, on: unknown, args: readonly unknown[], called: string) {
    this.kind = kind;
    this.on = on;
    this.args = args;
    this.called = called;
    this.#origin = Operation.capturesStacks ? new Error() : undefined;
  }

  /** The text of the call stack that it was made on. */
  get stack(): string | undefined {
    return this.#origin?.stack;
  }

  /** Set by replay while it runs bodies: stacks are costly. */
  static capturesStacks = false;
}

interface Rule {
  /** Another task may run before it. */
  readonly point: boolean;
  /** How it touches its cell; a failed compare-and-swap is a read. */
  access?(result: unknown): 'read' | 'write';
  /** How it touches its object: the question of what commutes with it. */
  mode?(result: unknown): Mode;
  /** The same of one that kills its task; without it, that depends on the task alone. */
  readonly modeOfDeath?: Mode;
  /** All that it depends on is its object's word and the task's own history; all that it changes is that word. */
  readonly isLocal?: true;
  /** Only of what may have to wait. */
  enabled?(machine: Machine, task: number, operation: Operation): boolean;
  /** Does it, and returns its result. Throws the Fault that kills the task. */
  apply(machine: Machine, task: number, operation: Operation): unknown;
}

const reads = () => 'read' as const;
const writes = () => 'write' as const;
const always = (mode: Mode) => () => mode;
/** Of what touches one object alone: its word tells all that the operation depends on besides its task's own history. */
const local = { isLocal: true } as const;
/** What dies at a cell has read it. */
const onCell = { ...local, modeOfDeath: READ } as const;
/** What dies when it could have taken a lock has seen that it could. */
const takes = { ...local, modeOfDeath: WRITE } as const;
const shares = { ...local, modeOfDeath: SHARE } as const;
const cellOf = (operation: Operation) => operation.on as Cell;
const lockOf = (operation: Operation) => operation.on as Lock;
const argument = <T>(operation: Operation, index = 0) => operation.args[index] as T;

function readCell(machine: Machine, _task: number, operation: Operation): unknown {
  const value = machine.read(cellOf(operation));
  const project = operation.args[0] as ((value: unknown) => unknown) | undefined;
  return project ? project(value) : value;
}

function writeCell(machine: Machine, _task: number, operation: Operation): unknown {
  machine.read(cellOf(operation)); // notices a freed object
  machine.write(cellOf(operation), operation.args[0]);
  return undefined;
}

/** A task that sleeps while it holds a spinlock keeps every CPU spinning behind it. */
function refuseSleepUnderSpinlock(machine: Machine, task: number, operation: Operation): void {
  const held = machine.spinlockHeldBy(task);
  if (!held || (operation.on instanceof Lock && operation.on.sort === 'spinlock')) return;
  throw new Fault(
    'lock misuse',
    `${machine.describe(operation)} may sleep, and ${held.name} is a spinlock that the task holds`,
  );
}

/** A result is a part of the task's history, so it must be the same in every execution: a primitive, or of the world. */
function refuseUnknownObject(machine: Machine, operation: Operation, result: unknown): void {
  if ((typeof result !== 'object' && typeof result !== 'function') || result === null) return;
  if (machine.names.pathOf(result) !== undefined) return;
  throw new Fault(
    'exception',
    `${machine.describe(operation)} learns an object that is not of the world: let it learn a number, a string or true and false`,
  );
}

function refuseIfNotHeld(held: boolean, machine: Machine, operation: Operation): void {
  if (!held) throw new Fault('lock misuse', `${machine.describe(operation)}, but the task does not hold it`);
}

export const rules = {
  // Scheduling points.
  read: { ...onCell, point: true, access: reads, mode: always(READ), apply: readCell },
  write: { ...onCell, point: true, access: writes, mode: always(WRITE), apply: writeCell },
  update: {
    ...onCell,
    point: true,
    access: writes,
    mode: always(WRITE),
    apply(machine, _task, operation) {
      const before = machine.read(cellOf(operation));
      machine.write(cellOf(operation), argument<(value: unknown) => unknown>(operation)(before));
      return before;
    },
  },
  compareAndSwap: {
    ...onCell,
    point: true,
    access: (swapped) => (swapped ? 'write' : 'read'),
    mode: (swapped) => (swapped ? WRITE : READ),
    apply(machine, _task, operation) {
      if (!Object.is(machine.read(cellOf(operation)), operation.args[0])) return false;
      machine.write(cellOf(operation), operation.args[1]);
      return true;
    },
  },
  queue: {
    ...local,
    point: true,
    mode: always(QUEUE),
    apply(machine, task, operation) {
      machine.queueFor(lockOf(operation), task);
    },
  },
  acquire: {
    ...takes,
    point: true,
    mode: always(WRITE),
    enabled: (machine, _task, operation) => machine.isUnheld(lockOf(operation)),
    apply(machine, task, operation) {
      machine.takeAlone(lockOf(operation), task);
    },
  },
  tryAcquire: {
    ...local,
    point: true,
    mode: (taken) => (taken ? TRY : FAIL),
    apply(machine, task, operation) {
      if (!machine.isFree(lockOf(operation))) return false;
      machine.takeAlone(lockOf(operation), task);
      return true;
    },
  },
  release: {
    ...local,
    point: true,
    mode: always(WRITE),
    apply(machine, task, operation) {
      refuseIfNotHeld(machine.holdsAlone(lockOf(operation), task), machine, operation);
      machine.release(lockOf(operation));
    },
  },
  acquireShared: {
    ...shares,
    point: true,
    mode: always(SHARE),
    enabled: (machine, _task, operation) => machine.isOpen(lockOf(operation)),
    apply(machine, task, operation) {
      machine.takeShared(lockOf(operation), task);
    },
  },
  tryAcquireShared: {
    ...shares,
    point: true,
    mode: (taken) => (taken ? SHARE : FAIL),
    apply(machine, task, operation) {
      if (!machine.isOpen(lockOf(operation))) return false;
      machine.takeShared(lockOf(operation), task);
      return true;
    },
  },
  releaseShared: {
    ...local,
    point: true,
    mode: always(UNSHARE),
    apply(machine, task, operation) {
      refuseIfNotHeld(machine.holdsShared(lockOf(operation), task), machine, operation);
      machine.releaseShared(lockOf(operation), task);
    },
  },
  waitFor: {
    ...onCell,
    point: true,
    access: reads,
    mode: always(READ),
    enabled: (machine, _task, operation) =>
      machine.isFreed(cellOf(operation)) ||
      Boolean(argument<(value: unknown) => boolean>(operation)(machine.read(cellOf(operation)))),
    apply(machine, _task, operation) {
      argument<(value: unknown) => boolean>(operation)(machine.read(cellOf(operation))); // what throws kills the task here
    },
  },
  spawn: {
    point: true, // the step that does it starts the task
    mode: always(WRITE),
    apply: () => undefined,
  },
  join: {
    point: true,
    mode: always(NONE), // who has returned stays so: nothing can be exchanged with it that is not ordered before it
    enabled(machine, _task, operation) {
      if (typeof argument(operation) !== 'string') return true; // and fails
      const task = joined(machine, operation);
      return task !== undefined && machine.pendingOf(task)?.type === 'returned';
    },
    apply(machine, _task, operation) {
      const name = argument(operation);
      if (typeof name !== 'string')
        throw new Fault('exception', `join(${machine.names.show(name)}): give it a task's name`);
    },
  },

  // Plain accesses: recorded, and never the place of a switch.
  get: { ...local, point: false, access: reads, mode: always(READ), apply: readCell },
  set: { ...local, point: false, access: writes, mode: always(WRITE), apply: writeCell },
  allocate: {
    point: false,
    apply: (machine, task, operation) => machine.objects.allocate(task, operation.on as Allocatable<object>),
  },
  free: {
    point: false,
    access: writes,
    apply: (machine, _task, operation) => machine.objects.free(operation.on as object),
  },

  // Neither: they end or mark a task's run.
  bug: {
    point: false,
    apply(_machine, _task, operation) {
      throw new Fault('bug', argument<string>(operation));
    },
  },
  warn: {
    point: false,
    apply(machine, task, operation) {
      machine.report({ kind: 'warning', message: argument<string>(operation), task });
    },
  },
  remark: { point: false, apply: () => undefined },
  progress: {
    point: false,
    apply(machine) {
      machine.progressed = true;
    },
  },
  again: { point: false, apply: () => undefined },
} satisfies Record<string, Rule>;

/** The rule of an operation. */
export function ruleOf(operation: Operation): Rule {
  return rules[operation.kind];
}

const takesAlone = ({ kind, on }: Operation) => (kind === 'acquire' || kind === 'tryAcquire') && on instanceof Lock;

/** Whether the operation may run now. What will fail may run: it fails. */
export function isEnabled(machine: Machine, task: number, operation: Operation): boolean {
  try {
    if (takesAlone(operation) && machine.isReservedFrom(operation.on as Lock, task)) return false;
    return ruleOf(operation).enabled?.(machine, task, operation) ?? true;
  } catch {
    return true;
  }
}

/** Does the operation. Returns its result, or the fault that kills the task. */
export function perform(machine: Machine, task: number, operation: Operation): unknown | Fault {
  try {
    const rule = ruleOf(operation);
    if (rule.enabled) refuseSleepUnderSpinlock(machine, task, operation);
    const result = rule.apply(machine, task, operation);
    refuseUnknownObject(machine, operation, result);
    return result;
  } catch (error) {
    return error instanceof Fault ? error : new Fault('exception', tellThrown(error));
  }
}

/** The task that a join waits for; undefined as long as nobody has spawned it. */
export function joined(machine: Machine, operation: Operation): number | undefined {
  const task = machine.taskNamed(argument<string>(operation));
  return task && machine.pendingOf(task.index) ? task.index : undefined;
}

/** The tasks that keep the operation from running; none where nobody in particular does. */
export function blockers(machine: Machine, operation: Operation): number[] {
  const { kind, on } = operation;
  if (on instanceof Lock) return kind === 'acquireShared' ? machine.beforeReaders(on) : machine.holdersOf(on);
  const task = operation.kind === 'join' ? joined(machine, operation) : undefined;
  return task === undefined ? [] : [task];
}

/** What a blocked operation waits for: a lock, a cell, a task. */
export function awaited(operation: Operation): string {
  return operation.on instanceof Lock || operation.on instanceof Cell ? operation.on.name : String(operation.args[0]);
}
