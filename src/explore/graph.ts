/** The state graph: a state is where each task stands and what memory holds; an edge is one step of one task. */

import { Automaton, type Node } from './automaton.ts';
import { compareSegments, judge, races } from './judgement.ts';
import { Machine, type Report, type Task } from './machine.ts';
import type { Program } from './program.ts';
import { roomFor, StateTable } from './states.ts';
import { isUnstarted, placeAll, pointOf, type Run, runPlain, takeStep } from './stepping.ts';

/** What is wrong with a state, and how the execution ended if no task can move. */
export interface Findings {
  readonly reports: readonly Report[];
  readonly outcome: string | undefined;
}

/** More nodes than an automaton will have, so that a pair of them is one number. */
const NODES = 2 ** 26;

export class StateGraph<World = unknown> {
  readonly machine: Machine<World>;
  readonly automaton: Automaton;
  readonly table = new StateTable();
  /** Edges in the order they were found; those of one state are neighbours. */
  edgeTasks = new Int32Array(1 << 10);
  edgeTargets = new Int32Array(1 << 10);
  edges = 0;
  /** What went wrong on an edge. */
  readonly edgeReports = new Map<number, readonly Report[]>();
  /** Edges on which something was achieved. */
  readonly progress = new Set<number>();
  /** What went wrong before the first step. */
  readonly initialReports: readonly Report[];
  readonly initial: number;
  readonly #run: Run<Node>;
  #firstEdge = new Int32Array(1 << 8);
  #endOfEdges = new Int32Array(1 << 8);
  readonly #raceOf = new Map<number, Report | undefined>();

  constructor(program: Program<World>) {
    this.machine = new Machine(program);
    this.automaton = new Automaton(this.machine);
    this.#run = { machine: this.machine, stepper: this.automaton };
    placeAll(this.#run);
    this.initialReports = this.machine.reports.splice(0);
    this.initial = this.table.add(this.machine.save());
  }

  taskName(task: number): string {
    return (this.machine.tasks[task] as Task).name;
  }

  /** The edges of an expanded state are those from `first` up to, not including, `end`. */
  edgesOf(state: number): { first: number; end: number } {
    return { first: this.#firstEdge[state] as number, end: this.#endOfEdges[state] as number };
  }

  /** Finds the state's successors, and what is wrong with the state itself. Once for each state. */
  expand(state: number): Findings {
    const { machine } = this;
    const saved = this.table.words(state).slice();
    const first = this.edges;
    const tasks = machine.tasks.length;
    for (let task = 0; task < tasks; task++) this.#follow(task, saved);
    this.#firstEdge = roomFor(this.#firstEdge, state + 1);
    this.#endOfEdges = roomFor(this.#endOfEdges, state + 1);
    this.#firstEdge[state] = first;
    this.#endOfEdges[state] = this.edges;
    const nobodyMoves = this.edges === first;
    const standing = machine.tasks.map(({ index }) => this.#standing(index, saved));
    machine.restore(saved);
    const reports = [
      ...judge(machine, standing, nobodyMoves),
      ...races(machine, standing, (one, other) => this.#race(one, other)),
    ];
    return { reports, outcome: nobodyMoves ? machine.program.outcome?.(machine.world, machine.snapshot()) : undefined };
  }

  /** Adds the edge of one task's step, if the task can take one. */
  #follow(task: number, saved: Int32Array): void {
    const { machine, automaton } = this;
    machine.restore(saved);
    const position = automaton.at(task);
    if (!position || !(pointOf(position) || isUnstarted(position))) return;
    machine.progressed = false;
    const moved = takeStep(this.#run, task);
    const reports = machine.reports.splice(0);
    if (!moved) return;
    this.edgeTasks = roomFor(this.edgeTasks, this.edges + 1);
    this.edgeTargets = roomFor(this.edgeTargets, this.edges + 1);
    this.edgeTasks[this.edges] = task;
    this.edgeTargets[this.edges] = this.table.add(machine.save());
    if (machine.progressed) this.progress.add(this.edges);
    if (reports.length > 0) this.edgeReports.set(this.edges, reports);
    this.edges++;
  }

  #standing(task: number, saved: Int32Array): Node | undefined {
    const { machine, automaton } = this;
    machine.restore(saved);
    const position = automaton.at(task);
    if (!position || !isUnstarted(position)) return position;
    const beforePoint = runPlain(this.#run, task, position);
    machine.reports.length = 0;
    return beforePoint;
  }

  /** Whether two tasks race depends on where they stand alone, so each pair of nodes is compared once. */
  #race(one: Node, other: Node): Report | undefined {
    const key = one.id * NODES + other.id;
    if (!this.#raceOf.has(key)) this.#raceOf.set(key, compareSegments(this.machine, one, other));
    return this.#raceOf.get(key);
  }
}
