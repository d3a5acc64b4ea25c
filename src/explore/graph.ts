/** The state graph: a state is where each task stands and what memory holds; an edge is one step of one task. */

import { Automaton, ENDED } from './automaton.ts';
import { Cell } from './cells.ts';
import { WRITE } from './dependence.ts';
import { Edges } from './edges.ts';
import { keyOf } from './findings.ts';
import { checkInvariant, compareSegments, judge, outcomeOf, races } from './judgement.ts';
import { LockOrders } from './lockOrder.ts';
import { Machine, type Report, type Task } from './machine.ts';
import type { Effect, Node } from './node.ts';
import type { Program } from './program.ts';
import { racesOfMarked, type Touch } from './races.ts';
import { StateTable } from './states.ts';
import { isUnstarted, look, placeAll, type Run } from './stepping.ts';
import { NotAlike, Symmetry } from './symmetry.ts';
import type { Blocked } from './waits.ts';
import { Walk } from './walk.ts';

/** What is wrong with a state, and how the execution ended if no task can move. */
export interface Finding {
  readonly reports: readonly Report[];
  readonly outcome: string | undefined;
}

/** More nodes than an automaton will have, so that a pair of them is one number. */
const NODES = 2 ** 26;

/** In place of those who keep a task: it has ended, or takes a step. */
const NOT_KEPT = ENDED;

export class StateGraph<World = unknown> {
  readonly machine: Machine<World>;
  readonly automaton: Automaton;
  readonly table = new StateTable();
  readonly edges = new Edges();
  /** What went wrong on an edge, and what is to be said of a state; most have nothing. */
  readonly edgeReports = new Map<number, readonly Report[]>();
  readonly findings = new Map<number, Finding>();
  /** All that is wrong anywhere, by kind and message, and the names of all endings. */
  readonly reports = new Map<string, Report>();
  readonly outcomes = new Set<string>();
  /** Each with the edge on which it was seen first. */
  readonly lockOrders: LockOrders<number>;
  /** So far every step has led to a higher level: no way comes back to where it was. */
  onlyRises = true;
  /** Edges on which something was achieved. */
  readonly progress = new Set<number>();
  /** What went wrong before the first step. */
  readonly initialReports: readonly Report[];
  readonly initial: number;
  readonly #run: Run<Node>;
  readonly #walk: Walk;
  readonly #symmetry: Symmetry | undefined;
  /** Whether two tasks race depends on where they stand alone, so each pair of nodes is compared once. */
  readonly #raceOf = new Map<number, Report | undefined>();

