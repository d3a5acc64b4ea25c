/** One execution that goes on step by step, in fresh generators, and what is said of it: for `replay` and its kin. */

import { Fault } from './fault.ts';
import { judge, outcomeOf, races } from './judgement.ts';
import { LiveTasks } from './live.ts';
import { type AccessFound, Machine, type Report, type Task } from './machine.ts';
import { Operation, ruleOf } from './operations.ts';
import { ordersInRing, placedAtEnd } from './places.ts';
import type {
  Access,
  Choice,
  Ending,
  FoundAfter,
  Frame,
  Held,
  LockOrder,
  Position,
  Program,
  Trace,
  TraceEvent,
  TraceStep,
  Wait,
} from './program.ts';
import { racesOfMarked, touches } from './races.ts';
import { formatSchedule, parseSchedule } from './schedule.ts';
import { framesOf } from './stacks.ts';
import { isUnstarted, look, placeAll, pointOf, runPlain, type Standing, takeStep } from './stepping.ts';
import { type Blocked, describeWait, keptBy } from './waits.ts';

/** Without preemption, an execution that is longer than this does not end. */
const MAX_STEPS = 10_000;

/** A schedule asks for a step that cannot be taken. */
export class RefusedStep extends Error {}

export interface Played {
  readonly trace: Trace;
  /** Locks that stay with tasks that died. */
  readonly held: readonly Held[];
  /** What went wrong in the last step, or is wrong after it. */
  readonly reports: readonly Report[];
}

/** What a replay is to show. */
export type Wanted = Pick<Ending, 'kind'> & Partial<Omit<Report, 'kind'>>;

export class Player<World> {
  readonly #program: Program<World>;
  readonly #machine: Machine<World>;
  readonly #tasks: LiveTasks;
  readonly #steps: TraceStep[] = [];
  /** Few are asked for their stacks. */
  readonly #accesses: (Omit<Access, 'stack'> & { readonly operation: Operation })[] = [];
  /** For each state met: after how many steps. */
  readonly #met = new Map<string, number>();
  /** By number of steps: who could move. */
  readonly #movers: (readonly number[])[] = [];
  /** After how many steps progress was last marked. */
  #progressAt = 0;
  /** All that has gone wrong so far. */
  readonly #known = new Set<string>();
  /** What went wrong in the last step, or was wrong after it. */
  #reports: readonly Report[] = [];
  /** What the trace ends with: the latest thing to go wrong. */
  #found: Report | undefined;
  #repeatsFrom: number | undefined;
  #cameBack = false;