  /** With groups of interchangeable tasks, the graph is that of the representatives of like states. Throws `NotAlike`. */
  constructor(program: Program<World>, groups: readonly (readonly number[])[] = []) {
    this.machine = new Machine(program);
    this.automaton = new Automaton(this.machine);
    this.#run = { machine: this.machine, stepper: this.automaton };
    this.#walk = new Walk(this.machine, this.automaton);
    this.lockOrders = new LockOrders(this.machine);
    placeAll(this.#run);
    this.initialReports = this.#note(this.machine.reports.splice(0));
    this.machine.memory.forget();
    this.initial = this.table.add(this.machine.memory);
    if (groups.length > 0) this.#symmetry = new Symmetry(this.machine, this.automaton, this.#walk, groups);
  }

  taskName(task: number): string {
    return (this.machine.tasks[task] as Task).name;
  }

  isExpanded(state: number): boolean {
    return this.edges.isClosed(state);
  }

  /** Brings the machine to the state. */
  rewindTo(state: number): void {
    this.table.load(this.machine.memory, state);
  }

  /** Finds the state's successors, and what is wrong with the state itself. Once for each state. */
  expand(state: number): void {
    const first = this.edges.count;
    this.table.load(this.machine.memory, state);
    const level = this.table.levelOf(state);
    // As bits: the tasks that must wait, and those that keep them.
    let [blocked, keepers] = [0, 0];
    const living = this.machine.tasks.length; // who is spawned on the way takes no step from here
    for (let task = 0; task < living; task++) {
      let keptBy = this.#walk.glance(task);
      if (keptBy === 0) keptBy = this.#go(task, level);
      if (keptBy === NOT_KEPT) continue;
      blocked |= 1 << task;
      keepers |= keptBy;
    }
    this.edges.close(state, first);
    this.#judge(state, blocked, keepers, this.edges.count === first);
  }

  /** Takes the step of a task that has not ended, adds its edge and takes it back. If it must wait: those who keep it, as bits. */
  #go(task: number, level: number): number {
    const walk = this.#walk;
    const node = this.automaton.at(task);
    const keptBy = walk.keepersOf(node);
    if (keptBy !== 0) return keptBy;
    const effect = walk.wholeStep(node);
    const isSimple = node.isNoted && !(this.automaton.mayRace && this.#mayMeet(task, node.slot));
    if (effect !== undefined && isSimple) {
      this.edges.add(task, this.#leap(task, node, effect, level));
      return NOT_KEPT;
    }
    const isTaken = this.#step(task, node, level);
    this.machine.memory.undoTo(0);
    return isTaken ? NOT_KEPT : walk.keptBy;
  }

  /** The state that an effect leads to which is the whole step: two words change, and are put back without a log. */
  #leap(task: number, node: Node, { left, met, next, change }: Effect, level: number): number {
    const { memory, taskSlots } = this.machine;
    const slot = taskSlots[task] as number;
    const before = memory.hash;
    memory.words[node.slot] = left;
    memory.words[slot] = (next as Node).id;
    memory.hash = before ^ change;
    this.#symmetry?.canonicalise();
    const target = this.table.add(memory, level + 1);
    memory.undoTo(0);
    memory.words[node.slot] = met;
    memory.words[slot] = node.id;
    memory.hash = before;
    return target;
  }

  /** Takes the step of a task that stands at the node, and adds its edge. False if the task must wait. */
  #step(task: number, node: Node, level: number): boolean {
    const { memory, reports } = this.machine;
    const walk = this.#walk;
    this.machine.progressed = false;
    if (!walk.step(task)) return false;
    const { point } = walk;
    if (this.automaton.mayRace && walk.slot >= 0 && this.#mayMeet(task, walk.slot)) this.#reportMarked(task);
    const longer = this.automaton.at(task).depth - node.depth;
    if (longer <= 0) this.onlyRises = false;
    if (reports.length === 0) this.#symmetry?.canonicalise();
    if (point !== undefined && !point.isNoted) this.lockOrders.note(task, point, () => this.edges.count);
    const edge = this.edges.add(task, this.table.add(memory, level + longer));
    if (this.machine.progressed) this.progress.add(edge);
    if (reports.length > 0) this.edgeReports.set(edge, this.#note(reports.splice(0)));
    return true;
  }

  /** Reports the races of an atomic access that the step of that task has just made. */
  #reportMarked(task: number): void {
    const { point, slot, mode } = this.#walk;
    if (slot < 0 || point?.pending.type !== 'operation') return;
    const { on } = point.pending.operation;
    if (!(on instanceof Cell)) return;
    const access: Touch = { task, cell: on.name, slot, write: mode === WRITE, plain: false };
    this.machine.reports.push(...racesOfMarked(this.machine, access, this.#segments()));
  }

  #note(reports: readonly Report[]): readonly Report[] {
    for (const report of reports) this.reports.set(keyOf(report), report);
    return reports;
  }

  /** What is wrong with the state that the machine is in. Most states have nothing to ask about, and are many. */
  #judge(state: number, blocked: number, keepers: number, nobodyMoves: boolean): void {
    const { machine } = this;
    const mayBeStuck = nobodyMoves || (blocked & keepers) !== 0;
    const isAsked = mayBeStuck || machine.program.invariant !== undefined;
    const mayRace = this.automaton.mayRace && this.#mayRace(blocked);
    if (!isAsked && !mayRace) return;
    const reports = mayBeStuck ? this.#judgeStuck(blocked, nobodyMoves) : checkInvariant(machine);
    if (mayRace) reports.push(...this.#races(this.#waits(blocked)));
    const ending = nobodyMoves ? outcomeOf(machine) : undefined;
    if (typeof ending === 'object') reports.push(ending);
    const outcome = typeof ending === 'string' ? ending : undefined;
    this.#checkLikes(isAsked, nobodyMoves, ending);
    if (reports.length === 0 && outcome === undefined) return;
    this.findings.set(state, { reports: this.#note(reports), outcome });
    if (outcome !== undefined) this.outcomes.add(outcome);
  }

  /** What is wrong where tasks may wait for each other, or none can move. */
  #judgeStuck(blocked: number, nobodyMoves: boolean): Report[] {
    const positions = this.machine.tasks.map(({ index }) => this.automaton.at(index));
    return judge(this.machine, positions, this.#waits(blocked), nobodyMoves);
  }

  /** Whether two tasks' latest accesses may race; those of `blocked`, as bits, read the cell that they wait for. */
  #mayRace(blocked: number): boolean {
    const tasks = this.machine.tasks.length;
    let [touched, written] = [0, 0];
    for (let task = 0; task < tasks; task++) {
      const node = this.automaton.at(task);
      if (node === undefined) continue;
      const read = (blocked >> task) & 1 && node.kind === 'waitFor' ? node.touched | (1 << node.slot) : node.touched;
      if ((read & written) !== 0 || (touched & node.written) !== 0) return true;
      touched |= read;
      written |= node.written;
    }
    return false;
  }

  /** Whether the task's step, whose scheduling point is there, may race with others' latest accesses: it may be one itself. */
  #mayMeet(task: number, slot: number): boolean {
    const tasks = this.machine.tasks.length;
    for (let other = 0; other < tasks; other++) {
      if (other !== task && ((this.automaton.at(other)?.touched ?? 0) >> slot) & 1) return true;
    }
    return false;
  }

  /** What the program says of this state it must say of all that are like it. */
  #checkLikes(isAsked: boolean, nobodyMoves: boolean, ending: string | undefined | Report): void {
    const { program, world, now } = this.machine;
    if (!this.#symmetry || !isAsked || !(program.invariant || (nobodyMoves && (program.check || program.outcome))))
      return;
    const [invariant, check] = [program.invariant?.(world, now), nobodyMoves ? program.check?.(world, now) : undefined];
    this.#symmetry.forEachRenaming(() => {
      const isSame =
        program.invariant?.(world, now) === invariant &&
        (!nobodyMoves || (program.check?.(world, now) === check && outcomeOf(this.machine) === ending));
      if (!isSame)
        throw new NotAlike('the program tells them apart where it says what is wrong, or how an execution ended');
    });
  }

  /** Verifies, at the end, that the tasks are alike which were taken for alike. Throws `NotAlike`. */
  verifySymmetry(): void {
    this.#symmetry?.verify();
  }

  #waits(blocked: number): Blocked[] {
    if (blocked === 0) return [];
    return this.machine.tasks.flatMap(({ index }) =>
      (blocked >> index) & 1 ? (look(this.#run, index)?.blocked ?? []) : [],
    );
  }

  #races(waits: readonly Blocked[]): Report[] {
    const standing = this.#standing();
    const segments = standing.map((node) => node?.segment ?? []);
    return races(this.machine, segments, waits, (one, other) => {
      const pair = (standing[one] as Node).id * NODES + (standing[other] as Node).id;
      if (!this.#raceOf.has(pair)) this.#raceOf.set(pair, compareSegments(this.machine, segments, one, other));
      return this.#raceOf.get(pair);
    });
  }

  #segments(): (readonly Touch[])[] {
    return this.#standing().map((node) => node?.segment ?? []);
  }

  /** Where each task stands, before its next scheduling point. */
  #standing(): (Node | undefined)[] {
    return this.machine.tasks.map(({ index }) => {
      const node = this.automaton.at(index);
      return node && isUnstarted(node) ? (look(this.#run, index)?.position as Node) : node;
    });
  }
}