  constructor(program: Program<World>) {
    this.#program = program;
    this.#machine = new Machine(program);
    this.#tasks = new LiveTasks(this.#machine);
    placeAll({ machine: this.#machine, stepper: this.#tasks });
  }

  play(schedule: string, wanted: Wanted | undefined): Played {
    const picture = this.#picture();
    this.#judge();
    this.#follow(schedule);
    if (!wanted) this.#goOn();
    return {
      trace: this.#trace(wanted ?? this.#found, picture),
      held: this.#held(),
      reports: this.#reports,
    };
  }

  position(schedule: string): Position {
    const picture = this.#picture();
    const choices: Choice[][] = [];
    const found: FoundAfter[] = [];
    const isNews = ({ kind, message }: Report) =>
      !found.some((known) => known.kind === kind && known.message === message);
    const look = () => {
      choices.push(this.#choices());
      const steps = this.#steps.length;
      found.push(...this.#reports.filter(isNews).map(({ kind, message }) => ({ kind, message, steps })));
    };
    this.#judge();
    look();
    this.#follow(schedule, look);
    const goesOn = choices.at(-1)?.length !== 0;
    const ended = this.#found ?? (goesOn ? ({ kind: 'unfinished' } as const) : undefined);
    return { trace: this.#trace(ended, picture), choices, found };
  }

  #follow(schedule: string, afterEach?: () => void): void {
    for (const [index, { task, steps }] of parseSchedule(schedule).entries()) {
      for (let step = 0; step < steps; step++) {
        this.#step(this.#mover(task, `schedule, part ${index + 1} (${task}), step ${step + 1}`));
        afterEach?.();
      }
    }
  }

  #trace(ended: Wanted | undefined, picture: unknown): Trace {
    const schedule = formatSchedule(this.#steps.map((step) => step.task));
    return {
      program: this.#program.name,
      schedule,
      tasks: this.#machine.tasks.map(({ name }) => name),
      steps: this.#steps,
      ending: this.#ending(ended, schedule),
      ...(picture === undefined ? {} : { picture }),
    };
  }

  #choices(): Choice[] {
    const machine = this.#machine;
    return (this.#movers.at(-1) as readonly number[]).map((task) => {
      const ahead = this.#look(task)?.position;
      const point = ahead && pointOf(ahead);
      return { task: (machine.tasks[task] as Task).name, operation: point ? machine.describe(point) : '' };
    });
  }

  playUntil(
    schedule: string,
    isFailure: (report: Report) => boolean,
  ): { readonly schedule: string; readonly report: Report } | undefined {
    const turns = parseSchedule(schedule).flatMap(({ task, steps }) => Array<string>(steps).fill(task));
    this.#judge();
    for (let taken = 0; ; taken++) {
      const report = this.#reports.find(isFailure);
      if (report) return { schedule: formatSchedule(turns.slice(0, taken)), report };
      const next = turns[taken];
      if (next === undefined) return undefined;
      this.#step(this.#mover(next, `schedule, step ${taken + 1} (${next})`));
    }
  }

  /** The task of that name, which must be able to move. */
  #mover(name: string, where: string): number {
    const machine = this.#machine;
    const task = machine.taskNamed(name);
    if (!task || !this.#tasks.at(task.index)) {
      const names = machine.tasks.filter(({ index }) => this.#tasks.at(index)).map((each) => each.name);
      throw new RefusedStep(`${where}: there is no task ${name} here; the tasks are ${names.join(', ')}`);
    }
    if (this.#canMove(task.index)) return task.index;
    const blocked = this.#look(task.index)?.blocked;
    if (!blocked) throw new RefusedStep(`${where}: ${name} has ended`);
    const wait = describeWait(machine, blocked);
    const over = this.#found ? `; it has gone wrong before that (${this.#found.kind}): leave out the rest` : '';
    throw new RefusedStep(`${where}: ${name} is blocked: it waits for ${wait.lock}${keptBy(wait)}${over}`);
  }

  #canMove(task: number): boolean {
    return (this.#movers.at(-1) as readonly number[]).includes(task);
  }

  /**
   * Goes on without preemption until something is wrong or nobody can move. A task that comes back to where it was waits
   * for another, so then the next one moves.
   */
  #goOn(): void {
    while (!this.#found) {
      const movers = this.#movers.at(-1) as readonly number[];
      if (movers.length === 0) return;
      if (this.#steps.length >= MAX_STEPS) throw new Error(`the execution has not ended after ${MAX_STEPS} steps`);
      const last = this.#machine.taskNamed(this.#steps.at(-1)?.task ?? '')?.index ?? -1;
      const next = movers.find((task) => task > last) ?? (movers[0] as number);
      this.#step(this.#canMove(last) && !this.#cameBack ? last : next);
    }
  }

  #step(task: number): void {
    const machine = this.#machine;
    const name = (machine.tasks[task] as Task).name;
    const last = this.#steps.at(-1)?.task;
    const preempts = last !== undefined && last !== name && this.#canMove((machine.taskNamed(last) as Task).index);
    const events: (TraceEvent & { isPoint: boolean })[] = [];
    machine.progressed = false;
    const observe = (operation: Operation, result: unknown) => {
      this.#reportMarked(task, operation, result);
      if (ruleOf(operation).point || !(result instanceof Fault)) this.#noteAccesses(task, operation, result);
      if (operation.called) events.push(this.#event(operation, result));
    };
    takeStep({ machine, stepper: this.#tasks, observe }, task);
    machine.memory.forget();
    if (machine.progressed) this.#progressAt = this.#steps.length + 1;
    const point = events.find((event) => event.isPoint);
    this.#steps.push({
      task: name,
      operation: point?.operation ?? '',
      ...(point?.result === undefined ? {} : { result: point.result }),
      stack: point?.stack ?? [],
      plain: plainOf(events),
      locks: machine.locksHeldBy(task).map((lock) => lock.name),
      switched: last === undefined || last === name ? 'no' : preempts ? 'preemption' : 'switch',
      blocked: this.#standings().flatMap((each) => (each?.blocked ? [this.#wait(each.blocked)] : [])),
      ...this.#pictured(),
    });
    this.#judge();
  }

  #reportMarked(task: number, operation: Operation, result: unknown): void {
    if (!ruleOf(operation).point) return;
    const machine = this.#machine;
    const segments = this.#standings().map((each) => each?.position.segment ?? []);
    for (const access of touches(machine, task, operation, result)) {
      machine.reports.push(...racesOfMarked(machine, access, segments));
    }
  }

  #wait(blocked: Blocked): Wait {
    const line = this.#framesOf(blocked.operation).find((frame) => frame.line !== undefined)?.line;
    return { ...describeWait(this.#machine, blocked), ...(line === undefined ? {} : { line }) };
  }

  #framesOf(operation: Operation): Frame[] {
    return framesOf(operation.stack, (name) => this.#program.source?.(name));
  }

  #event(operation: Operation, result: unknown): TraceEvent & { isPoint: boolean } {
    const machine = this.#machine;
    const shown = result === undefined || result instanceof Fault ? {} : { result: machine.names.show(result) };
    const { point } = ruleOf(operation);
    return { operation: machine.describe(operation), ...shown, stack: this.#framesOf(operation), isPoint: point };
  }

  #noteAccesses(task: number, operation: Operation, result: unknown): void {
    const machine = this.#machine;
    const { name } = machine.tasks[task] as Task;
    const locks = machine.locksHeldBy(task).map((lock) => lock.name);
    for (const { cell, write, plain } of touches(machine, task, operation, result))
      this.#accesses.push({ task: name, cell, access: write ? 'write' : 'read', plain, locks, operation });
  }

  /** What went wrong in the last step, what is wrong now, and whether this is a state that was met before. */
  #judge(): void {
    const machine = this.#machine;
    const standings = this.#standings();
    const blocked = standings.flatMap((each) => each?.blocked ?? []);
    const positions = machine.tasks.map(({ index }) => this.#tasks.at(index));
    const isMover = ({ index }: Task) => positions[index]?.pending.type === 'operation' && !standings[index]?.blocked;
    this.#movers.push(machine.tasks.filter(isMover).map(({ index }) => index));
    const nobodyMoves = this.#movers.at(-1)?.length === 0;
    this.#reports = [
      ...machine.reports.splice(0),
      ...judge(machine, positions, blocked, nobodyMoves),
      ...races(
        machine,
        standings.map((each) => each?.position.segment ?? []),
        blocked,
      ),
      ...this.#comeBack(),
      ...(nobodyMoves ? this.#failedOutcome() : []),
    ];
    const isNew = ({ kind, message }: Report) => !this.#known.has(`${kind}: ${message}`);
    this.#found = this.#reports.find(isNew) ?? this.#reports[0] ?? this.#found;
    for (const { kind, message } of this.#reports) this.#known.add(`${kind}: ${message}`);
  }

  #failedOutcome(): Report[] {
    const outcome = outcomeOf(this.#machine);
    return typeof outcome === 'object' ? [outcome] : [];
  }

  /** A state that was met before: a livelock if everyone who could move since has moved. */
  #comeBack(): Report[] {
    const { words } = this.#machine.memory;
    const key = `${words.slice(0, this.#machine.memory.end()).join()} ${this.#tasks.histories()}`;
    const before = this.#met.get(key);
    this.#cameBack = before !== undefined;
    if (before === undefined) {
      this.#met.set(key, this.#steps.length);
      return [];
    }
    if (before < this.#progressAt || !this.#isFair(before)) return [];
    this.#repeatsFrom = before;
    const message = 'the execution comes back to where it was, and everyone who could move has moved';
    return [{ kind: 'livelock', message }];
  }

  /** Whether everyone who could move since the given step has moved. */
  #isFair(since: number): boolean {
    const moved = new Set(this.#steps.slice(since).map((step) => this.#machine.taskNamed(step.task)?.index));
    return this.#movers.slice(since).every((movers) => movers.every((task) => moved.has(task)));
  }

  #ending(ended: Wanted | undefined, schedule: string): Ending {
    if (!ended) return { kind: 'returned' };
    const { kind, message, accesses } = ended;
    const repeats = kind === 'livelock' && this.#repeatsFrom !== undefined ? { repeatsFrom: this.#repeatsFrom } : {};
    const orders = this.#orders(ended, schedule);
    return {
      kind,
      ...(message === undefined ? {} : { message }),
      ...repeats,
      ...(accesses ? { accesses: accesses.map((each) => this.#place(each)) } : {}),
      ...(orders ? { orders } : {}),
    };
  }

  /** Each order of locks with its places: those of a lock order are of executions of their own. */
  #orders({ kind, orders, waits }: Wanted, schedule: string): readonly LockOrder[] | undefined {
    if (orders)
      return orders.map((each) =>
        placedAtEnd(each, new Player(this.#program).play(each.schedule, { kind }).trace.steps),
      );
    if (kind !== 'deadlock' || !waits) return undefined;
    const blocked = this.#standings().flatMap((each) => each?.blocked ?? []);
    const stackOf = ({ operation }: Blocked) => this.#framesOf(operation);
    return ordersInRing(this.#machine, waits, blocked, { schedule, steps: this.#steps, stackOf });
  }

  #held(): Held[] {
    const dead = this.#machine.tasks.filter((task) => this.#tasks.at(task.index)?.pending.type === 'failed');
    return dead.flatMap((task) =>
      this.#machine.locksHeldBy(task.index).map((lock) => ({ task: task.name, lock: lock.name })),
    );
  }

  /** The latest such access; one that has not been made yet is that of a task that has not started, or waits for the cell. */
  #place(access: AccessFound): Access {
    const made = this.#latestSuch(access);
    if (made) return made;
    const { index } = this.#machine.taskNamed(access.task) as Task;
    this.#tryOut(index);
    const waits = this.#look(index)?.blocked;
    const locks = this.#machine.locksHeldBy(index).map((lock) => lock.name);
    return this.#latestSuch(access) ?? { ...access, stack: waits ? this.#framesOf(waits.operation) : [], locks };
  }

  #latestSuch({ task, cell, access }: AccessFound): Access | undefined {
    const made = this.#accesses.findLast((each) => each.task === task && each.cell === cell && each.access === access);
    if (!made) return undefined;
    const { operation, ...rest } = made;
    return { ...rest, stack: this.#framesOf(operation) };
  }

  /** Notes what a task that has not started accesses before its first scheduling point. */
  #tryOut(task: number): void {
    const [machine, stepper] = [this.#machine, this.#tasks];
    if (!isUnstarted(stepper.at(task))) return;
    const observe = (operation: Operation, result: unknown) => this.#noteAccesses(task, operation, result);
    const mark = machine.memory.mark();
    runPlain({ machine, stepper, observe }, task, stepper.trial(task));
    machine.memory.undoTo(mark);
  }

  /** What is tried out is not shown, so it needs no stacks. */
  #look(task: number): Standing | undefined {
    const captures = Operation.capturesStacks;
    Operation.capturesStacks = false;
    const standing = look({ machine: this.#machine, stepper: this.#tasks }, task);
    Operation.capturesStacks = captures;
    return standing;
  }

  #standings(): (Standing | undefined)[] {
    return this.#machine.tasks.map((task) => this.#look(task.index));
  }

  #picture(): unknown {
    return this.#program.picture?.(this.#machine.world, this.#machine.now);
  }

  #pictured(): { picture?: unknown } {
    const picture = this.#picture();
    return picture === undefined ? {} : { picture };
  }
}

function plainOf(events: readonly (TraceEvent & { isPoint: boolean })[]): TraceEvent[] {
  const point = events.findIndex((event) => event.isPoint);
  return events.flatMap(({ isPoint, ...event }, index) =>
    isPoint ? [] : [index < point ? { ...event, before: true as const } : event],
  );
}
